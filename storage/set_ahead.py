"""Work whose times were written by a clock that was ahead: brought back to when it would be due by a right one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import update
from sqlmodel import Session, col, select, text

from storage.work import Work

SKEW = timedelta(seconds=5)
"""How far the clocks of two hosts may differ without anybody's fault."""
AT_ONCE = 500


@dataclass(frozen=True, kw_only=True)
class SetAhead:
    """A row that was written in the future. ``is_held``: somebody may be at work on it and renew it in a moment."""

    id: str
    visible_at: datetime
    set_at: datetime
    is_held: bool


def set_ahead(session: Session, queue: str, now: datetime) -> list[SetAhead]:
    """The rows of a queue that are not due yet, by a clock that was ahead of ``now``."""
    query = select(Work).where(Work.queue == queue, text("state = 'open'"), col(Work.visible_at) > now)
    rows = session.exec(query.where(col(Work.set_at) > now + SKEW).limit(AT_ONCE))
    return [
        SetAhead(id=row.id, visible_at=row.visible_at, set_at=row.set_at, is_held=row.owner is not None)
        for row in rows
        if row.set_at is not None
    ]


def bring_back(session: Session, rows: Sequence[SetAhead], now: datetime) -> None:
    """Each waits as long from ``now`` as it was to wait from when it was written; one renewed meanwhile is left."""
    for row in rows:
        due = now + (row.visible_at - row.set_at)
        untouched = (col(Work.id) == row.id, col(Work.set_at) == row.set_at, text("state = 'open'"))
        session.execute(update(Work).where(*untouched).values(visible_at=due, set_at=now))
