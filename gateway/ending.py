"""Tells answers that stay open that the gateway is closing, so that nothing waits for them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager


class Ending:
    """Begins once; whoever is told before it and after it is told alike."""

    def __init__(self) -> None:
        self.has_begun = False
        self._told: list[Callable[[], None]] = []

    @contextmanager
    def told(self, tell: Callable[[], None]) -> Iterator[None]:
        """``tell`` is called in the event loop, at once where the end has begun, while the block lasts."""
        self._told.append(tell)
        if self.has_begun:
            tell()
        try:
            yield
        finally:
            self._told.remove(tell)

    def begin(self) -> None:
        """Tell everybody; called in the event loop."""
        self.has_begun = True
        for tell in tuple(self._told):
            tell()
