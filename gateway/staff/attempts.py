"""Slows down whoever guesses passwords: so many failures per name and per sender, then a wait. Kept in memory only."""

from __future__ import annotations

from collections import deque
from datetime import datetime, timedelta

PER_NAME, PER_SENDER = 5, 30
WITHIN = timedelta(minutes=15)
MOST_KEYS = 10_000


class Attempts:
    """Failures of the last quarter of an hour; a right password clears its name."""

    def __init__(self) -> None:
        self._failures: dict[str, deque[datetime]] = {}

    def are_too_many(self, name: str, sender: str, *, now: datetime) -> bool:
        """Whether this name or this sender has to wait."""
        return self._count(f"name {name}", now) >= PER_NAME or self._count(f"from {sender}", now) >= PER_SENDER

    def failed(self, name: str, sender: str, *, now: datetime) -> None:
        """Remember one; the oldest keys go first when there are too many."""
        for key in (f"name {name}", f"from {sender}"):
            self._failures.setdefault(key, deque(maxlen=PER_SENDER)).append(now)
        while len(self._failures) > MOST_KEYS:
            self._failures.pop(next(iter(self._failures)))

    def succeeded(self, name: str) -> None:
        """Forget the slips before it."""
        self._failures.pop(f"name {name}", None)

    def _count(self, key: str, now: datetime) -> int:
        return sum(now - at < WITHIN for at in self._failures.get(key, ()))
