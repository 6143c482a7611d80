"""What is open, late or has been open for long: counts and lists that stay quick however many referrals there are."""

from __future__ import annotations

from collections import Counter
from datetime import datetime

from sqlalchemy import select as sql_select
from sqlmodel import Session, col, func, select

from storage.referral import CLOSED, OF_THE_DESK, OPEN, TOLD_APART_BY, Referral


def open_by(session: Session, *, most: int) -> dict[str, Counter[str]]:
    """How many are open for each ``channel``, ``severity`` and ``state``, in one question that reads an index only.

    Of the ``most`` that have been open longest: it says so to whoever asks for fewer than there are.
    """
    columns = [getattr(Referral, name) for name in TOLD_APART_BY]
    oldest = sql_select(*columns).where(OPEN).order_by(col(Referral.ledger_no)).limit(most).subquery()
    found: dict[str, Counter[str]] = {name: Counter() for name in TOLD_APART_BY}
    for *values, count in session.execute(sql_select(*oldest.c, func.count()).group_by(*oldest.c)):
        for name, value in zip(TOLD_APART_BY, values, strict=True):
            found[name][value] += count
    return found


def late(session: Session, *, limit: int) -> list[Referral]:
    """Everything open that has run out of time, what has climbed highest first."""
    query = select(Referral).where(OPEN, col(Referral.ladder) >= 3)
    return list(session.exec(query.order_by(col(Referral.ladder).desc(), col(Referral.due_at)).limit(limit)))


def open_since(session: Session, before: datetime, *, most: int | None = None) -> int:
    """How many are open that were received before a time, counted no further than ``most``."""
    query = select(Referral.id).where(OPEN, col(Referral.received_at) < before)
    return session.exec(select(func.count()).select_from(query.limit(most).subquery())).one()


def closed_after(session: Session, at: datetime, *, received_before: datetime) -> int:
    """How many that were received before a time were still open at another and are closed by now."""
    query = select(func.count()).select_from(Referral).where(CLOSED, col(Referral.closed_at) > at)
    return session.exec(query.where(col(Referral.received_at) < received_before)).one()


def oldest_open(session: Session, *, limit: int, after: int = 0) -> list[Referral]:
    """What has been open longest, whatever it waits for; ``after``: those with a higher ledger number than this."""
    query = select(Referral).where(OPEN, col(Referral.ledger_no) > after).order_by(col(Referral.ledger_no))
    return list(session.exec(query.limit(limit)))


def of_the_desk(session: Session, *, limit: int) -> list[Referral]:
    """What staff wrote about the desk itself, the newest first, finished or not."""
    query = select(Referral).where(OF_THE_DESK).order_by(col(Referral.ledger_no).desc())
    return list(session.exec(query.limit(limit)))
