"""Who told us, by which other addresses they can be reached, and what they said of reaching them safely."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sqlmodel import Session

from channels.contract import Address, AddressClass, Inbound, Way
from gateway.addresses import domain_of, found_by, home_key
from gateway.clock import Clock
from gateway.reading.parts import clean
from gateway.safe_contact import BY_SENDER, Said, keep
from storage import audit, identity
from storage.identity import Identity
from storage.message import Message
from storage.referral import Referral
from storage.sealing import Seal

UNKNOWN = frozenset({AddressClass.NONE, AddressClass.WITHHELD})
CHANNEL_OF = {AddressClass.MOBILE: "sms", AddressClass.EMAIL: "email", AddressClass.POSTAL: "letter"}


@dataclass(frozen=True, kw_only=True)
class Known:
    """The sender of a message, and their other addresses beside what they said of each.

    ``is_new``: nothing ever came from there before.
    """

    who: Identity | None
    is_new: bool = False
    ways: tuple[tuple[Identity, Way], ...] = ()


class Remembering:
    """All of it in the transaction it is given."""

    def __init__(self, *, seal: Seal, clock: Clock) -> None:
        self._seal, self._clock = seal, clock

    def know(self, session: Session, message: Message, inbound: Inbound) -> Known:
        """The identity rows of a message, held; always in one order, so that two messages never wait for each other.

        A sender with a name but no address we may write to is known too, by this message alone.
        """
        sender, name = _cleaned(inbound.sender), clean(inbound.sender_name)
        own = f"message:{message.id}" if sender is None and (name or inbound.ways) else ""
        if sender is not None:
            own = found_by(sender)
        wanted = {own: sender} if own else {}
        given = [(address, way) for way in inbound.ways if (address := _cleaned(way.address))]
        wanted |= {found_by(address): address for address, _ in given}
        known = {
            key: self._row(session, key, wanted[key], name if key == own else "", inbound.sender.kind)
            for key in sorted(wanted, key=self._seal.blind)
        }
        ways = tuple((known[found_by(address)][0], way) for address, way in given)
        who, is_new = known.get(own, (None, False))
        return Known(who=who, is_new=is_new, ways=ways)

    def heed(self, session: Session, row: Referral, inbound: Inbound, known: Known) -> None:
        """Their other addresses, what they said of each, the child's home, and whether they want texts."""
        for each, way in known.ways:
            said = dict(_said(way))
            if said or way.words:
                keep(self._seal, each, Said(ok_for=said, in_words=clean(way.words)), by=BY_SENDER, at=self._clock())
                session.add(each)
            if known.who is not None and each.id != known.who.id:
                identity.add_way(
                    session, referral_id=row.id or 0, of_identity_id=known.who.id, identity_id=each.id,
                    said_by=BY_SENDER, at=self._clock(),
                )  # fmt: skip
        for address in filter(None, map(_cleaned, inbound.household)):
            identity.add_household(
                session, self._seal, referral_id=row.id or 0, found_by=home_key(address), address_class=address.kind,
                value=address.value, said_by=BY_SENDER, at=self._clock(),
            )  # fmt: skip
        if known.who is not None:
            self._heed_wishes(session, row, inbound, known.who)

    def _heed_wishes(self, session: Session, row: Referral, inbound: Inbound, who: Identity) -> None:
        if inbound.stop_texts:
            who.texts_stopped_at = self._clock()
            self._note(session, row, "The sender asked for no more texts")
        elif inbound.start_texts and who.texts_stopped_at is not None:
            who.texts_stopped_at = None
            self._note(session, row, "The sender asked for texts again")
        if inbound.texts_are_safe:
            who.open_words_at = self._clock()

    def _row(
        self, session: Session, key: str, address: Address | None, name: str, kind: AddressClass
    ) -> tuple[Identity, bool]:
        return identity.remembered(
            session, self._seal, found_by=key, address_class=address.kind if address else kind,
            value=address.value if address else "", name=name, at=self._clock(),
            domain=domain_of(address) if address else "",
        )  # fmt: skip

    def _note(self, session: Session, row: Referral, what: str) -> None:
        audit.record(session, at=self._clock(), who="frontdoor", what=what, referral_id=row.id)


def _cleaned(address: Address) -> Address | None:
    """The address as it is kept; None for what is none."""
    value = clean(address.value)
    usable = value and address.kind not in UNKNOWN and home_key(Address(kind=address.kind, value=value))
    return Address(kind=address.kind, value=value) if usable else None


def _said(way: Way) -> Iterator[tuple[str, bool]]:
    channel = CHANNEL_OF.get(way.address.kind)
    if channel and way.is_safe is not None:
        yield channel, way.is_safe
    if way.safe_to_call is not None:
        yield "voice", way.safe_to_call
