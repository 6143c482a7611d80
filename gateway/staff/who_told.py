"""Who told us, in the clear, for a social worker who asks; that they looked is put on record by whoever shows it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from gateway.contacting import ContactsView, contacts_of
from gateway.core import Core
from gateway.reading.as_read import proof_of
from gateway.sender_proof import InWords, in_words
from storage import identity, message
from storage.identity import Identity
from storage.referral import Referral


@dataclass(frozen=True, kw_only=True)
class Proven:
    """What is known of who really sent one message."""

    at: datetime
    words: InWords


@dataclass(frozen=True, kw_only=True)
class Told:
    """Who told us, how far that is proven, and how they can be reached safely."""

    name: str
    address: str
    contacts: ContactsView
    proofs: Sequence[Proven]


def who_told(core: Core, session: Session, row: Referral) -> Told | None:
    """Of one referral; None where nothing is known of them."""
    who = session.get(Identity, row.identity_id) if row.identity_id else None
    if who is None:
        return None
    contacts = contacts_of(session, core, row, may_identify=True)
    sent = [(each.received_at, proof_of(core.seal, each)) for each in message.of_referrals(session, [row.id or 0])]
    proofs = [Proven(at=at, words=in_words(proof)) for at, proof in sent if proof]
    name, address = identity.name_of(core.seal, who), identity.address_of(core.seal, who)
    return Told(name=name, address=address, contacts=contacts, proofs=proofs)
