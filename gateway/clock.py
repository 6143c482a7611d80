"""The one clock: an argument everywhere, so that a test can move time."""

from collections.abc import Callable
from datetime import UTC, datetime

Clock = Callable[[], datetime]


def now() -> datetime:
    """Aware UTC."""
    return datetime.now(UTC)
