"""What is like words that are no referral yet: what a call taker has typed so far."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlmodel import Session

from channels.contract import Address, AddressClass
from channels.numbers import address_of as number_of
from gateway.deciding import Actor
from gateway.life_cycle import ANY_STAFF
from gateway.likeness.cluster import Like, likes_of_typed
from gateway.likeness.keys import Facts, Known, keys_in
from storage.claim import Entity
from storage.sealing import Seal


@dataclass(frozen=True, kw_only=True)
class Typed:
    """Everything may be empty. ``address`` is of the child, with its postcode where one is known; ``phone`` and
    ``email`` are of anybody, ``name`` and the rest of the child. ``known`` is what else was found in the words.
    """

    phone: str = ""
    email: str = ""
    address: str = ""
    postcode: str = ""
    name: str = ""
    born: date | None = None
    school: str = ""
    nhs_number: str = ""
    known: Sequence[Known] = ()


def likely(session: Session, seal: Seal, actor: Actor, typed: Typed) -> tuple[Like, ...]:
    """The few that are most like it, with reasons. None is found by a number or address that is known only as that of
    who told us: whoever typed it would learn that its owner did.
    """
    facts = Facts(senders=_contacts(typed), known=[*_known(typed), *typed.known])
    keys = {name: key.kind for name, key in keys_in(facts, seal).items()}
    if not keys or actor.role not in ANY_STAFF:
        return ()
    return likes_of_typed(session, keys)


def _contacts(typed: Typed) -> list[Address]:
    found = [number_of(typed.phone)] if typed.phone.strip() else []
    if "@" in typed.email:
        found.append(Address(kind=AddressClass.EMAIL, value=typed.email.strip()))
    return found


def _known(typed: Typed) -> list[Known]:
    address = f"{typed.address.strip()} {typed.postcode.strip()}".strip()
    born = typed.born.isoformat() if typed.born else ""
    said = (
        (Entity.PLACE, "address", address, ""), (Entity.CHILD, "name", typed.name.strip(), ""),
        (Entity.CHILD, "dob", born, born),
        (Entity.CHILD, "school", typed.school.strip(), ""), (Entity.CHILD, "nhs_number", typed.nhs_number.strip(), ""),
    )  # fmt: skip
    return [
        Known(entity=entity, entity_no=1, field=field, value=value, norm=norm)
        for entity, field, value, norm in said
        if value
    ]
