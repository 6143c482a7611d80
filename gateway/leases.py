"""Who is at a referral now: taken for a while, kept by every step and look of theirs, never by two at once."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import ColumnElement, TextClause, and_, exists, text
from sqlmodel import Session, col, or_, select

from storage.notice import Notice, NoticeKind
from storage.referral import Referral, State
from storage.staff import Role

if TYPE_CHECKING:
    from gateway.guards import Actor

WRITTEN_ONCE_IN = timedelta(minutes=1)
IN_ORDER = (col(Referral.ladder).desc(), col(Referral.due_at), col(Referral.id))
FEW = 200
"""Where more tasks are owed the queue is walked to the first: an offset keeps PostgreSQL from looking all up."""
NOT_OPENED = frozenset({State.RECEIVED, State.REOPENED})


def in_force(row: Referral, now: datetime) -> str | None:
    """The name of whoever is at it now."""
    is_held = row.held_by is not None and row.held_until is not None and row.held_until > now
    return row.held_by if is_held else None


def is_free_for(row: Referral, name: str, now: datetime) -> bool:
    """Nobody else is at it."""
    return in_force(row, now) in (None, name)


def take(row: Referral, name: str, now: datetime, length: timedelta) -> None:
    """They are at it from now on, for ``length`` after the last they do or look; whoever was at it no longer is."""
    if in_force(row, now) != name:
        row.held_since = now
    row.held_by, row.held_seen_at, row.held_until = name, now, now + length


def is_due(row: Referral, name: str, now: datetime) -> bool:
    """Whether a look of theirs is to be written down: they are at it, and it was not written within the minute."""
    seen_at = row.held_seen_at
    return in_force(row, now) == name and seen_at is not None and now - seen_at >= WRITTEN_ONCE_IN


def renew(row: Referral, name: str, now: datetime, length: timedelta) -> bool:
    """They looked at it: kept for ``length`` more. False where that changes nothing, and nothing need be written."""
    if not is_due(row, name, now):
        return False
    take(row, name, now, length)
    return True


def release(row: Referral) -> None:
    """Nobody is at it."""
    row.held_by = row.held_since = row.held_seen_at = row.held_until = None


def next_for(session: Session, actor: Actor, now: datetime) -> Referral | None:
    """The first of the queue that nobody is at and nobody else has, held until the transaction ends; None if none is.

    A call taker is given what has a task that anybody may do: the steps are for social workers. What waits for an
    answer is nobody's next until the answer or its time comes. Two who ask at once are never given the same: on
    PostgreSQL a row that another transaction holds is passed over, on SQLite there is one writer at a time.
    """
    free = (
        text("referral.state <> 'closed'"),
        col(Referral.state) != State.AWAITING_INFORMATION,
        or_(col(Referral.held_until).is_(None), col(Referral.held_until) <= now),
        or_(col(Referral.owner).is_(None), col(Referral.owner) == actor.name, _lapsed_unopened(now)),
    )
    if actor.role != Role.CALL_TAKER:
        return _first(session, *free)
    tasks = select(Notice.id).where(
        text("notice.state = 'owed' AND notice.channel = 'staff'"), col(Notice.kind) == NoticeKind.STAFF_TASK,
        col(Notice.for_role).is_(None),
    )  # fmt: skip
    are_few = len(session.exec(tasks.limit(FEW)).all()) < FEW
    its_own = tasks.where(col(Notice.referral_id) == col(Referral.id)).correlate(Referral)
    return _first(session, *free, exists(its_own if are_few else its_own.offset(0)))


def _first(session: Session, *conditions: ColumnElement[bool] | TextClause) -> Referral | None:
    """Of the queue what all of this holds of, locked, unless somebody else has it locked."""
    query = select(Referral).where(*conditions).order_by(*IN_ORDER).limit(1)
    held = query.with_for_update(of=Referral, skip_locked=True).execution_options(populate_existing=True)
    return session.exec(held).first()


def _lapsed_unopened(now: datetime) -> ColumnElement[bool]:
    """Claimed, not opened, and let lie: free before the watch has said so."""
    return and_(col(Referral.held_until) <= now, col(Referral.state).in_(NOT_OPENED))
