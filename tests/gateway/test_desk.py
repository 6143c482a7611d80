"""The loop under the steps: every failure is counted, and the third puts the matter before a person."""

import asyncio
from datetime import timedelta

import pytest
from sqlmodel import Session, select

from gateway.desk import Desk
from storage import work
from storage.database import Database
from storage.work import Claim, Work
from tests.fakes import MovableClock

PRIVATE = " a private detail"


class Steps:
    """What a desk did: steps begun, rows given up."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.begun: list[str] = []
        self.given_up: list[tuple[str, str]] = []

    async def well(self, held: Claim) -> None:
        self.begun.append(held.subject)
        await self.database.write(lambda s: work.done(s, held))

    async def badly(self, held: Claim) -> None:
        self.begun.append(held.subject)
        raise LookupError(held.subject + PRIVATE)

    async def never(self, held: Claim) -> None:
        self.begun.append(held.subject)
        await asyncio.Event().wait()

    def give_up(self, session: Session, held: Claim, error: str) -> None:
        self.given_up.append((held.subject, error))


def due(database: Database, clock: MovableClock, *subjects: str) -> None:
    with database.transaction() as session:
        for subject in subjects:
            work.enqueue(session, "reading", "read", subject, at=clock())


def states(database: Database) -> list[str]:
    with database.reading() as session:
        return [row.state for row in session.exec(select(Work))]


async def test_due_work_is_done_once(database: Database, clock: MovableClock) -> None:
    due(database, clock, "a", "b", "c")
    steps = Steps(database)
    await Desk("reading", steps.well, steps.give_up, database=database, clock=clock).drain()
    assert sorted(steps.begun) == ["a", "b", "c"]
    assert states(database) == ["done"] * 3


async def test_three_failures_put_a_row_before_a_person(database: Database, clock: MovableClock) -> None:
    due(database, clock, "a")
    steps = Steps(database)
    desk = Desk("reading", steps.badly, steps.give_up, database=database, clock=clock)
    for _ in range(4):
        await desk.drain()
        clock.move(minutes=2)
    assert steps.begun == ["a"] * 3
    assert steps.given_up == [("a", "LookupError")]
    assert states(database) == ["dead"]


async def test_a_worker_that_dies_three_times_puts_the_row_before_a_person(
    database: Database, clock: MovableClock
) -> None:
    due(database, clock, "a")
    for _ in range(3):
        with database.transaction() as session:
            work.claim(session, "reading", owner="dead", now=clock(), lease=timedelta(seconds=60), limit=1)
        clock.move(seconds=61)
    steps = Steps(database)
    await Desk("reading", steps.well, steps.give_up, database=database, clock=clock).drain()
    assert steps.begun == []
    assert steps.given_up == [("a", "the worker died each time")]


async def test_a_failure_is_logged_without_the_words_of_the_error(
    database: Database, clock: MovableClock, caplog: pytest.LogCaptureFixture
) -> None:
    due(database, clock, "a")
    steps = Steps(database)
    await Desk("reading", steps.badly, steps.give_up, database=database, clock=clock).drain(rounds=1)
    with database.reading() as session:
        assert session.exec(select(Work)).one().last_error == "LookupError"
    assert "LookupError" in caplog.text
    assert "private detail" not in caplog.text


async def test_a_running_desk_takes_new_work_when_woken(database: Database, clock: MovableClock) -> None:
    steps = Steps(database)
    desk = Desk("reading", steps.well, steps.give_up, database=database, clock=clock, poll_seconds=30)
    running = asyncio.create_task(desk.run())
    await asyncio.sleep(0.1)
    due(database, clock, "a")
    desk.wake()
    for _ in range(100):
        if states(database) == ["done"]:
            break
        await asyncio.sleep(0.02)
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    assert states(database) == ["done"]


async def test_a_desk_that_is_stopped_gives_its_rows_to_the_next_after_the_lease(
    database: Database, clock: MovableClock
) -> None:
    due(database, clock, "a")
    steps = Steps(database)
    running = asyncio.create_task(Desk("reading", steps.never, steps.give_up, database=database, clock=clock).run())
    while not steps.begun:
        await asyncio.sleep(0.01)
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    clock.move(seconds=61)
    await Desk("reading", steps.well, steps.give_up, database=database, clock=clock).drain()
    assert states(database) == ["done"]


async def test_a_desk_that_is_stopped_finishes_what_is_nearly_done_and_gives_the_rest_back_uncounted(
    database: Database, clock: MovableClock
) -> None:
    due(database, clock, "short", "long")
    steps = Steps(database)

    async def step(held: Claim) -> None:
        steps.begun.append(held.subject)
        await asyncio.sleep(0.3 if held.subject == "short" else 60)
        await database.write(lambda s: work.done(s, held))

    desk = Desk("reading", step, steps.give_up, database=database, clock=clock, grace_seconds=2)
    running = asyncio.create_task(desk.run())
    while len(steps.begun) < 2:
        await asyncio.sleep(0.01)
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    with database.reading() as session:
        rows = {row.subject: row for row in session.exec(select(Work))}
    assert (rows["short"].state, rows["long"].state, rows["long"].attempts) == ("done", "open", 0)
    await Desk("reading", steps.well, steps.give_up, database=database, clock=clock).drain()
    assert states(database) == ["done", "done"]


async def test_what_goes_wrong_while_giving_up_is_logged_without_what_it_says(
    database: Database, clock: MovableClock, caplog: pytest.LogCaptureFixture
) -> None:
    steps = Steps(database)
    due(database, clock, "a")

    def fails(session: Session, held: Claim, error: str) -> None:
        raise ValueError("a bruise on his arm")

    desk = Desk("reading", steps.badly, fails, database=database, clock=clock)
    for _ in range(3):
        await desk.drain(rounds=1)
        clock.move(minutes=2)
    assert "could not settle a read: ValueError" in caplog.text
    assert "bruise" not in caplog.text
    assert states(database) == ["open"]
