"""Several workers at the same few referrals at the same moment, in any order: never two at one, each loser is told.

``python -m tests.gateway.interleavings --count 10000`` runs as many as wanted on SQLite, or on ``--database URL``.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, field
from pathlib import Path
from threading import Barrier

from sqlmodel import Session, col, func, select

from gateway import leases
from gateway.core import Core, build_core
from gateway.deciding import Actor
from gateway.lapsing import Lapsing
from gateway.life_cycle import Action, Incomplete, NotAllowed
from gateway.settings import Settings
from storage import migrations, referral
from storage.audit import Audit
from storage.blobs import open_blobs
from storage.database import Database
from storage.referral import Referral, State
from storage.sealing import Seal
from storage.staff import Role
from tests.builders import a_referral
from tests.fakes import MovableClock

WORKERS = tuple(Actor(name=f"worker {n}", role=Role.SOCIAL_WORKER) for n in range(3))
MANAGER = Actor(name="manager", role=Role.MANAGER)
EVERYBODY = (*WORKERS, MANAGER)
MOVES = ("claim", "claim", "next", "next", "open", "look", "release", "lapse")


@dataclass(kw_only=True)
class Tally:
    """What came of them; ``collisions`` would be two at one referral."""

    interleavings: int = 0
    done: int = 0
    told: int = 0
    nothing_left: int = 0
    taken_over: int = 0
    lapsed: int = 0
    collisions: list[str] = field(default_factory=list)


class Interleavings:
    """One gateway and a few referrals, worked by all at once."""

    def __init__(self, core: Core, clock: MovableClock, references: Sequence[str], *, seed: int) -> None:
        self._core, self._clock, self._references = core, clock, references
        self._random, self.tally = random.Random(seed), Tally()
        self._lapsing = Lapsing(database=core.database, clock=clock, lease=core.deciding.lease)
        with core.database.reading() as session:
            self._seen = session.exec(select(func.max(Audit.id))).one() or 0

    def run(self, count: int) -> Tally:
        """That many, each of everybody doing one thing at the same moment."""
        with ThreadPoolExecutor(len(EVERYBODY)) as pool:
            for _ in range(count):
                self._clock.move(minutes=self._random.choice((0, 0, 1, 4, 9, 16)))
                before = self._in_force()
                barrier = Barrier(len(EVERYBODY))
                moves = [self._move(actor) for actor in EVERYBODY]
                waits = [pool.submit(self._at_once, barrier, move) for move in moves]
                for wait in waits:
                    wait.result()
                self._judge(before)
                self.tally.interleavings += 1
        return self.tally

    def _move(self, actor: Actor) -> Callable[[Session], object]:
        what, reference = self._random.choice(MOVES), self._random.choice(self._references)
        deciding, now = self._core.deciding, self._clock()
        if what == "next":
            return lambda session: deciding.next(session, actor)
        if what == "look":
            return lambda session: self._look(session, reference, actor)
        if what == "lapse":
            return lambda session: self._lapse(session, reference)
        asked = {"reason": "they are ill"} if actor.role == Role.MANAGER and what == "claim" and now.minute % 2 else {}
        return lambda session: deciding.act(session, reference, Action(what), actor, asked)

    def _at_once(self, barrier: Barrier, move: Callable[[Session], object]) -> None:
        barrier.wait()
        try:
            with self._core.database.transaction() as session:
                came = move(session)
        except (NotAllowed, Incomplete):
            self.tally.told += 1
            return
        if came is None:
            self.tally.nothing_left += 1
        else:
            self.tally.done += 1

    def _look(self, session: Session, reference: str, actor: Actor) -> bool:
        row = held(session, reference)
        if leases.renew(row, actor.name, self._clock(), self._core.deciding.lease):
            session.add(row)
        return True

    def _lapse(self, session: Session, reference: str) -> bool:
        self.tally.lapsed += self._lapsing.lapse(session, held(session, reference, lock=False).id or 0)
        return True

    def _in_force(self) -> dict[int, str | None]:
        with self._core.database.reading() as session:
            rows = [held(session, each, lock=False) for each in self._references]
            return {row.id or 0: leases.in_force(row, self._clock()) for row in rows}

    def _judge(self, holders: dict[int, str | None]) -> None:
        """History in the order in which each referral was held: nobody got what somebody else was at."""
        with self._core.database.reading() as session:
            query = select(Audit).where(col(Audit.id) > self._seen, col(Audit.referral_id).in_(holders))
            lines = list(session.exec(query.order_by(col(Audit.id))))
        for line in lines:
            holders[line.referral_id or 0] = self._after(line, holders[line.referral_id or 0])
            self._seen = max(self._seen, line.id or 0)
        now = self._in_force()
        self.tally.collisions += [f"{holders[each]} or {now[each]}" for each in now if now[each] != holders[each]]

    def _after(self, line: Audit, holder: str | None) -> str | None:
        """Who is at it after this line; a manager says why they take over, everybody else waits."""
        says_why = line.who == MANAGER.name and line.what.startswith("Taken over") and ":" in line.what
        self.tally.taken_over += says_why
        if holder not in (None, line.who) and not says_why:
            self.tally.collisions.append(f"{line.who} beside {holder}: {line.what}")
        return None if line.what.startswith("Released") else line.who


def held(session: Session, reference: str, *, lock: bool = True) -> Referral:
    """One of the referrals."""
    row = referral.by_reference(session, reference, lock=lock)
    if row is None:
        raise LookupError(reference)
    return row


async def some_referrals(core: Core, count: int = 3) -> list[str]:
    """In the queue, the first of them reopened."""
    rows = [await a_referral(core, f"Number {n}") for n in range(count)]
    with core.database.transaction() as session:
        session.get_one(Referral, rows[0].id).state = State.REOPENED
    return [row.reference for row in rows]


def main() -> None:
    """Run them, and say what came of them."""
    parser = argparse.ArgumentParser(description="Workers at the same referrals at the same moment.")
    parser.add_argument("--count", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--database", default="", help="its URL; SQLite in a folder of its own if not given")
    parser.add_argument("--json", action="store_true", help="the figures alone, for a program")
    asked = parser.parse_args()
    memory = Path("/dev/shm")
    with tempfile.TemporaryDirectory(dir=memory if memory.is_dir() else None) as folder:
        data, clock, seal = Path(folder), MovableClock(), Seal(b"k" * 32)
        database = Database(asked.database or f"sqlite:///{data / 'frontdoor.db'}")
        migrations.upgrade(database)
        values = Settings(data_dir=data, http="", smtp="", _env_file=None)
        blobs = open_blobs(f"file://{data / 'b'}", seal)
        core = build_core(values, clock=clock, seal=seal, database=database, blobs=blobs)
        began = time.monotonic()
        try:
            references = asyncio.run(some_referrals(core))
            tally = Interleavings(core, clock, references, seed=asked.seed).run(asked.count)
        finally:
            core.close()
    if asked.json:
        figures = {**asdict(tally), "collisions": len(tally.collisions)}
        sys.stdout.write(f"{json.dumps(figures)}\n")
        return
    sys.stdout.write(
        f"{tally.interleavings} interleavings in {time.monotonic() - began:.0f} s: {tally.done} done, "
        f"{tally.told} told that somebody else is at it, {tally.taken_over} taken over, {tally.lapsed} lapsed; "
        f"collisions: {len(tally.collisions)}\n"
    )
    sys.exit(bool(tally.collisions))


if __name__ == "__main__":
    main()
