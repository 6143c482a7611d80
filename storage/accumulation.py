"""That several low reports came together about one cluster: each report counts towards one such task only."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlmodel import Field, Session, SQLModel, col, select

from storage.columns import UtcDateTime
from storage.notice import Notice, NoticeState


class Accumulated(SQLModel, table=True):
    """One report that was counted, and the task (a notice of kind staff_task) it was counted for."""

    referral_id: int = Field(primary_key=True)
    notice_id: str = Field(index=True)
    at: datetime = Field(sa_type=UtcDateTime)


def counted(session: Session, referral_ids: Collection[int]) -> dict[int, str]:
    """Those of the referrals that were counted, and for which task."""
    rows = session.exec(select(Accumulated).where(col(Accumulated.referral_id).in_(list(referral_ids))))
    return {row.referral_id: row.notice_id for row in rows}


def count(session: Session, referral_ids: Collection[int], *, notice_id: str, at: datetime) -> None:
    """They are counted for this task; what was counted before stays where it was."""
    known = counted(session, referral_ids)
    for referral_id in sorted(set(referral_ids) - set(known)):
        session.add(Accumulated(referral_id=referral_id, notice_id=notice_id, at=at))
    session.flush()


def of_task(session: Session, notice_id: str) -> list[int]:
    """The referrals that were counted for a task, in order of receipt."""
    query = select(Accumulated.referral_id).where(Accumulated.notice_id == notice_id)
    return list(session.exec(query.order_by(col(Accumulated.referral_id))))


def open_among(session: Session, notice_ids: Collection[str]) -> Notice | None:
    """Of these tasks one that nobody has done or is doing now, held until the transaction ends."""
    query = select(Notice).where(col(Notice.id).in_(list(notice_ids)), Notice.state == NoticeState.OWED)
    return session.exec(query.order_by(col(Notice.created_at)).with_for_update(skip_locked=True).limit(1)).first()
