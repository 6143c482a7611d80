"""Every rung of the escalation ladder that was climbed: when, and who was told."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import text
from sqlmodel import Field, Session, SQLModel, col, select
from sqlmodel.sql.expression import SelectOfScalar

from storage.columns import UtcDateTime, new_id
from storage.notice import Notice
from storage.referral import Referral


class Escalation(SQLModel, table=True):
    """One rung climbed by one referral. ``due_at`` is the time that was missed or is running out; ``told`` a role."""

    id: str = Field(default_factory=new_id, primary_key=True)
    referral_id: int = Field(index=True)
    rung: int
    name: str
    told: str
    at: datetime = Field(sa_type=UtcDateTime)
    due_at: datetime = Field(sa_type=UtcDateTime)
    notice_id: str | None = None


def of_referrals(session: Session, referral_ids: Sequence[int]) -> list[Escalation]:
    """The rungs some referrals climbed, oldest first."""
    query = select(Escalation).where(col(Escalation.referral_id).in_(referral_ids))
    return list(session.exec(query.order_by(col(Escalation.at), col(Escalation.rung))))


def open_tasks(session: Session, referral_id: int, *, but_for: str) -> list[Notice]:
    """The tasks that rungs of one referral gave to anybody else than this role, and that are still owed; locked."""
    query = _tasks(but_for).where(Escalation.referral_id == referral_id).order_by(col(Notice.id))
    return list(session.exec(query.with_for_update(of=Notice).execution_options(populate_existing=True)))


def tasks_overtaken(session: Session, *, but_for: str, limit: int) -> list[Notice]:
    """Those whose referral has a new clock or is closed, in any order; locked, and left to another host that has them.

    In an order of their ids SQLite would look at every notice there is, and hold up the writer as long.
    """
    query = _tasks(but_for).join(Referral, col(Referral.id) == col(Notice.referral_id))
    query = query.where((col(Referral.ladder) == 0) | (col(Referral.state) == "closed"))
    query = query.limit(limit).with_for_update(of=Notice, skip_locked=True)
    return list(session.exec(query.execution_options(populate_existing=True)))


def _tasks(but_for: str) -> SelectOfScalar[Notice]:
    """Of those still owed, by the index of what is owed."""
    same = (col(Escalation.referral_id) == col(Notice.referral_id)) & (col(Escalation.notice_id) == col(Notice.id))
    query = select(Notice).join(Escalation, same)
    return query.where(text("notice.state = 'owed'"), col(Escalation.told) != but_for)
