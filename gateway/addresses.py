"""What is known of one address: the address itself, opened for sending, and whether it is safe to write there."""

from __future__ import annotations

from channels.contract import Address, AddressClass
from gateway.notices import Safety
from storage import identity
from storage.identity import Identity
from storage.sealing import Seal


def safety_of(who: Identity | None) -> Safety:
    """What is known about writing to this address."""
    if who is None:
        return Safety()
    return Safety(texts_stopped=who.texts_stopped_at is not None, texts_are_safe=who.open_words_at is not None)


def address_of(seal: Seal, who: Identity | None) -> Address:
    """The address in the clear, for sending."""
    if who is None:
        return Address(kind=AddressClass.NONE)
    return Address(kind=AddressClass(who.address_class), value=identity.address_of(seal, who))
