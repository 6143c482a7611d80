"""A step that waits for a second person: what it would be, sealed, who asked for it and what became of it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum

from sqlalchemy import Column, Index, LargeBinary, and_, or_, text
from sqlmodel import Field, Session, SQLModel, col, select

from storage.columns import UtcDateTime, locked, new_id

PENDING = text("state = 'asked'")


class Answer(StrEnum):
    """What became of it; ``lapsed``: the referral changed before anybody answered."""

    ASKED = "asked"
    AGREED = "agreed"
    DISAGREED = "disagreed"
    WITHDRAWN = "withdrawn"
    LAPSED = "lapsed"


class Agreement(SQLModel, table=True):
    """One step of one worker, not taken until somebody else agrees.

    ``sealed`` are the values typed with the step; ``stood`` is a mark of the referral as it was then, so that nobody
    agrees to anything else. ``needs_manager``: else any second person may agree. ``notice_id`` is the task that stands
    for it in the queue. ``said`` is why somebody disagreed, or why it lapsed.
    """

    __table_args__ = (Index("agreement_pending", "due_at", sqlite_where=PENDING, postgresql_where=PENDING),)

    id: str = Field(default_factory=new_id, primary_key=True)
    referral_id: int = Field(index=True)
    action: str
    state: str = Answer.ASKED
    asked_by: str
    asked_role: str
    asked_at: datetime = Field(sa_type=UtcDateTime)
    due_at: datetime = Field(sa_type=UtcDateTime)
    needs_manager: bool
    stood: str
    sealed: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    notice_id: str = Field(default="", index=True)
    settled_by: str = ""
    settled_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    said: str = ""


def by_id(session: Session, agreement_id: str, *, lock: bool = False) -> Agreement | None:
    """One of them; ``lock`` holds it until the transaction ends."""
    query = select(Agreement).where(Agreement.id == agreement_id)
    return session.exec(locked(query) if lock else query).first()


def pending(session: Session, *, limit: int, after: tuple[datetime, str] | None = None) -> list[Agreement]:
    """Those that wait for somebody, the first due first; ``after`` is the time and the id of the last one known."""
    query = select(Agreement).where(PENDING)
    if after is not None:
        is_later = and_(col(Agreement.due_at) == after[0], col(Agreement.id) > after[1])
        query = query.where(col(Agreement.due_at) >= after[0], or_(col(Agreement.due_at) > after[0], is_later))
    return list(session.exec(query.order_by(col(Agreement.due_at), col(Agreement.id)).limit(limit)))


def pending_of(session: Session, referral_id: int, *, lock: bool = False) -> list[Agreement]:
    """Those of one referral that wait for somebody."""
    query = select(Agreement).where(PENDING, Agreement.referral_id == referral_id).order_by(col(Agreement.id))
    return list(session.exec(locked(query) if lock else query))


def latest_of(session: Session, referral_id: int) -> Agreement | None:
    """The one asked for last on this referral, whatever became of it."""
    query = select(Agreement).where(Agreement.referral_id == referral_id)
    return session.exec(query.order_by(col(Agreement.id).desc()).limit(1)).first()


def of_tasks(session: Session, notice_ids: Sequence[str]) -> dict[str, Agreement]:
    """Those that some tasks stand for, by the task's id."""
    query = select(Agreement).where(col(Agreement.notice_id).in_(notice_ids), col(Agreement.notice_id) != "")
    return {one.notice_id: one for one in session.exec(query)}
