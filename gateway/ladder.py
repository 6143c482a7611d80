"""Pure: the clock of every open item and the rungs of the escalation ladder it climbs (domain.md 2.9 and 2.10)."""

from __future__ import annotations

from datetime import datetime

from storage.referral import Referral


def start_clock(row: Referral, due_at: datetime, now: datetime) -> None:
    """A new clock: the next action is due at ``due_at``, the ladder stands at its foot again."""
    row.due_at, row.clock_from, row.ladder, row.rung_at = due_at, now, 0, due_at


def hasten(row: Referral, due_at: datetime) -> None:
    """The same clock runs out earlier; one that runs out earlier already is left as it is."""
    if due_at < row.due_at:
        row.due_at, row.rung_at = due_at, due_at
