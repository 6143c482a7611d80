"""What was decided or finished is taken up again: by staff, or by the gateway where the life cycle says so."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Session

from gateway import ladder, working_days
from gateway.life_cycle import Event, after
from storage import audit, searching
from storage.referral import Referral, Severity, State

LOOK_AGAIN = "Look at it again"


def start_again(row: Referral, now: datetime) -> None:
    """A clock of its own: a red or amber one has its hours of the wall clock again, the others a working day."""
    within = ladder.RATED_WITHIN.get(Severity(row.severity))
    due = working_days.look_by(now)
    row.state, row.closed_at, row.next_action = State.REOPENED, None, LOOK_AGAIN
    ladder.start_clock(row, min(due, now + within) if within else due, now)


def reopen(session: Session, row: Referral, event: Event, why: str, now: datetime) -> bool:
    """It stands in the queue again and its next decision is told anew; False where the event leaves it as it is.

    ``why`` is for the history: half a sentence that names and quotes nobody.
    """
    if after(event, row.state) != State.REOPENED:
        return False
    start_again(row, now)
    session.add(row)
    searching.index(session, row.id or 0)
    audit.record(session, at=now, who="frontdoor", what=f"Reopened: {why}", referral_id=row.id)
    return True
