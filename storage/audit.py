"""What was done, by whom and when: append only, every look at an identity included."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import Field, Session, SQLModel, col, select

from storage import direct, searching
from storage.columns import UtcDateTime

OURSELVES = "frontdoor"


class Audit(SQLModel, table=True):
    """One line of history. ``what`` is in plain words and never names or quotes the sender."""

    id: int | None = Field(default=None, primary_key=True)
    at: datetime = Field(sa_type=UtcDateTime)
    who: str
    what: str
    referral_id: int | None = Field(default=None, index=True)
    is_private: bool = False  # reads of identities: shown to those who oversee, not in the item's history


def record(
    session: Session, *, at: datetime, who: str, what: str, referral_id: int | None = None, is_private: bool = False
) -> None:
    """Add a line in the transaction of what it tells; what staff did may be searched for."""
    row = {"at": at, "who": who, "what": what, "referral_id": referral_id, "is_private": is_private}
    direct.insert(session, "audit", [row])
    if referral_id is not None and who != OURSELVES and not is_private:
        searching.index(session, referral_id)


def of_referrals(session: Session, referral_ids: Sequence[int]) -> list[Audit]:
    """The history of some referrals, oldest first."""
    query = select(Audit).where(col(Audit.referral_id).in_(referral_ids), col(Audit.is_private).is_(False))
    return list(session.exec(query.order_by(col(Audit.id))))
