"""The queue of work: claims, leases and fencing tokens, on both databases."""

from datetime import timedelta
from threading import Barrier, Thread

import pytest
from sqlalchemy.exc import IntegrityError

from storage import work
from storage.database import Database
from storage.work import Claim, LostClaim
from tests.fakes import MovableClock

LEASE = timedelta(seconds=60)


def enqueue(database: Database, clock: MovableClock, *subjects: str, **given: object) -> None:
    with database.transaction() as session:
        for subject in subjects:
            work.enqueue(session, "reading", "read", subject, at=clock(), **given)  # type: ignore[arg-type]


def claim(database: Database, clock: MovableClock, owner: str = "one", limit: int = 10) -> list[Claim]:
    with database.transaction() as session:
        return work.claim(session, "reading", owner=owner, now=clock(), lease=LEASE, limit=limit)


def test_a_row_is_held_by_one_worker_until_its_lease_runs_out(database: Database, clock: MovableClock) -> None:
    enqueue(database, clock, "a")
    assert [held.subject for held in claim(database, clock)] == ["a"]
    assert claim(database, clock, "two") == []
    clock.move(seconds=61)
    assert [(held.subject, held.attempts) for held in claim(database, clock, "two")] == [("a", 2)]


def test_a_worker_that_comes_back_from_the_dead_cannot_record_its_effect(
    database: Database, clock: MovableClock
) -> None:
    enqueue(database, clock, "a")
    zombie = claim(database, clock)[0]
    clock.move(seconds=61)
    second = claim(database, clock, "two")[0]
    with pytest.raises(LostClaim), database.transaction() as session:
        work.done(session, zombie)
    with database.transaction() as session:
        work.done(session, second)


def test_a_beat_keeps_a_claim(database: Database, clock: MovableClock) -> None:
    enqueue(database, clock, "a")
    held = claim(database, clock)[0]
    clock.move(seconds=50)
    with database.transaction() as session:
        work.beat(session, held, now=clock(), lease=LEASE)
    clock.move(seconds=50)
    assert claim(database, clock, "two") == []


def test_work_of_the_future_waits_for_its_time(database: Database, clock: MovableClock) -> None:
    with database.transaction() as session:
        work.enqueue(session, "reading", "read", "later", at=clock() + timedelta(hours=1))
    assert claim(database, clock) == []
    clock.move(hours=1)
    assert len(claim(database, clock)) == 1


def test_work_of_a_transaction_that_failed_was_never_due(database: Database, clock: MovableClock) -> None:
    with pytest.raises(RuntimeError), database.transaction() as session:
        work.enqueue(session, "reading", "read", "a", at=clock())
        raise RuntimeError
    assert claim(database, clock) == []


def test_the_same_due_thing_is_not_owed_twice(database: Database, clock: MovableClock) -> None:
    enqueue(database, clock, "a", dedupe="read:a")
    with pytest.raises(IntegrityError):
        enqueue(database, clock, "a", dedupe="read:a")


def test_waiting_for_something_is_not_a_failed_attempt(database: Database, clock: MovableClock) -> None:
    enqueue(database, clock, "a")
    for _ in range(5):
        held = claim(database, clock)[0]
        with database.transaction() as session:
            work.again(session, held, at=clock(), now=clock(), counts=False)
    assert claim(database, clock)[0].attempts == 1


def test_a_limit_is_kept_and_the_longest_waiting_come_first(database: Database, clock: MovableClock) -> None:
    for name in "abcde":
        enqueue(database, clock, name)
        clock.move(seconds=1)
    assert [held.subject for held in claim(database, clock, limit=2)] in (["a", "b"], ["b", "a"])


def test_workers_that_claim_at_once_never_get_the_same_row(database: Database, clock: MovableClock) -> None:
    enqueue(database, clock, *map(str, range(60)))
    got: list[str] = []
    start = Barrier(4)

    def worker(name: str) -> None:
        start.wait()
        while claims := claim(database, clock, name, limit=3):
            got.extend(held.subject for held in claims)

    threads = [Thread(target=worker, args=(str(n),)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(got) == sorted(map(str, range(60)))


def test_the_age_of_the_oldest_due_row_is_known(database: Database, clock: MovableClock) -> None:
    enqueue(database, clock, "a")
    since = clock()
    clock.move(minutes=5)
    with database.reading() as session:
        assert work.oldest_due(session, "reading", clock()) == since


def test_thousands_of_rows_can_become_due_together(database: Database, clock: MovableClock) -> None:
    rows = [{"queue": "reading", "kind": "read", "subject": str(n), "visible_at": clock()} for n in range(7_000)]
    with database.transaction() as session:
        work.enqueue_many(session, rows)
    assert len(claim(database, clock, limit=10_000)) == 7_000
