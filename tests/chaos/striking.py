"""Injects the planned faults, each written down when it begins and when it ends."""

from __future__ import annotations

import asyncio
import random
import signal
import sys
import time
from collections.abc import Awaitable, Callable, Mapping
from functools import partial

import psycopg
from sqlalchemy import make_url

from tests.chaos.gateway import DESKS, DOORS, SECOND, WATCH, Gateway
from tests.chaos.plan import Fault, PlannedFault
from tests.chaos.record import What
from tests.chaos.telephone import forge
from tests.chaos.world import World

KILLED = {
    Fault.KILL_DOORS: DOORS,
    Fault.KILL_DESKS: DESKS,
    Fault.KILL_WATCH: WATCH,
    Fault.KILL_SECOND_HOST: SECOND,
}
MOODS = (
    Fault.RELAY_REFUSES, Fault.RELAY_HANGS, Fault.RELAY_DROPS_TAKEN, Fault.RELAY_DROPS_LOST, Fault.RELAY_LATER,
    Fault.RELAY_NEVER,
)  # fmt: skip
ANSWERS = {
    Fault.PROVIDER_BUSY: "429", Fault.PROVIDER_BROKEN: "500", Fault.PROVIDER_SLOW: "timeout",
    Fault.PROVIDER_DROPS: "drop",
}  # fmt: skip
JUMPS = (90, 600, 3600, 3 * 3600)
LONGEST_HANG = 65.0
LOCK = """
import sqlite3, sys, time
connection = sqlite3.connect(sys.argv[1], timeout=20)
connection.execute("BEGIN EXCLUSIVE")
time.sleep(float(sys.argv[2]))
"""
Strike = Callable[[random.Random], Awaitable[None]]


class Striking:
    """One method a kind of fault; those that touch the store of everything strike one at a time."""

    def __init__(self, world: World, gateway: Gateway, *, storage: asyncio.Lock, long_hangs: bool) -> None:
        self._world, self._gateway, self._storage, self._long_hangs = world, gateway, storage, long_hangs
        self._strikes = self._every()

    async def strike(self, planned: PlannedFault) -> None:
        """Inject one fault and wait until it is over."""
        key = f"fault {planned.number}"
        self._world.record.write(What.BEGAN, way=planned.fault, key=key)
        try:
            await self._strikes[planned.fault](random.Random(planned.draw))
        finally:
            self._world.record.write(What.ENDED, way=planned.fault, key=key)

    def _every(self) -> Mapping[Fault, Strike]:
        strikes: dict[Fault, Strike] = {fault: partial(self._kill, name) for fault, name in KILLED.items()}
        strikes |= {mood: partial(self._mood, mood) for mood in MOODS}
        strikes |= {fault: partial(self._answer, answer) for fault, answer in ANSWERS.items()}
        return strikes | {
            Fault.HANG: self._hang, Fault.VANISH: self._vanish, Fault.DATABASE_LOCKED: self._locked,
            Fault.DATABASE_STOPPED: partial(self._database_away, "fast"),
            Fault.DATABASE_CRASHED: partial(self._database_away, "immediate"),
            Fault.PROVIDER_LISTS: self._lists, Fault.ANSWER_LOST: self._answer_lost, Fault.WEBHOOK_TWICE: self._twice,
            Fault.WEBHOOK_REVERSED: self._reversed, Fault.WEBHOOK_LATE: self._late, Fault.WEBHOOK_FORGED: self._forged,
            Fault.TEXTS_FAIL: self._texts_fail, Fault.RECORDING_LATE: self._recording_late,
            Fault.DISK_FULL: self._disk_full, Fault.POWER_CUT: self._power_cut,
            Fault.CLOCK_AHEAD: partial(self._clock, 1), Fault.CLOCK_BEHIND: partial(self._clock, -1),
        }  # fmt: skip

    async def _kill(self, name: str, chance: random.Random) -> None:
        self._gateway.parts[name].signal(signal.SIGKILL)

    async def _hang(self, chance: random.Random) -> None:
        part = self._gateway.parts[chance.choice(list(self._gateway.parts))]
        is_long = chance.random() < 0.05 and self._long_hangs
        if part.signal(signal.SIGSTOP):
            await asyncio.sleep(LONGEST_HANG if is_long else chance.uniform(0.5, 5))
            part.signal(signal.SIGCONT)

    async def _vanish(self, chance: random.Random) -> None:
        part = self._gateway.parts[SECOND]
        part.is_gone = True
        part.signal(signal.SIGKILL)

    async def _mood(self, mood: Fault, chance: random.Random) -> None:
        self._world.relay.mood = mood
        await asyncio.sleep(chance.uniform(0.5, 4))
        if self._world.relay.mood is mood:
            self._world.relay.mood = None

    async def _answer(self, answer: str, chance: random.Random) -> None:
        self._world.sim.faults.rest.extend([answer] * chance.randint(1, 3))

    async def _lists(self, chance: random.Random) -> None:
        self._world.sim.faults.list_errors += chance.randint(1, 3)

    async def _answer_lost(self, chance: random.Random) -> None:
        self._world.sim.faults.lose_responses += chance.randint(1, 3)

    async def _twice(self, chance: random.Random) -> None:
        await self._meanwhile("duplicate_callbacks", 2, chance)

    async def _reversed(self, chance: random.Random) -> None:
        await self._meanwhile("reverse_callbacks", True, chance)

    async def _late(self, chance: random.Random) -> None:
        await self._meanwhile("callback_delay", chance.uniform(1, 8), chance)

    async def _texts_fail(self, chance: random.Random) -> None:
        await self._meanwhile("failure_rate", 0.5, chance)

    async def _recording_late(self, chance: random.Random) -> None:
        await self._meanwhile("recording_delay", chance.uniform(1, 10), chance)

    async def _meanwhile(self, name: str, value: float, chance: random.Random) -> None:
        faults = self._world.sim.faults
        usual = type(faults)()
        setattr(faults, name, value)
        await asyncio.sleep(chance.uniform(1, 5))
        setattr(faults, name, getattr(usual, name))

    async def _forged(self, chance: random.Random) -> None:
        await forge(self._world, chance.getrandbits(128))

    async def _locked(self, chance: random.Random) -> None:
        async with self._storage:
            seconds = chance.uniform(1, 5)
            if self._gateway.cluster:
                await asyncio.to_thread(_lock_postgres, self._gateway.url, seconds)
                return
            path = str(make_url(self._gateway.url).database)
            holder = await asyncio.create_subprocess_exec(
                sys.executable, "-c", LOCK, path, str(seconds), stderr=asyncio.subprocess.DEVNULL
            )
            await holder.wait()

    async def _database_away(self, how: str, chance: random.Random) -> None:
        cluster = self._gateway.cluster
        if cluster is None:
            return
        async with self._storage:
            await asyncio.to_thread(cluster.stop, "fast" if how == "fast" else "immediate")
            await asyncio.sleep(chance.uniform(0.5, 6))
            await asyncio.to_thread(cluster.start)

    async def _disk_full(self, chance: random.Random) -> None:
        async with self._storage:
            await asyncio.to_thread(self._gateway.disk.fill)
            await asyncio.sleep(chance.uniform(1, 5))
            await asyncio.to_thread(self._gateway.disk.empty)
            if self._gateway.cluster:
                await asyncio.to_thread(self._gateway.cluster.start)

    async def _power_cut(self, chance: random.Random) -> None:
        async with self._storage:
            await self._gateway.cut_power()

    async def _clock(self, sign: int, chance: random.Random) -> None:
        clock = chance.choice(self._gateway.clocks)
        clock.set(sign * chance.choice(JUMPS))
        await asyncio.sleep(chance.uniform(3, 8))
        clock.set(0)


def made_well(world: World) -> None:
    """The world is well again: nothing that was set stays in force."""
    world.relay.mood = None
    usual = type(world.sim.faults)()
    for name in vars(usual):
        setattr(world.sim.faults, name, getattr(usual, name))


def _lock_postgres(url: str, seconds: float) -> None:
    try:
        with psycopg.connect(url, connect_timeout=5) as connection:
            connection.execute("SET lock_timeout = '10s'")
            connection.execute("LOCK TABLE ledger_head IN ACCESS EXCLUSIVE MODE")
            time.sleep(seconds)
    except psycopg.Error:
        return
