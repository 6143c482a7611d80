"""Times and codes as staff read them."""

from __future__ import annotations

from datetime import timedelta

import pytest

from channels.contract import AddressClass
from gateway import life_cycle
from gateway.staff import plain_words
from storage.notice import NoticeKind, NoticeState
from storage.referral import Kind, Severity, State
from storage.staff import Role
from tests.fakes import MONDAY_MORNING


@pytest.mark.parametrize(
    ("left", "said"),
    [
        (timedelta(minutes=1), "1 min left"),
        (timedelta(hours=2, minutes=10, seconds=59), "2 h 10 min left"),
        (timedelta(hours=3), "3 h left"),
        (timedelta(days=1, hours=4, minutes=30), "1 day 4 h left"),
        (timedelta(days=610, minutes=5), "610 days left"),
        (timedelta(seconds=59), "due now"),
        (timedelta(seconds=-59), "due now"),
        (timedelta(minutes=-5), "overdue by 5 min"),
        (timedelta(days=-2, hours=-1), "overdue by 2 days 1 h"),
    ],
)
def test_time_left_is_said_in_its_two_largest_parts(left: timedelta, said: str) -> None:
    assert plain_words.time_left(MONDAY_MORNING + left, MONDAY_MORNING) == said


def test_urgency_has_three_steps() -> None:
    steps = [timedelta(0), timedelta(minutes=1), timedelta(hours=2)]
    assert [plain_words.urgency(MONDAY_MORNING + s, MONDAY_MORNING) for s in steps] == ["overdue", "soon", "later"]


def test_every_code_has_plain_words() -> None:
    for codes, words in (
        (State, plain_words.STATES),
        (Severity, plain_words.RATINGS),
        (Kind, plain_words.KINDS),
        (Role, plain_words.ROLES),
        (NoticeState, plain_words.NOTICE_STATES),
        (AddressClass, plain_words.SENDERS),
        (life_cycle.DECISIONS, plain_words.DECISIONS),
    ):
        assert set(words) == {str(code) for code in codes}
    assert set(plain_words.NOTICES) == set(NoticeKind)


def test_sizes_and_places_are_said_shortly() -> None:
    assert [plain_words.size_of_file(n) for n in (None, 999, 12_345, 3_400_000)] == [
        "size not known yet", "999 bytes", "12 KB", "3.4 MB",
    ]  # fmt: skip
    assert [plain_words.playing_time(s) for s in (None, 0.9, 65.2)] == ["0:00", "0:00", "1:05"]
