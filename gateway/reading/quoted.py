"""What a message quotes beside the referral it belongs to: noted on both sides, and asked of a person where unclear."""

from __future__ import annotations

from sqlmodel import Session

from channels.contract import Inbound
from gateway import notices, promised, reference
from gateway.clock import Clock
from gateway.owing import About, Owing
from storage import audit
from storage.referral import Referral

WHICH = "find out which report it is about and link it there: the message quotes"


def quoted_in(inbound: Inbound) -> list[str]:
    """The references that stand anywhere in a message, each once."""
    return reference.find_in(inbound.thread_text or inbound.text)


def only_one(session: Session, told: list[str]) -> Referral | None:
    """The referral these references mean, None where they mean none or several: that is nobody's to guess."""
    if len(told) < 2:
        return promised.referral_of(session, told)
    found = _every(session, told)
    return found[0] if len(found) == 1 else None


class Quoted:
    """All of it in the transaction it is given."""

    def __init__(self, *, owing: Owing, clock: Clock) -> None:
        self._owing, self._clock = owing, clock

    def heed(self, session: Session, row: Referral, inbound: Inbound, *, is_new: bool) -> None:
        """Other referrals of ours that this message names; a person finds out which of several it is about."""
        told = [each for each in quoted_in(inbound) if each != row.reference]
        if len(told) < (2 if is_new else 1):
            return
        others = [each for each in _every(session, told) if each.id != row.id]
        for other in others:
            self._note(session, other, f"A message of {row.reference} quotes this reference: see there too")
        if not others:
            return
        named = " or ".join(sorted(each.reference for each in others))
        self._note(session, row, f"The message also quotes {named}")
        if is_new:
            self._owing.write(session, row, notices.task(f"{WHICH} {named}", self._clock()), About())

    def _note(self, session: Session, row: Referral, what: str) -> None:
        audit.record(session, at=self._clock(), who="frontdoor", what=what, referral_id=row.id)


def _every(session: Session, told: list[str]) -> list[Referral]:
    found = {each.referral.id: each.referral for each in promised.every_meant(session, told) if each.referral}
    return list(found.values())
