"""Brings what was held while the database was away into it, in order of receipt."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence

from channels.contract import Receipt
from gateway.clock import Clock
from gateway.entering import INLINE_BYTES, Entering
from gateway.holding import Holding
from gateway.providing import Providing
from gateway.waiting import Waiting
from storage import keeping
from storage.away import is_away
from storage.blobs import Blobs
from storage.database import Database
from storage.sealing import SealBroken

AGAIN_SECONDS = (0.2, 0.5, 1.0, 2.0)
LOOK_SECONDS = 60.0
WRITING_SECONDS = 0.01
TRIES = 3
log = logging.getLogger(__name__)


class Draining:
    """One task while something is held; ``tend`` looks each minute for what ended processes left behind.

    ``bring_up`` brings the database up to date where the gateway started without it; it blocks. ``is_up`` is set once
    that has been done, and the desks wait for it.
    """

    def __init__(self, *, database: Database, blobs: Blobs, holding: Holding, entering: Entering, clock: Clock) -> None:
        self._database, self._blobs = database, blobs
        self._holding, self._entering = holding, entering
        self._bring_up: Callable[[], None] | None = None
        self._task: asyncio.Task[None] | None = None
        self._providing = Providing(database=database, holding=holding, entering=entering, clock=clock)
        self._turn = asyncio.Lock()
        self.is_up = asyncio.Event()
        self.is_up.set()

    def wait_for_database(self, bring_up: Callable[[], None]) -> None:
        """The gateway starts without its database: hold everything, and bring it up to date first when it comes."""
        self._bring_up = bring_up
        self.is_up.clear()
        self._holding.begin()

    def wake(self) -> None:
        """Something is held: see that it is drained."""
        if self._task is None or self._task.done() or self._task.get_loop() is not asyncio.get_running_loop():
            self._task = asyncio.create_task(self._until_drained())

    async def begin(self) -> None:
        """Before the doors open: what is held already is known, so that a repeat of it is seen as one."""
        await self._take_over()
        if self._holding.is_in_force:
            self.wake()

    async def tend(self) -> None:
        """Until cancelled."""
        while True:
            await self._take_over()
            if not self._holding.is_in_force:
                await self._providing.look_after()
            await asyncio.sleep(LOOK_SECONDS)

    async def close(self) -> None:
        """Stop; what is held stays on the disk."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def _take_over(self) -> None:
        try:
            async with self._turn:
                adopted = await asyncio.to_thread(self._holding.take_over)
        except (OSError, SealBroken, ValueError, KeyError) as error:
            log.error("what another process held cannot be taken over: %s", type(error).__name__)
            return
        if adopted:
            log.warning("%d messages were left in the spool by a process that ended", adopted)
            self._holding.begin()
            self.wake()

    async def _until_drained(self) -> None:
        tries = 0
        while self._holding.is_in_force:
            try:
                await self._drain()
            except Exception as error:
                if not is_away(error):
                    log.error("what is held cannot be brought into the database: %s", type(error).__name__)
                await asyncio.sleep(AGAIN_SECONDS[min(tries, len(AGAIN_SECONDS) - 1)])
                tries += 1
                continue
            tries = 0
            if self._holding.end_if_empty():
                await self._providing.look_after()
            else:
                await asyncio.sleep(WRITING_SECONDS)

    async def _drain(self) -> None:
        """Everything held, a group a commit; raises what the database raises."""
        if self._bring_up is not None and not self.is_up.is_set():
            await asyncio.to_thread(self._bring_up)
            self.is_up.set()
        if not self._holding.spool.count:
            await self._database.write(keeping.locked_head)
        while self._holding.spool.count:
            async with self._turn:
                try:
                    group = await asyncio.to_thread(self._holding.longest_waiting)
                except (SealBroken, ValueError, KeyError):
                    await asyncio.to_thread(self._holding.set_aside_oldest)
                else:
                    await self._enter(group)

    async def _enter(self, group: Sequence[Waiting]) -> None:
        """All of them in one commit or, if that is refused, each by itself; one that never can be is set aside."""
        try:
            await self._kept(group)
        except Exception as error:
            if is_away(error):
                raise
            log.error("%d held messages could not be kept together: %s", len(group), type(error).__name__)
        else:
            await asyncio.to_thread(self._holding.done, len(group))
            return
        for item in group:
            if await self._alone(item):
                await asyncio.to_thread(self._holding.done, 1)
            else:
                await asyncio.to_thread(self._holding.set_aside_oldest)

    async def _alone(self, item: Waiting) -> bool:
        for _ in range(TRIES):
            try:
                await self._kept([item])
            except Exception as error:
                if is_away(error):
                    raise
                log.error("a held message could not be kept: %s", type(error).__name__)
            else:
                return True
        return False

    async def _kept(self, group: Sequence[Waiting]) -> list[Receipt]:
        for item in group:
            if len(item.raw.body) > INLINE_BYTES and not item.in_file:
                item.in_file = await asyncio.to_thread(self._stored, item.raw.body)
        return await self._database.write(
            lambda session: self._entering.enter(session, group, keeping.locked_head(session))
        )

    def _stored(self, body: bytes) -> bool:
        """Whether the store of sealed files took it; otherwise the database keeps the body itself."""
        try:
            self._blobs.put(body)
        except OSError as error:
            log.warning("the store of sealed files took nothing: %s", type(error).__name__)
            return False
        return True
