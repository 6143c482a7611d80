"""What a call asked about by its keys: the referral its messages belong to, and what a person must find out."""

from __future__ import annotations

import re

from sqlmodel import Session

from channels.contract import Inbound
from gateway import notices, promised
from gateway.clock import Clock
from gateway.keyed_reference import meant_by_keys
from gateway.owing import About, Owing
from storage import audit, enquiry
from storage import message as messages
from storage.enquiry import Enquiry
from storage.message import Message
from storage.referral import Reached, Referral
from storage.sealing import Seal

KEYED = "the caller keyed in its reference"
GUESSING = "find out whether somebody guesses references by telephone: too many wrong ones were keyed in within an hour"
NINE_KEYS = re.compile(r"\D*(?:\d\D*){9}")


def referral_asked_about(session: Session, message: Message) -> Referral | None:
    """The one that the call of this message last asked about. Only what opens a call joins by it; the rest follows."""
    if message.conversation is None or message.ledger_no is None:
        return None
    asked = enquiry.of_call(session, message.conversation)
    return promised.referral_of(session, [asked[0].reference]) if asked and asked[0].reference else None


def only_asked(session: Session, message: Message, inbound: Inbound) -> bool:
    """Whether nothing but its end is known of a call: nobody was rung, and nothing was chosen or left beside."""
    is_the_end = message.channel == "phone" and "ended" in inbound.facts
    return is_the_end and not messages.is_told_of_otherwise(session, message)


def wanted_a_person(inbound: Inbound) -> bool:
    """Whether somebody was rung for this caller and did not come."""
    return inbound.facts.get("reached") == Reached.RANG


class AskedAbout:
    """What was asked in a call and did not decide where it belongs; all of it in the transaction it is given."""

    def __init__(self, *, seal: Seal, owing: Owing, clock: Clock) -> None:
        self._seal, self._owing, self._clock = seal, owing, clock

    def heed(self, session: Session, row: Referral, message: Message) -> None:
        """Once for each asking, with whichever message of the call is read next."""
        asked = enquiry.unheeded_of_call(session, message.conversation) if message.conversation else []
        for each in asked:
            each.is_heeded = True
            session.add(each)
        if asked:
            self._settle(session, row, asked[0])
        if any(each.is_alarm for each in asked):
            self._owing.write(session, row, notices.task(GUESSING, self._clock()), About())

    def _settle(self, session: Session, row: Referral, last: Enquiry) -> None:
        if last.reference is None:
            self._say_what_was_keyed(session, row, last)
            return
        other = promised.referral_of(session, [last.reference])
        if other is None or other.id == row.id:
            return
        row.linked_to = row.linked_to or other.reference
        self._note(session, row, f"The same call keyed in the reference {other.reference}")
        self._note(session, other, f"The call of {row.reference} keyed in this reference: see there too")

    def _say_what_was_keyed(self, session: Session, row: Referral, last: Enquiry) -> None:
        keys = self._seal.open(last.sealed_keys, f"keys:{last.id}").decode()
        found = promised.every_meant(session, meant_by_keys(keys))
        if len(found) > 1:
            which = " or ".join(each.reference for each in found)
            task = notices.task(f"find out which report the caller asked about: the keys mean {which}", self._clock())
            self._owing.write(session, row, task, About())
        elif NINE_KEYS.fullmatch(keys):
            self._note(session, row, "The caller keyed in nine keys that are no reference of ours")

    def _note(self, session: Session, row: Referral, what: str) -> None:
        audit.record(session, at=self._clock(), who="frontdoor", what=what, referral_id=row.id)
