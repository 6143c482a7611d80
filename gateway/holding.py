"""Keeps what arrives in the spool while the database cannot be reached: one fsync for all that wait, nobody refused."""

from __future__ import annotations

import asyncio
import logging
import threading
from collections import deque
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from channels.contract import NotKept, Receipt
from gateway import reference
from gateway.held_record import Held, as_record, as_waiting, read_head
from gateway.remembered import Kept, Key, Remembered
from gateway.waiting import Waiting, receipt
from storage.reserve import Reserve
from storage.sealing import Seal
from storage.spool import Spool
from storage.spool_segments import Record

AT_ONCE = 200
BYTES_AT_ONCE = 16 * 1024 * 1024
log = logging.getLogger(__name__)


class Holding:
    """``is_in_force`` from the first failure until all that is held is in the database: order of receipt is kept.

    References come from ``reserve``; with none left one is drawn, which 35 million make unlikely to be anybody's.
    """

    def __init__(self, folder: Path, seal: Seal) -> None:
        self.spool, self.reserve = Spool(folder, seal), Reserve(seal)
        self.recent = Remembered()
        self.is_in_force = False
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="spool")  # its own: a store that hangs holds up others
        self._waiting: deque[Waiting] = deque()
        self._writing: asyncio.Task[None] | None = None
        self._lock = threading.Lock()
        self._held: deque[Held] = deque()
        self._events: dict[Key, Held] = {}
        self._talks: dict[str, str] = {}

    @property
    def is_empty(self) -> bool:
        """Nothing is held, and nothing is just being written."""
        return not self._waiting and not self.spool.count and (self._writing is None or self._writing.done())

    @property
    def oldest(self) -> Held | None:
        """What has waited longest."""
        return self._held[0] if self._held else None

    def put(self, item: Waiting) -> None:
        """Hold it; its future is answered once it is durable, or with ``NotKept``."""
        self._waiting.append(item)
        if self._writing is None or self._writing.done():
            self._writing = asyncio.get_running_loop().create_task(self._write_waiting())

    def begin(self) -> None:
        """From now on everything goes here."""
        if not self.is_in_force:
            log.error("the database cannot be reached: what arrives is held in the spool until it is back")
        self.is_in_force = True

    def end_if_empty(self) -> bool:
        """The database is back: go on there if nothing is held any more."""
        if self.is_in_force and self.is_empty:
            self.is_in_force = False
            log.warning("the database is back and nothing is held any more")
        return not self.is_in_force

    def take_over(self) -> int:
        """What processes that ended left behind; returns how many messages. Blocks; raises OSError."""
        torn = self.spool.torn
        adopted = self.spool.adopt(self.reserve.take_over)
        if self.spool.torn > torn:
            log.warning("%d records of the spool broke off while they were written", self.spool.torn - torn)
        if adopted:
            with self._lock:
                self._held = deque(read_head(head) for head in self.spool.heads())
                for held in self._held:
                    self._note(held)
        self.reserve.drop({held.told for held in self._held})
        if self.reserve.count:
            self.reserve.save(self.spool.folder)
        return adopted

    def longest_waiting(self) -> list[Waiting]:
        """The oldest messages, to be kept together; blocks; raises ``SealBroken`` if the first cannot be opened."""
        return [as_waiting(record) for record in self.spool.oldest(AT_ONCE, BYTES_AT_ONCE)]

    def done(self, count: int) -> None:
        """The oldest are in the database. Blocks; what was told is not to be drawn again, so that is saved first."""
        self.reserve.save(self.spool.folder)
        with self._lock:
            self._forget(count)
        self.spool.done(count)

    def set_aside_oldest(self) -> None:
        """The oldest cannot be opened or not be kept: a person is told of it. Blocks."""
        self.spool.set_aside_oldest()
        with self._lock:
            self._forget(1)

    def close(self) -> None:
        """Write what waits, then let another process take what is held."""
        self._thread.shutdown()
        self.spool.close()

    async def _write_waiting(self) -> None:
        while self._waiting:
            batch = [self._waiting.popleft() for _ in range(min(AT_ONCE, len(self._waiting)))]
            try:
                receipts = await asyncio.get_running_loop().run_in_executor(self._thread, self._hold, batch)
            except Exception as error:  # whatever it was, nobody may be left waiting for an answer
                log.error("%d messages could not be held: %s", len(batch), type(error).__name__)
                receipts = [None] * len(batch)
            for item, told in zip(batch, receipts, strict=True):
                if told is None:
                    item.refuse(NotKept("neither the database nor the spool kept it"))
                else:
                    item.settle(told)

    def _hold(self, batch: Sequence[Waiting]) -> list[Receipt | None]:
        """Durable when this returns; None for what cannot be written down."""
        with self._lock:
            for head in self.spool.news_of_others():
                other = read_head(head)
                self.recent.note(other.key, other.conversation, other.told, other.received_at)
            fresh: list[tuple[Held, Record]] = []
            try:
                receipts = [self._promised(item, fresh) for item in batch]
                self.spool.append([record for _, record in fresh])
            except Exception:
                for held, _ in fresh:
                    self._events.pop(held.key, None)
                self._talks.clear()
                for earlier in self._held:
                    self._note(earlier)
                raise
            self._held += (held for held, _ in fresh)
            return receipts

    def _promised(self, item: Waiting, fresh: list[tuple[Held, Record]]) -> Receipt | None:
        """The receipt of the first if it is a repeat, else one with a reference of its own or of its conversation."""
        if known := self._known(item.key):
            return receipt(known[0], known[1], repeated=True)
        talk = item.raw.conversation or ""
        earlier = self._talks.get(talk) or self.recent.talk(talk)
        told = item.bound(lambda: earlier or self.reserve.draw() or reference.draw())
        try:
            record = as_record(item)
        except (TypeError, ValueError):
            return None
        held = read_head(record.head)
        self._note(held)
        fresh.append((held, record))
        return receipt(told, item.received_at, repeated=False)

    def _known(self, key: Key) -> Kept | None:
        held = self._events.get(key)
        return (held.told, held.received_at) if held else self.recent.event(key)

    def _forget(self, count: int) -> None:
        for held in [self._held.popleft() for _ in range(min(count, len(self._held)))]:
            self.recent.note(held.key, held.conversation, held.told, held.received_at)
            self._events.pop(held.key, None)
        if not self._held:
            self._talks.clear()

    def _note(self, held: Held) -> None:
        self._events[held.key] = held
        if held.conversation:
            self._talks.setdefault(held.conversation, held.told)
