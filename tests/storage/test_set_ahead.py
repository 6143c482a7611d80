"""Work written by a clock that was ahead is due when it would have been by a right one."""

from datetime import timedelta

from storage import work
from storage.database import Database
from storage.set_ahead import bring_back, set_ahead
from storage.work import Claim
from tests.fakes import MovableClock

LEASE = timedelta(seconds=60)


def claim(database: Database, clock: MovableClock) -> list[Claim]:
    with database.transaction() as session:
        return work.claim(session, "reading", owner="one", now=clock(), lease=LEASE, limit=10)


def brought_back(database: Database, clock: MovableClock) -> int:
    with database.transaction() as session:
        found = set_ahead(session, "reading", clock())
        bring_back(session, found, clock())
        return len(found)


def test_a_step_written_an_hour_ahead_is_due_at_once(database: Database, clock: MovableClock) -> None:
    ahead = clock() + timedelta(hours=1)
    with database.transaction() as session:
        work.enqueue(session, "reading", "read", "a", at=ahead)
    assert claim(database, clock) == []
    assert brought_back(database, clock) == 1
    assert [held.subject for held in claim(database, clock)] == ["a"]


def test_a_step_that_was_to_wait_waits_as_long_from_now(database: Database, clock: MovableClock) -> None:
    ahead = clock() + timedelta(hours=1)
    with database.transaction() as session:
        work.enqueue(session, "reading", "read", "a", at=ahead + timedelta(minutes=5), now=ahead)
    assert brought_back(database, clock) == 1
    clock.move(seconds=299)
    assert claim(database, clock) == []
    clock.move(seconds=1)
    assert len(claim(database, clock)) == 1


def test_what_a_right_clock_put_off_is_left_alone(database: Database, clock: MovableClock) -> None:
    with database.transaction() as session:
        work.enqueue(session, "reading", "read", "a", at=clock() + timedelta(hours=1), now=clock())
    assert brought_back(database, clock) == 0


def test_hosts_whose_clocks_differ_a_little_leave_each_other_in_peace(database: Database, clock: MovableClock) -> None:
    with database.transaction() as session:
        work.enqueue(session, "reading", "read", "a", at=clock() + timedelta(seconds=4))
    assert brought_back(database, clock) == 0


def test_a_claim_renewed_meanwhile_is_not_taken_away(database: Database, clock: MovableClock) -> None:
    clock.move(hours=1)
    with database.transaction() as session:
        work.enqueue(session, "reading", "read", "a", at=clock())
    (held,) = claim(database, clock)
    clock.move(hours=-1)
    with database.reading() as session:
        found = set_ahead(session, "reading", clock())
    assert [row.is_held for row in found] == [True]
    with database.transaction() as session:
        work.beat(session, held, now=clock(), lease=LEASE)
        bring_back(session, found, clock())
    assert brought_back(database, clock) == 0
    clock.move(seconds=59)
    assert claim(database, clock) == []
