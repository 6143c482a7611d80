"""The weekly sample of decisions not to act that a second manager reads again, and what they found."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, Session, SQLModel, col, select

from storage import direct
from storage.columns import UtcDateTime, locked, new_id
from storage.referral import CLOSED, Referral


class RereadWeek(SQLModel, table=True):
    """One week's draw. ``week`` is the Monday it covers from.

    ``pool`` are the ledger numbers of all there was to draw from, in order and comma separated: with the week they are
    all that the draw rests on, so that it can be made again.
    """

    __tablename__ = "reread_week"

    week: date = Field(primary_key=True)
    percent: int
    pool: str
    drawn_at: datetime = Field(sa_type=UtcDateTime)


class Reread(SQLModel, table=True):
    """One decision to be read again by ``due_at``. ``agrees`` is None until somebody has read it.

    ``ledger_no``, ``decision_code`` and the names are those of the decision that was drawn, whatever came later.
    """

    __table_args__ = (UniqueConstraint("week", "referral_id"),)

    id: str = Field(default_factory=new_id, primary_key=True)
    week: date = Field(index=True)
    referral_id: int = Field(index=True)
    ledger_no: int
    decision_code: str
    decided_by: str = ""
    agreed_by: str = ""
    due_at: datetime = Field(sa_type=UtcDateTime)
    read_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    read_by: str = ""
    agrees: bool | None = None
    reason: str = ""
    escalated_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


def begin(session: Session, values: Mapping[str, object]) -> bool:
    """The row of a week, unless another host has written it: whether it was written."""
    names = list(values)
    insert = f"INSERT INTO reread_week ({', '.join(names)}) VALUES ({direct.marks(len(names))})"  # noqa: S608
    return direct.change(session, f"{insert} ON CONFLICT (week) DO NOTHING", [values[name] for name in names]) == 1


def keep_pool(session: Session, week: date, numbers: str) -> None:
    """What there was to draw from."""
    direct.change(session, "UPDATE reread_week SET pool = ? WHERE week = ?", (numbers, week))


def closed_between(session: Session, begin: datetime, end: datetime, *, codes: Sequence[str]) -> list[Referral]:
    """What was closed in a stretch of time with one of these decisions and is closed still, in order of receipt."""
    query = select(Referral).where(
        CLOSED, col(Referral.closed_at) >= begin, col(Referral.closed_at) < end, col(Referral.decision_code).in_(codes)
    )
    return list(session.exec(query.order_by(col(Referral.ledger_no))))


def week_of(session: Session, week: date) -> RereadWeek | None:
    """That week's draw, if it was made."""
    return session.get(RereadWeek, week)


def weeks(session: Session, *, limit: int) -> list[RereadWeek]:
    """The draws that were made, the newest first."""
    return list(session.exec(select(RereadWeek).order_by(col(RereadWeek.week).desc()).limit(limit)))


def of_weeks(session: Session, those: Sequence[date]) -> list[Reread]:
    """What was drawn in these weeks, in order of receipt."""
    query = select(Reread).where(col(Reread.week).in_(those))
    return list(session.exec(query.order_by(col(Reread.week).desc(), col(Reread.ledger_no))))


def held(session: Session, reread_id: str) -> Reread | None:
    """One of them, locked until the transaction ends."""
    return session.exec(locked(select(Reread).where(Reread.id == reread_id))).first()


def unread_past(session: Session, now: datetime, *, limit: int) -> list[Reread]:
    """Those nobody has read in time and nobody was told of, locked."""
    query = select(Reread).where(
        col(Reread.read_at).is_(None), col(Reread.escalated_at).is_(None), col(Reread.due_at) <= now
    )
    return list(session.exec(locked(query.order_by(col(Reread.due_at), col(Reread.id)).limit(limit))))


def unread_count(session: Session) -> int:
    """How many wait to be read again."""
    return len(session.exec(select(Reread.id).where(col(Reread.read_at).is_(None)).limit(1000)).all())
