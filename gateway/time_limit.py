"""Pure but for one query: until when a notice must be known to have reached its reader before another way is tried."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlmodel import Session

from storage import notice
from storage.notice import Notice

LIMIT = timedelta(hours=4)
RED_LIMIT = timedelta(minutes=30)


def limit_of(written_at: datetime, *, is_red: bool) -> datetime:
    """When a notice written then has failed, unless it is known to have arrived (domain.md feature 21)."""
    return written_at + (RED_LIMIT if is_red else LIMIT)


def limit_in_words(row: Notice) -> str:
    """How long was waited for it, as a reason shows it."""
    waited = row.limit_at - row.created_at if row.limit_at else LIMIT
    return "30 minutes" if waited <= RED_LIMIT else "4 hours"


def shorten(session: Session, referral_id: int) -> None:
    """The referral has become red: what is not known to have arrived has the short limit from now on."""
    for row in notice.within_limit(session, referral_id):
        limit = limit_of(row.created_at, is_red=True)
        if row.limit_at is not None and limit < row.limit_at:
            row.limit_at = limit
            session.add(row)
