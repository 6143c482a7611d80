"""The loop under steps 2 to 4: claim, step, try again, put before a person."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import socket
import traceback
from collections.abc import Awaitable, Callable
from datetime import timedelta

from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import Session

from gateway.clock import Clock
from gateway.clock_put_right import ClockPutRight
from storage import work
from storage.columns import new_id
from storage.database import Database
from storage.work import Claim, LostClaim

log = logging.getLogger(__name__)
Step = Callable[[Claim], Awaitable[None]]
GiveUp = Callable[[Session, Claim, str], None]
BACK_OFF = (timedelta(seconds=2), timedelta(seconds=10), timedelta(minutes=1))


class Desk:
    """Works one queue. The claim commits before the step, so that a crash of this process is counted.

    ``step`` must call ``work.done`` (or ``again``) in the transaction that records its effect.
    ``give_up`` puts a row that failed for the last time before a person, in the transaction that buries it.
    """

    def __init__(
        self,
        queue: str,
        step: Step,
        give_up: GiveUp,
        *,
        database: Database,
        clock: Clock,
        slots: int = 8,
        lease: timedelta = timedelta(seconds=60),
        poll_seconds: float = 0.5,
        grace_seconds: float = 3.0,
    ) -> None:
        self.queue, self._step, self._give_up = queue, step, give_up
        self._database, self._clock, self._slots, self._lease = database, clock, slots, lease
        self._poll, self._grace = poll_seconds, grace_seconds
        self._owner = f"{socket.gethostname()}:{os.getpid()}:{new_id()[-8:]}"
        self._clock_put_right = ClockPutRight(queue, database=database, clock=clock)
        self._wake = asyncio.Event()
        self._running: set[asyncio.Task[None]] = set()

    def wake(self) -> None:
        """Something may be due: look now rather than at the next poll."""
        self._wake.set()

    async def run(self) -> None:
        """Until cancelled; then what is nearly done may end. A database that cannot be reached is waited for, aloud."""
        try:
            while True:
                self._wake.clear()
                try:
                    await self._clock_put_right.look()
                    found = await self._take()
                except SQLAlchemyError as error:
                    log.error("desk %s cannot reach its queue: %s", self.queue, type(error).__name__)
                    await asyncio.sleep(self._poll * 2)
                    continue
                if not found or len(self._running) >= self._slots:
                    await self._rest()
        finally:
            if self._running:
                await asyncio.wait(self._running, timeout=self._grace)
            for task in self._running:
                task.cancel()
            await asyncio.gather(*self._running, return_exceptions=True)

    async def drain(self, rounds: int = 100) -> int:
        """Work off everything due now, then stop; returns how many steps were run."""
        steps = 0
        for _ in range(rounds):
            if not (claims := await self._claim(self._slots)):
                return steps
            await asyncio.gather(*(self._work(held) for held in claims))
            steps += len(claims)
        return steps

    async def _rest(self) -> None:
        waits = [asyncio.create_task(self._wake.wait()), *self._running]
        full = len(self._running) >= self._slots
        await asyncio.wait(waits[1:] if full else waits, timeout=self._poll, return_when=asyncio.FIRST_COMPLETED)
        waits[0].cancel()

    async def _take(self) -> bool:
        free = self._slots - len(self._running)
        claims = await self._claim(free) if free else []
        for held in claims:
            task = asyncio.create_task(self._work(held))
            self._running.add(task)
            task.add_done_callback(self._running.discard)
        return bool(claims)

    async def _claim(self, limit: int) -> list[Claim]:
        now = self._clock()
        is_free = not self._database.is_sqlite  # there a claim of nothing would still wait for the one writer
        if not is_free and not await self._database.read(lambda s: work.oldest_due(s, self.queue, now)):
            return []
        return await self._database.write(
            lambda s: work.claim(s, self.queue, owner=self._owner, now=now, lease=self._lease, limit=limit)
        )

    async def _work(self, held: Claim) -> None:
        if held.attempts > held.max_attempts:
            await self._settle(held, "the worker died each time")
            return
        step = asyncio.create_task(self._guarded(held))
        beat = asyncio.create_task(self._beat(held, step))
        try:
            await step
        except asyncio.CancelledError:
            await self._hand_back(held)
            raise
        finally:
            step.cancel()
            beat.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await beat

    async def _guarded(self, held: Claim) -> None:
        try:
            await self._step(held)
        except LostClaim:
            log.warning("desk %s lost a %s to another worker", self.queue, held.kind)
        except Exception as error:
            log.error("desk %s: %s failed: %s\n%s", self.queue, held.kind, type(error).__name__, where(error))
            await self._settle(held, type(error).__name__)

    async def _settle(self, held: Claim, error: str) -> None:
        def settle(session: Session) -> None:
            if held.is_last_try:
                work.bury(session, held, error)
                self._give_up(session, held, error)
            else:
                delay = BACK_OFF[min(held.attempts, len(BACK_OFF)) - 1]
                work.again(session, held, at=self._clock() + delay, now=self._clock(), error=error)

        try:
            await self._database.write(settle)
        except LostClaim:
            log.warning("desk %s lost a %s to another worker", self.queue, held.kind)
        except Exception as failure:  # nobody awaits this: whatever it says would be written to the log
            log.error("desk %s could not settle a %s: %s", self.queue, held.kind, type(failure).__name__)

    async def _hand_back(self, held: Claim) -> None:
        """We are being stopped: the row is due at once, and this was no failure of it. Lost ones are not ours."""
        with contextlib.suppress(LostClaim, SQLAlchemyError):
            await self._database.write(lambda s: work.again(s, held, at=self._clock(), now=self._clock(), counts=False))

    async def _beat(self, held: Claim, step: asyncio.Task[None]) -> None:
        while True:
            await asyncio.sleep(self._lease.total_seconds() / 3)
            try:
                await self._database.write(lambda s: work.beat(s, held, now=self._clock(), lease=self._lease))
            except LostClaim:
                step.cancel()
                return
            except SQLAlchemyError as error:
                log.error("desk %s could not keep a claim: %s", self.queue, type(error).__name__)


def where(error: BaseException) -> str:
    """The frames of an error without its message, which may hold what somebody wrote."""
    return "".join(traceback.format_tb(error.__traceback__))
