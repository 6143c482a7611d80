"""Small honest twins of what a test cannot have for real: a clock that can be moved."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

MONDAY_MORNING = datetime(2026, 11, 23, 10, 15, tzinfo=UTC)


class MovableClock:
    """Stands still until it is moved."""

    def __init__(self, at: datetime = MONDAY_MORNING) -> None:
        self.at = at

    def __call__(self) -> datetime:
        return self.at

    def move(self, **by: float) -> None:
        """Forward by ``timedelta`` arguments."""
        self.at += timedelta(**by)
