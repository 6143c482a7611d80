"""Step 1, accept: keep the raw message once, give it a reference; only then may anybody say "received"."""

from __future__ import annotations

import asyncio
import logging
import threading
from collections import deque
from pathlib import Path

from sqlmodel import Session

from channels.contract import NoRoom, NotKept, RawMessage, Receipt
from gateway.clock import Clock
from gateway.draining import Draining
from gateway.entering import INLINE_BYTES, Entering
from gateway.holding import Holding
from gateway.waiting import Waiting
from storage import disk, keeping
from storage.away import is_away
from storage.blobs import Blobs
from storage.database import Database
from storage.sealing import Seal

AT_ONCE = 200
PATIENCE_SECONDS = 2.0  # a voice webhook answers within 3: what the database has not kept by then is held in the spool
STORE_SECONDS = 5.0
SPOOL = "spool"
log = logging.getLogger(__name__)


class Intake:
    """Commits in groups: accepts that arrive while one commit is under way share the next one and its fsync.

    While the database cannot be reached, all is held in the spool of ``folder`` instead, and drained from there; so is
    what it has not kept after ``patience_seconds``.
    """

    def __init__(self, *, database: Database, blobs: Blobs, seal: Seal, clock: Clock, folder: Path) -> None:
        self._database, self._blobs, self._clock, self._folder = database, blobs, clock, folder
        self._entering, self.patience_seconds = Entering(seal), PATIENCE_SECONDS
        self.holding = Holding(folder / SPOOL, seal)
        self.draining = Draining(
            database=database, blobs=blobs, holding=self.holding, entering=self._entering, clock=clock
        )
        self._waiting: deque[Waiting] = deque()
        self._taking = threading.Lock()
        self._committing: asyncio.Task[None] | None = None

    async def accept(self, raw: RawMessage, *, told: str | None = None) -> Receipt:
        """Keep it durably. A repeat gets the receipt of the first. Raises ``NotKept``; survives its caller.

        ``told`` is a reference that was set aside for it, which its sender may have been told already.
        """
        if not disk.has_room(self._folder, len(raw.body)):
            raise NoRoom("the disk is nearly full")
        loop = asyncio.get_running_loop()
        item = Waiting.of(raw, self._clock(), told=told)
        item.future = loop.create_future()
        if len(raw.body) > INLINE_BYTES and not self.holding.is_in_force:
            item.in_file = await self._stored(raw.body)
        if self.holding.is_in_force:
            self._hold(item)
        else:
            self._waiting.append(item)
            if self._committing is None or self._committing.done():
                self._committing = loop.create_task(self._commit_waiting())
        return await asyncio.shield(item.future)

    async def _stored(self, body: bytes) -> bool:
        """Whether the store of sealed files took it; otherwise the body is kept with its row."""
        putting = asyncio.get_running_loop().run_in_executor(None, self._blobs.put, body)
        done, _ = await asyncio.wait({putting}, timeout=STORE_SECONDS)
        error = putting.exception() if done else TimeoutError()
        if error is None:
            return True
        if not isinstance(error, OSError):
            raise NotKept(type(error).__name__) from error
        log.warning("the store of sealed files took nothing: %s", type(error).__name__)
        putting.add_done_callback(lambda late: late.cancelled() or late.exception())
        return False

    async def _commit_waiting(self) -> None:
        while self._waiting:
            group: list[Waiting] = []
            if await self._commit(group):
                continue
            for item in group if len(group) > 1 else ():
                await self._commit([item])
            for item in group or self._taken():
                if not item.is_held:
                    item.refuse(NotKept("the database did not keep it"))

    async def _commit(self, group: list[Waiting]) -> bool:
        """Whether they are settled: kept or, because the database is away or too slow, handed to the spool."""
        patience = asyncio.get_running_loop().call_later(self.patience_seconds, self._hold_all, group)
        try:
            receipts = await self._database.write(lambda session: self._keep(session, group))
        except Exception as error:  # whatever it was, nobody may be left waiting for an answer
            log.error("intake could not commit %d messages: %s", len(group), type(error).__name__)
            if is_away(error):
                self._hold_all(group)
            return is_away(error)
        finally:
            patience.cancel()
        for item, receipt in zip(group, receipts, strict=True):
            self.holding.recent.note(item.key, item.raw.conversation, receipt.reference, receipt.received_at)
            item.settle(receipt)
        return True

    def _hold_all(self, group: list[Waiting]) -> None:
        """The group whose commit failed or takes too long, then all that wait behind it."""
        self.holding.begin()
        self._committing = None  # it may hang for long: when the database is back, others do not wait for it
        with self._taking:
            items = [*group, *self._waiting]
            self._waiting.clear()
        for item in items:
            self._hold(item)

    def _hold(self, item: Waiting) -> None:
        if not item.is_held:
            item.is_held = True
            self.holding.put(item)
        self.draining.wake()

    def _taken(self) -> list[Waiting]:
        """The next ones to be committed together; in the writer thread, while others are being added."""
        return [self._waiting.popleft() for _ in range(min(AT_ONCE, len(self._waiting)))]

    def _keep(self, session: Session, group: list[Waiting]) -> list[Receipt]:
        """One transaction for the group or, if it is empty, for whatever waits once the ledger's head is ours."""
        head = keeping.locked_head(session)
        with self._taking:
            group[:] = group or self._taken()
        return self._entering.enter(session, group, head)
