"""A desk finds by itself what a clock that was ahead has left behind."""

from __future__ import annotations

import asyncio
from datetime import timedelta

from gateway.clock_put_right import HOLDER_SECONDS, ClockPutRight
from gateway.desk import Desk
from storage import work
from storage.database import Database
from storage.work import Claim
from tests.fakes import MovableClock


async def test_a_desk_does_what_a_clock_ahead_had_put_off(database: Database, clock: MovableClock) -> None:
    with database.transaction() as session:
        work.enqueue(session, "reading", "read", "a", at=clock() + timedelta(hours=3))
    done = asyncio.Event()

    async def step(held: Claim) -> None:
        await database.write(lambda s: work.done(s, held))
        done.set()

    running = asyncio.create_task(Desk("reading", step, lambda *_: None, database=database, clock=clock).run())
    await asyncio.wait_for(done.wait(), 10)
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)


async def test_a_claim_of_a_clock_ahead_is_taken_back_only_when_nobody_renews_it(
    database: Database, clock: MovableClock
) -> None:
    with database.transaction() as session:
        work.enqueue(session, "reading", "read", "a", at=clock())
    clock.move(hours=1)
    with database.transaction() as session:
        work.claim(session, "reading", owner="dead", now=clock(), lease=timedelta(seconds=60), limit=1)
    clock.move(hours=-1)
    elapsed = [0.0]
    put_right = ClockPutRight("reading", database=database, clock=clock, seconds=lambda: elapsed[0])
    assert await put_right.look() == 0
    elapsed[0] += HOLDER_SECONDS - 1
    assert await put_right.look() == 0
    elapsed[0] += 11
    assert await put_right.look() == 1


async def test_what_a_clock_ahead_gave_back_for_later_is_due_in_time_too(
    database: Database, clock: MovableClock
) -> None:
    with database.transaction() as session:
        work.enqueue(session, "notifying", "send", "a", at=clock())
        (held,) = work.claim(session, "notifying", owner="one", now=clock(), lease=timedelta(seconds=60), limit=1)
    ahead = clock() + timedelta(hours=1)
    with database.transaction() as session:
        work.again(session, held, at=ahead + timedelta(seconds=30), now=ahead)
    assert await ClockPutRight("notifying", database=database, clock=clock).look() == 1
    with database.reading() as session:
        assert work.next_due(session, "notifying") == clock() + timedelta(seconds=30)
