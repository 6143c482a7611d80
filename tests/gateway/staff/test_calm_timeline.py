"""A long history stays calm: the machine's steps fold, texts read as a conversation, nothing is lost in the middle."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from gateway.staff.calm_timeline import FIRST, LAST, Stretch, calm
from gateway.staff.timeline import Entry
from gateway.view import HistoryView, MessageView, NoticeView

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


def at(minute: int) -> datetime:
    return NOON + timedelta(minutes=minute)


def wrote(channel: str, minute: int, **known: Any) -> Entry:
    fields: dict[str, Any] = {"id": f"{channel}{minute}", "channel": channel, "unreadable": None, "text": "words"}
    return Entry(at=at(minute), message=MessageView.model_construct(**fields | known))


def told(channel: str, minute: int, text: str = "We have it") -> Entry:
    fields: dict[str, Any] = {"id": str(minute), "channel": channel, "text": text}
    return Entry(at=at(minute), notice=NoticeView.model_construct(**fields))


def did(who: str, minute: int) -> Entry:
    return Entry(at=at(minute), line=HistoryView(at=at(minute), who=who, what="a step"))


def shapes(stretches: list[Stretch]) -> list[str]:
    """One word for each stretch, with how many it holds."""
    return [
        f"talk {len(s.talk)}" if s.talk else f"steps {len(s.steps)}" if s.steps
        else f"out {len(s.left_out)}" if s.left_out else "one"
        for s in stretches
    ]  # fmt: skip


def times(stretches: list[Stretch]) -> list[datetime]:
    found = []
    for s in stretches:
        found += [e.at for e in (*([s.entry] if s.entry else []), *s.talk, *s.left_out)] + [line.at for line in s.steps]
    return found


def test_three_steps_of_the_machine_fold_and_two_do_not() -> None:
    three = [wrote("email", 0), *(did("frontdoor", n) for n in (1, 2, 3)), did("sam", 4)]
    assert shapes(calm(three)) == ["one", "steps 3", "one"]
    assert shapes(calm([three[0], *three[2:]])) == ["one", "one", "one", "one"]


def test_what_people_did_never_folds() -> None:
    assert shapes(calm([did("sam", n) for n in range(9)])) == ["one"] * 9


def test_texts_in_and_out_are_one_conversation_and_the_machines_steps_stand_behind_it() -> None:
    entries = [wrote("sms", 0), did("frontdoor", 1), told("sms", 2), did("frontdoor", 3), wrote("sms", 4)]
    [talk, *steps] = calm(entries)
    assert [entry.at for entry in talk.talk] == [at(0), at(2), at(4)]
    assert [stretch.entry and stretch.entry.at for stretch in steps] == [at(1), at(3)]


def test_what_a_person_did_ends_a_conversation_so_that_the_order_holds() -> None:
    entries = [wrote("sms", 0), told("sms", 1), did("sam", 2), wrote("sms", 3), told("sms", 4)]
    assert shapes(calm(entries)) == ["talk 2", "one", "talk 2"]


def test_a_text_by_itself_one_with_files_and_one_that_could_not_be_read_stand_open() -> None:
    with_file = Entry(at=at(1), message=wrote("sms", 1).message, parts=["a picture"])  # type: ignore[list-item]
    assert shapes(calm([wrote("sms", 0)])) == ["one"]
    assert shapes(calm([wrote("sms", 0), with_file, wrote("sms", 2, unreadable="broken")])) == ["one"] * 3


def test_the_middle_of_a_long_one_is_left_out_and_counted_until_it_is_asked_for() -> None:
    entries = [wrote("email" if n % 2 else "letter", n) for n in range(100)]
    cut = calm(entries)
    [gap] = [stretch for stretch in cut if stretch.left_out]
    assert len(cut) == FIRST + LAST + 1 and len(gap.messages_left_out) == 100 - FIRST - LAST
    assert times(cut) == [entry.at for entry in entries]
    assert shapes(calm(entries, shows_all=True)) == ["one"] * 100
    assert shapes(calm(entries[: FIRST + LAST + 1])) == ["one"] * (FIRST + LAST + 1)


def test_the_newest_first_turns_the_order_but_not_a_conversation() -> None:
    entries = [wrote("sms", 0), told("sms", 1), did("sam", 2), wrote("email", 3)]
    turned = calm(entries, newest_first=True)
    assert times(turned) == [at(3), at(2), at(0), at(1)]


KINDS = st.sampled_from(["text", "notice", "mail", "machine", "person"])


@given(st.lists(KINDS, max_size=90), st.booleans(), st.booleans())
def test_nothing_is_lost_and_nothing_stands_twice(kinds: list[str], newest: bool, everything: bool) -> None:
    made = {
        "text": lambda n: wrote("sms", n), "notice": lambda n: told("sms", n), "mail": lambda n: wrote("email", n),
        "machine": lambda n: did("frontdoor", n), "person": lambda n: did("sam", n),
    }  # fmt: skip
    entries = [made[kind](n) for n, kind in enumerate(kinds)]
    assert sorted(times(calm(entries, newest_first=newest, shows_all=everything))) == [e.at for e in entries]
