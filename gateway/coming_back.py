"""Addresses that notices come back from: nothing more is sent there by machine until time or a person clears it."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlmodel import Session

from channels.contract import SendError
from storage import direct
from storage.identity import Identity
from storage.notice import NoticeState

RETURNED_FOR = timedelta(days=60)
RETURNED = "a notice came back for good"
RETURNED_IN_A_ROW = 3
FOR_GOOD = frozenset({SendError.BAD_ADDRESS, SendError.BLOCKED})
_LAST_MAILS = (
    "SELECT state FROM notice WHERE identity_id = ? AND created_at >= ? AND channel = 'email' "
    "AND state IN ('sent', 'delivered', 'failed') AND provider_id IS NOT NULL ORDER BY created_at DESC, id DESC LIMIT ?"
)


def came_back(session: Session, who: Identity, error: SendError | None, now: datetime) -> bool:
    """Whether nothing more is sent there from now on: for 60 days, or until a person has asked them and cleared it.

    One notice that came back for good is enough; of those that merely did not arrive it takes three in a row. False
    also where that was so before.
    """
    is_blocked = error in FOR_GOOD or (error is SendError.UNREACHABLE and _each_time(session, who, now))
    if not is_blocked:
        return False
    is_new = who.blocked_until is None or who.blocked_until <= now or who.blocked_reason != RETURNED
    who.blocked_until, who.blocked_reason = now + RETURNED_FOR, RETURNED
    session.add(who)
    return is_new


def _each_time(session: Session, who: Identity, now: datetime) -> bool:
    """Whether the last mails to this address that the relay took all failed, the one being settled among them."""
    session.flush()
    rows = direct.ask(session, _LAST_MAILS, (who.id, now - RETURNED_FOR, RETURNED_IN_A_ROW))
    return len(rows) == RETURNED_IN_A_ROW and all(state == NoticeState.FAILED for (state,) in rows)
