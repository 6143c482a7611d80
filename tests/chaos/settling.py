"""The time after the faults: wait until everything accepted is there, read and told, and nothing went back."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import suppress

from sqlalchemy.exc import SQLAlchemyError

from tests.chaos.gateway import Gateway
from tests.chaos.kept import Asking
from tests.chaos.record import Record, What
from tests.chaos.story import SentMessage, messages_of
from tests.chaos.world import World

RANK = {"owed": 0, "sent": 1, "failed": 2, "delivered": 3, "cancelled": 4}
SAMPLED_EVERY = 1.0
HURRY_EVERY, HURRY_BY = 2.0, 50
"""Seconds; a jump is shorter than a lease, so that a step begun at that very moment keeps what it holds."""


async def hurry(gateway: Gateway, asking: Asking) -> None:
    """Until cancelled, let the hosts' clocks run ahead, so that nobody sits out a pause between two tries.

    Not while a living process has a step in hand: to it, its lease would be over before it is done.
    """
    ahead = 0
    while True:
        await asyncio.sleep(HURRY_EVERY)
        with suppress(SQLAlchemyError):
            if gateway.numbers() & await asyncio.to_thread(asking.holders):
                continue
            ahead += HURRY_BY
            for clock in gateway.clocks:
                clock.set(ahead)


async def settled(asking: Asking, world: World, gateway: Gateway, seconds: float, say: Callable[[str], None]) -> str:
    """Wait until everything accepted is there, read, and told; what is left when the time is over, else nothing."""
    await gateway.ready()
    await world.sim.settle()
    await gateway.recall()
    left, accepted = "nothing was asked", [m for m in messages_of(world.record.lines).values() if m.is_taken]
    give_up = time.monotonic() + seconds
    while time.monotonic() < give_up:
        with suppress(SQLAlchemyError):
            left = await asyncio.to_thread(_left, asking, accepted)
            left = left or await _held(gateway)
            say(f"left: {left}" if left else "nothing is owed")
            if not left:
                return ""
        await asyncio.sleep(1)
    return left


async def _held(gateway: Gateway) -> str:
    count = await gateway.spooled()
    return f"{count} held on the disk" if count else ""


def _left(asking: Asking, accepted: Sequence[SentMessage]) -> str:
    known = asking.keys()
    missing = sum(1 for message in accepted if message.keys - known)
    unread, owed = asking.left()
    left = Counter({"missing": missing, "unread": unread, "owed": owed})
    return ", ".join(f"{count} {name}" for name, count in left.items() if count)


async def sampled(asking: Asking, record: Record, storage: asyncio.Lock) -> None:
    """Look at every notice once a second: none may ever be seen in a lower state than before."""
    seen: dict[str, str] = {}
    while True:
        with suppress(SQLAlchemyError):
            async with storage:
                states = await asyncio.to_thread(asking.states)
            for notice, state in states.items():
                before = seen.get(notice, "owed")
                if RANK[state] < RANK[before]:
                    record.write(What.BACKWARDS, key=notice, words=f"{before} to {state}")
            seen |= states
        await asyncio.sleep(SAMPLED_EVERY)
