"""How far the ledger had come at a moment: what was kept later belongs to no account of that moment."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Field, Session, SQLModel, col, select

from storage import keeping
from storage.columns import UtcDateTime


class LedgerMark(SQLModel, table=True):
    """The last ledger number and its hash at ``at``; each mark is later than the one before it."""

    __tablename__ = "ledger_mark"

    id: int | None = Field(default=None, primary_key=True)
    at: datetime = Field(sa_type=UtcDateTime, index=True)
    ledger_no: int
    chain_hash: str


def mark(session: Session, now: datetime) -> None:
    """Mark the head; nobody keeps a message meanwhile. Where a mark is as late as ``now``, it stands."""
    number, chain = keeping.locked_head(session)
    last = latest(session)
    if last is None or last.at < now:
        session.add(LedgerMark(at=now, ledger_no=number, chain_hash=chain))
        session.flush()


def latest(session: Session) -> LedgerMark | None:
    """The newest mark."""
    return session.exec(select(LedgerMark).order_by(col(LedgerMark.at).desc()).limit(1)).first()


def first_at_or_after(session: Session, at: datetime) -> LedgerMark | None:
    """The mark that bounds what had been kept by a moment."""
    return session.exec(
        select(LedgerMark).where(col(LedgerMark.at) >= at).order_by(col(LedgerMark.at)).limit(1)
    ).first()
