"""The referrals of a period in strict order of receipt, a page at a time, for statutory lists."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from sqlmodel import Session, col, select

from storage.referral import Referral

PAGE = 500


def of_period(session: Session, begin: datetime, end: datetime, *, but: str) -> Iterator[list[Referral]]:
    """Received from ``begin`` to before ``end``; what is treated as ``but`` is left out.

    Nothing is kept before it is received, so that what was kept earlier need not be looked at.
    """
    after = 0
    query = select(Referral).where(
        col(Referral.captured_at) >= begin, col(Referral.received_at) >= begin, col(Referral.received_at) < end,
        Referral.treated_as != but,
    )  # fmt: skip
    query = query.order_by(col(Referral.ledger_no)).limit(PAGE)
    while rows := list(session.exec(query.where(col(Referral.ledger_no) > after))):
        yield rows
        after = rows[-1].ledger_no
