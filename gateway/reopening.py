"""A finished referral is taken up again by the gateway itself."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Session

from gateway import working_days
from gateway.ladder import start_clock
from storage import audit
from storage.referral import Referral, State

LOOK_AGAIN = "Look at it again"


def reopen(session: Session, row: Referral, why: str, now: datetime) -> None:
    """It stands in the queue again, with a clock of its own; nothing happens to one that is not closed."""
    if row.state != State.CLOSED:
        return
    row.state, row.closed_at, row.next_action = State.REOPENED, None, LOOK_AGAIN
    start_clock(row, working_days.look_by(now), now)
    session.add(row)
    audit.record(session, at=now, who="frontdoor", what=f"Reopened: {why}", referral_id=row.id)
