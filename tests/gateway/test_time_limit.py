"""Four hours, or thirty minutes for a red referral, until another way is tried."""

from __future__ import annotations

from datetime import timedelta

from gateway.core import Core
from gateway.time_limit import limit_in_words, limit_of, shorten
from storage.notice import Notice
from tests.fakes import MONDAY_MORNING, MovableClock


def a_notice(core: Core, *, minutes: int | None, referral_id: int = 1) -> Notice:
    limit = None if minutes is None else MONDAY_MORNING + timedelta(minutes=minutes)
    row = Notice(
        referral_id=referral_id, kind="receipt", channel="sms", due_at=core.clock(), created_at=MONDAY_MORNING,
        limit_at=limit,
    )  # fmt: skip
    with core.database.transaction() as session:
        session.add(row)
    return row


def limits(core: Core, *rows: Notice) -> list[int | None]:
    with core.database.reading() as session:
        found = [session.get_one(Notice, row.id).limit_at for row in rows]
    return [None if at is None else int((at - MONDAY_MORNING).total_seconds() / 60) for at in found]


def test_the_limit_counts_from_when_it_was_written() -> None:
    assert limit_of(MONDAY_MORNING, is_red=False) - MONDAY_MORNING == timedelta(hours=4)
    assert limit_of(MONDAY_MORNING, is_red=True) - MONDAY_MORNING == timedelta(minutes=30)


def test_a_referral_that_becomes_red_shortens_its_own_limits_at_once_and_lengthens_none(
    core: Core, clock: MovableClock
) -> None:
    long, short, settled = (a_notice(core, minutes=minutes) for minutes in (240, 20, None))
    other = a_notice(core, minutes=240, referral_id=2)
    clock.move(hours=2)
    with core.database.transaction() as session:
        shorten(session, 1)
    assert limits(core, long, short, settled, other) == [30, 20, None, 240]


def test_a_reason_says_how_long_was_waited(core: Core) -> None:
    assert [limit_in_words(a_notice(core, minutes=minutes)) for minutes in (240, 30)] == ["4 hours", "30 minutes"]
