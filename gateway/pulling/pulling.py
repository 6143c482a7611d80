"""Keeps a connection to every mailbox others keep for us, one process at a time for each."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import secrets
from collections.abc import Coroutine, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from time import monotonic
from typing import Any

from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import Session

from channels.contract import NotKept
from channels.mailbox import CannotReach, Mailbox
from gateway.clock import Clock
from gateway.desk import where
from gateway.intake import Intake
from gateway.pulling.look import Looking
from storage import mailbox as mailboxes
from storage.database import Database

log = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True)
class Timing:
    """In seconds: a process has a mailbox for ``lease`` and renews that, others ask again each ``look_again``.

    ``first_wait`` doubles with each failure up to ``longest_wait``; a refusal, which more asking makes no better and
    may lock an account, begins at the latter. All that lies there is compared each ``whole_every``.
    """

    lease: float = 60.0
    renew: float = 20.0
    look_again: float = 10.0
    first_wait: float = 5.0
    longest_wait: float = 300.0
    whole_every: float = 300.0

    def wait(self, failures: int, error: BaseException) -> float:
        """How long after so many failures in a row."""
        grown = min(self.longest_wait, self.first_wait * 2.0 ** min(failures - 1, 16))
        if isinstance(error, CannotReach):
            return max(self.longest_wait if error.is_refused else grown, error.wait_seconds)
        return grown


class _LostTurn(Exception):
    """Another process has the mailbox now."""


class Pulling:
    """Nothing is deleted, marked or moved in a mailbox before it is kept here; what is kept is noted one by one."""

    def __init__(
        self, *, database: Database, intake: Intake, mailboxes: Sequence[Mailbox], clock: Clock,
        timing: Timing | None = None,
    ) -> None:  # fmt: skip
        self._database, self._clock, self._boxes = database, clock, mailboxes
        self._timing, self._holder = timing or Timing(), secrets.token_hex(8)
        self._looking = Looking(database=database, intake=intake, clock=clock)
        self._inside: set[str] = set()

    async def run(self) -> None:
        """Until cancelled."""
        tasks = [asyncio.create_task(self._tend(box)) for box in self._boxes]
        try:
            await asyncio.gather(*tasks)
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def recall(self, since: datetime | None = None) -> Mapping[str, int | None]:
        """How many mails of each mailbox we had missed; None where it cannot be reached or nothing can be kept.

        ``since`` takes also what was there before us, from that time on. Whoever else fetches need not wait.
        """
        return {box.label: await self._recalled(box, since) for box in self._boxes}

    async def _recalled(self, box: Mailbox, since: datetime | None) -> int | None:
        try:
            async with box.open() as there:
                looked = await self._looking.look(box, there, since=since)
        except Exception as error:  # the other mailboxes are asked all the same
            log.warning("%s could not be recalled: %s", box.label, _why(error))
            return None
        return None if looked.left else looked.new

    async def _tend(self, box: Mailbox) -> None:
        failures = 0
        while True:
            began = monotonic()
            try:
                if await self._has(box):
                    await self._while_ours(box)
                wait = self._timing.look_again
            except _LostTurn:
                wait = self._timing.look_again
            except Exception as error:  # one mailbox must not end the fetching from the others
                failures = 1 if monotonic() - began > self._timing.longest_wait else failures + 1
                log.warning("nothing can be fetched from %s: %s", box.label, _why(error))
                wait = self._timing.wait(failures, error)
                await self._note_trouble(box, error)
            await asyncio.sleep(wait)

    async def _while_ours(self, box: Mailbox) -> None:
        """Another process may have it as soon as we cannot fetch from it."""
        try:
            await self._one_of(self._fetch(box), self._renew(box))
        finally:
            self._inside.discard(box.name)
            with contextlib.suppress(SQLAlchemyError):
                await self._database.write(lambda s: mailboxes.let_go(s, box.name, holder=self._holder))

    async def _fetch(self, box: Mailbox) -> None:
        """What is there, then what comes, as long as the connection lasts."""
        async with box.open() as there:
            self._inside.add(box.name)
            row = await self._database.write(lambda s: mailboxes.known(s, box.name, self._clock()))
            mark, whole_at = row.mark if box.mark_lasts else "", monotonic()
            while True:
                if not box.mark_lasts and monotonic() - whole_at >= self._timing.whole_every:
                    mark, whole_at = "", monotonic()
                mark = (await self._looking.look(box, there, mark=mark)).mark
                await there.wait()

    async def _has(self, box: Mailbox) -> bool:
        """Whether it is ours to fetch from for a while; that it lets us in is written down with it."""
        lease = timedelta(seconds=self._timing.lease)

        def hold(session: Session) -> bool:
            now = self._clock()
            mailboxes.known(session, box.name, now)
            is_ours = mailboxes.hold(session, box.name, holder=self._holder, now=now, lease=lease)
            if is_ours and box.name in self._inside:
                mailboxes.answered(session, box.name, now)
            return is_ours

        return await self._database.write(hold)

    async def _renew(self, box: Mailbox) -> None:
        while True:
            await asyncio.sleep(self._timing.renew)
            if not await self._has(box):
                raise _LostTurn

    async def _note_trouble(self, box: Mailbox, error: Exception) -> None:
        if isinstance(error, CannotReach):
            with contextlib.suppress(SQLAlchemyError):
                await self._database.write(lambda s: mailboxes.away(s, box.name, self._clock(), error.why))

    async def _one_of(self, *steps: Coroutine[Any, Any, None]) -> None:
        """Until one of them ends; the others end with it."""
        tasks = [asyncio.create_task(step) for step in steps]
        try:
            done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                task.result()
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)


def _why(error: Exception) -> str:
    if isinstance(error, CannotReach):
        return error.why
    known = isinstance(error, NotKept | SQLAlchemyError)
    return type(error).__name__ if known else f"{type(error).__name__}\n{where(error)}"
