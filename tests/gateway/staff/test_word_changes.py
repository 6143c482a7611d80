"""What changed between two versions: nothing that did is left out, nothing that did not is struck through."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as some

from gateway.staff.word_changes import Kind, changes, rested_on
from storage.transcript import Transcript

MADE = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
TEXTS = some.lists(some.sampled_from(["a", "b", "a b", "", "c a b"]), max_size=12).map("\n".join)


def kinds(before: str, after: str) -> list[tuple[str, str]]:
    return [(one.kind.value, one.words or str(one.lines)) for one in changes(before, after)]


def test_a_word_put_right_is_the_only_one_marked() -> None:
    assert kinds("The bqy has", "The boy has") == [
        ("same", "The "), ("gone", "bqy"), ("new", "boy"), ("same", " has"),
    ]  # fmt: skip


def test_lines_far_from_a_change_are_only_counted() -> None:
    before = "".join(f"line {number}\n" for number in range(9))
    assert kinds(before, before + "more\n") == [("skipped", "7"), ("same", "line 7\nline 8\n"), ("new", "more\n")]


def test_the_same_words_have_no_changes() -> None:
    assert kinds("as it was\n", "as it was\n") == [("skipped", "1")]


@settings(max_examples=40)
@given(TEXTS, TEXTS)
def test_without_what_is_gone_it_is_the_new_text_and_without_what_is_new_the_old(before: str, after: str) -> None:
    found = changes(before, after)
    for text, hidden in ((before, Kind.NEW), (after, Kind.GONE)):
        shown = "".join(one.words for one in found if one.kind is not hidden).split()
        assert re.search(".*".join(map(re.escape, shown)), text, re.DOTALL)
    left_out = sum(one.lines for one in found)
    assert len(after.splitlines()) >= left_out


def test_a_version_rests_on_the_one_that_was_shown_when_it_was_made() -> None:
    first, typed, again, corrected = (
        Transcript(attachment_id="p", version=number, made_at=MADE + timedelta(hours=number)) for number in range(1, 5)
    )
    typed.checked_at = typed.made_at
    versions = [first, typed, again, corrected]
    assert rested_on(versions, 4) is typed and rested_on(versions, 2) is first and rested_on(versions, 1) is None
    first.checked_at = MADE + timedelta(days=1)
    assert rested_on(versions, 2) is first
