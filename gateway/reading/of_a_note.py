"""What a call taker wrote down beside the words: the language that is wanted, and the report a call is about."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Session

from channels.contract import Inbound
from gateway import promised
from gateway.reading import wished_language
from storage import audit, likeness
from storage.referral import Referral

ABOUT = "A call taker says it is about {reference}: linked, and not merged"
SAID_OF_IT = "A call taker says that {reference} is about this: see there too"


def heed(session: Session, row: Referral, inbound: Inbound, now: datetime) -> None:
    """Both, wherever they were written; what a report is linked to already stays, and each is found from the other."""
    wished_language.heed(session, row, inbound, now)
    about = inbound.facts.get("about", "")
    other = promised.referral_of(session, [about]) if about else None
    if other is None or row.linked_to == other.reference or other.id == row.id:
        return
    if not likeness.link(session, row.id or 0, other.id or 0) and row.linked_to:
        return
    row.linked_to = row.linked_to or other.reference
    session.add(row)
    for each, told, what in ((row, other, ABOUT), (other, row, SAID_OF_IT)):
        audit.record(
            session, at=now, who="frontdoor", what=what.format(reference=told.reference), referral_id=each.id
        )  # fmt: skip
