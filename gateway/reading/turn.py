"""Lets one long message be open at a time, and keeps places at the desk free for short ones meanwhile."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

LONG_BYTES = 1024 * 1024
PLACES = 4


class NotYet(Exception):
    """Enough long messages wait already: this one comes again in a moment, and nothing is wrong with it."""


class Turn:
    """Of the long ones, of more than ``long_bytes``; ``places`` is how many may wait at once, with the one open."""

    def __init__(self, *, places: int = PLACES, long_bytes: int = LONG_BYTES) -> None:
        self._places, self._long_bytes, self._taken, self._one = places, long_bytes, 0, asyncio.Lock()

    @asynccontextmanager
    async def of(self, size: int) -> AsyncIterator[None]:
        """While a message of so many bytes is open; raises ``NotYet``."""
        if size <= self._long_bytes:
            yield
            return
        if self._taken >= self._places:
            raise NotYet
        self._taken += 1
        try:
            async with self._one:
                yield
        finally:
            self._taken -= 1
