"""By which way a sender is told the next thing: their own channel if it is safe, the next safe one, else a person."""

from __future__ import annotations

from collections.abc import Collection

from sqlmodel import Session

from channels.contract import Address, AddressClass
from gateway import notices
from gateway.addresses import address_of, safety_of
from gateway.clock import Clock
from gateway.notices import Owed
from storage.identity import Identity
from storage.notice import NoticeKind
from storage.referral import Referral
from storage.sealing import Seal


class Reaching:
    """Asked in the transaction that makes a notice due, and again when a way has failed."""

    def __init__(self, *, seal: Seal, clock: Clock) -> None:
        self._seal, self._clock = seal, clock

    def to_sender(
        self, session: Session, row: Referral, kind: NoticeKind, who: Identity | None, *, tried: Collection[str] = ()
    ) -> tuple[Owed, Identity | None]:
        """What is owed and to which address; ``tried`` are addresses that failed. A task if none is left."""
        if who is not None and who.id in tried:
            return notices.task(f"tell the sender by hand ({kind}): no safe way is left", self._clock()), None
        address = address_of(self._seal, who)
        if who is None and row.channel == "letter":
            address = Address(kind=AddressClass.POSTAL)
        return notices.to_sender(kind, address, safety_of(who), self._clock()), who
