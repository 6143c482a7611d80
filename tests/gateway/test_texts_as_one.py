"""What somebody texted in pieces is read as one in the order they meant, and none of it is lost or given to another."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.texts_as_one import IN_ONE_GO, piece_of, runs
from storage.message import Message
from tests.fakes import MONDAY_MORNING

WHO = st.sampled_from(["a", "b", None])
CHANNEL = st.sampled_from(["sms", "sms", "email"])
TEXT = st.sampled_from(["(1/3) he", "(2/3) hit", "her (3/3)", "help", "", "(1/2) x"])


def a_text(number: int, text: str, *, who: str | None = "a", at: float = 0, channel: str = "sms") -> Message:
    when = MONDAY_MORNING + timedelta(seconds=at)
    return Message(
        id=str(number), reference=f"R{number}", channel=channel, source_key=str(number), media_type="",
        purpose="message", received_at=when, captured_at=when, sha256="", size=0, text=text, identity_id=who,
    )  # fmt: skip


def read(*messages: Message) -> list[list[str]]:
    return [[each.text for each in run] for run in runs(messages)]


@pytest.mark.parametrize(
    ("text", "piece"),
    [
        ("(1/3) He came home", (1, 3)), ("and hit her (2/3)", (2, 3)), ("[3/3] again.", (3, 3)),
        ("Part 2 of 3: x", (2, 3)), ("(2 of 2) x", (2, 2)), ("Half (1/2) of it was gone", None),
        ("1/2 the money", None), ("(4/3) x", None), ("(0/2) x", None), ("(1/1) x", None), ("", None),
        ("x\n(10/12)\n", (10, 12)),
    ],
)  # fmt: skip
def test_only_a_mark_at_either_end_says_which_piece_it_is(text: str, piece: tuple[int, int] | None) -> None:
    assert piece_of(text) == piece


def test_pieces_that_overtook_each_other_are_read_by_their_numbers() -> None:
    came = [a_text(1, "(2/3) hit", at=0), a_text(2, "(3/3) her", at=1), a_text(3, "(1/3) he", at=2)]
    assert read(*came) == [["(1/3) he", "(2/3) hit", "(3/3) her"]]


def test_what_is_not_numbered_keeps_its_place_between_pieces() -> None:
    came = [a_text(1, "(2/2) hit her", at=0), a_text(2, "quick", at=1), a_text(3, "(1/2) he", at=2)]
    assert read(*came) == [["(1/2) he", "quick", "(2/2) hit her"]]


def test_texts_in_one_go_are_one_and_a_later_one_is_another() -> None:
    late = 2 + IN_ONE_GO.total_seconds() + 1
    came = [a_text(1, "one", at=0), a_text(2, "two", at=2), a_text(3, "three", at=late)]
    assert read(*came) == [["one", "two"], ["three"]]


def test_nobody_elses_words_are_ever_put_among_theirs() -> None:
    came = [a_text(1, "(1/2) a", who="a"), a_text(2, "(2/2) b", who="b"), a_text(3, "(2/2) a", who="a")]
    assert read(*came) == [["(1/2) a", "(2/2) a"], ["(2/2) b"]]


@given(st.lists(st.tuples(TEXT, WHO, CHANNEL, st.integers(0, 400)), max_size=12))
def test_every_message_is_read_once_and_what_is_no_text_stands_alone(
    drawn: list[tuple[str, str | None, str, int]],
) -> None:
    at, came = 0, []
    for number, (text, who, channel, later) in enumerate(drawn):
        at += later
        came.append(a_text(number, text, who=who, at=at, channel=channel))
    read_as = runs(came)
    assert sorted(m.id for run in read_as for m in run) == sorted(m.id for m in came)
    for run in read_as:
        assert len(run) == 1 or {(m.channel, m.identity_id) for m in run} == {("sms", run[0].identity_id)}
        assert len(run) == 1 or run[0].identity_id is not None
