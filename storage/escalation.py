"""Every rung of the escalation ladder that was climbed: when, and who was told."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import Field, Session, SQLModel, col, select

from storage.columns import UtcDateTime, new_id


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
