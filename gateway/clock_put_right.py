"""A clock that was ahead and is put right leaves work due in the future behind: found, and made due in time."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from datetime import datetime

from gateway.clock import Clock
from storage.database import Database
from storage.set_ahead import SetAhead, bring_back, set_ahead

EVERY_SECONDS = 10.0
HOLDER_SECONDS = 45.0
"""A live holder renews its claim every 20 seconds: one not renewed for this long has nobody."""
log = logging.getLogger(__name__)


class ClockPutRight:
    """Looks at one queue now and then. ``seconds`` is a clock that nobody puts right: it only goes on."""

    def __init__(
        self, queue: str, *, database: Database, clock: Clock, seconds: Callable[[], float] = time.monotonic
    ) -> None:
        self._queue, self._database, self._clock, self._seconds = queue, database, clock, seconds
        self._next = 0.0
        self._held: dict[tuple[str, datetime], float] = {}

    async def look(self) -> int:
        """Bring back what was set ahead, at most every ten seconds; returns how many rows that were."""
        if self._seconds() < self._next:
            return 0
        self._next = self._seconds() + EVERY_SECONDS
        now = self._clock()
        found = await self._database.read(lambda s: set_ahead(s, self._queue, now))
        ripe = [row for row in found if not row.is_held or self._is_deserted(row)]
        held = {(row.id, row.set_at) for row in found if row.is_held}
        self._held = {key: since for key, since in self._held.items() if key in held}
        if ripe:
            await self._database.write(lambda s: bring_back(s, ripe, now))
            log.warning("a clock was ahead: %d of the %s desk's steps are due sooner now", len(ripe), self._queue)
        return len(ripe)

    def _is_deserted(self, row: SetAhead) -> bool:
        since = self._held.setdefault((row.id, row.set_at), self._seconds())
        return self._seconds() - since >= HOLDER_SECONDS
