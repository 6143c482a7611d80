"""Lets only a few at a time wait for what is made of files, so that there is always a thread for everybody else."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from anyio import CapacityLimiter, to_thread

T = TypeVar("T")
PLACES = 4
"""Each may hold a whole file; fewer still are drawn at once."""


class FewAtATime:
    """Threads of its own: a file that takes long keeps those waiting who want such a thing too, and nobody else."""

    def __init__(self, places: int = PLACES) -> None:
        self._places = CapacityLimiter(places)

    async def make(self, make: Callable[[], T]) -> T:
        """What ``make`` returns or raises, once there is a place for it."""
        return await to_thread.run_sync(make, limiter=self._places)
