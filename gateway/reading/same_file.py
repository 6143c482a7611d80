"""A scan whose bytes came before, by any way: its letters are linked, so that nobody works one twice."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Session

from storage import audit, referral
from storage import message as messages
from storage.message import Message
from storage.referral import Referral

POST = "letter"
BEFORE, AGAIN = "The same file came before as {}: see there", "The same file came again as {}: see there"


def link_same_file(session: Session, row: Referral, letter: Message, at: datetime) -> None:
    """Seen from both, whichever is read last; of a scan of several letters each with the one in its place.

    Whoever is read later waits for an earlier one that is being read now.
    """
    if letter.channel != POST:
        return
    scans = messages.scans_of_file(session, letter.sha256)
    own = next((scan for scan in scans if letter.id in scan), None)
    if own is None:
        return
    is_first = own is scans[0]
    for scan in scans[1:] if is_first else scans[:1]:
        place = own.index(letter.id)
        twin = scan[place] if place < len(scan) else scan[0]
        other_id = messages.referral_of(session, twin, lock=not is_first)
        other = referral.by_id(session, other_id, lock=True) if other_id not in (None, row.id) else None
        if other is not None:
            _link(session, *((row, other) if is_first else (other, row)), at)


def _link(session: Session, earlier: Referral, later: Referral, at: datetime) -> None:
    for row, other, what in ((earlier, later, AGAIN), (later, earlier, BEFORE)):
        row.linked_to = row.linked_to or other.reference
        session.add(row)
        audit.record(session, at=at, who="frontdoor", what=what.format(other.reference), referral_id=row.id)
