"""Keeps the keys of a referral true: written anew in the transaction that changes what they rest on."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any

from sqlmodel import Session

from channels.contract import Address, AddressClass
from gateway.likeness.keys import Facts, Known, keys_in
from storage import direct, likeness
from storage.claim import ClaimStatus, Entity
from storage.sealing import Seal

LEAST_BYTES = 512  # of a file: smaller ones are spacers and marks
ENTITIES = frozenset(Entity)
_LINKED = "SELECT b.id FROM referral a JOIN referral b ON b.reference = a.linked_to WHERE a.id = ?"
_SENDERS = (
    "SELECT id, address_class, sealed_address FROM identity WHERE id IN ("
    "SELECT identity_id FROM referral WHERE id = ? UNION SELECT identity_id FROM message WHERE referral_id = ?"
    " UNION SELECT identity_id FROM contact_way WHERE referral_id = ?)"
)
_HOMES = "SELECT id, address_class, sealed_address FROM household WHERE referral_id = ?"
_WORDS = "SELECT words_hash FROM message WHERE referral_id = ? AND words_hash <> ''"
_FILES = (
    "SELECT DISTINCT sha256 FROM attachment WHERE referral_id = ? AND sha256 IS NOT NULL AND size >= ?"
    " AND media_type NOT LIKE ? ORDER BY sha256"
)
_CLAIMS = (
    "SELECT id, entity, entity_no, field, value, value_norm, sealed_value, status FROM claim"
    " WHERE referral_id = ? AND status IN ('proposed', 'confirmed') AND field IN ('name', 'given_name', 'family_name',"
    " 'dob', 'school', 'nhs_number', 'upn', 'la_child_id', 'phone', 'email', 'address', 'postcode')"
    " ORDER BY made_at, id"
)


def renew(session: Session, seal: Seal, referral_id: int) -> bool:
    """The keys of one referral as everything known of it stands now; whether it has one that it had not before."""
    for (other,) in direct.ask(session, _LINKED, (referral_id,)):
        likeness.link(session, referral_id, other)
    return likeness.replace_keys(session, referral_id, keys_in(_facts(session, seal, referral_id), seal))


def _facts(session: Session, seal: Seal, one: int) -> Facts:
    senders = direct.ask(session, _SENDERS, (one, one, one))
    return Facts(
        senders=list(_opened(seal, senders, "address")),
        homes=list(_opened(seal, direct.ask(session, _HOMES, (one,)), "household")),
        known=[_known(seal, row) for row in direct.ask(session, _CLAIMS, (one,)) if row[1] in ENTITIES],
        files=[sha256 for (sha256,) in direct.ask(session, _FILES, (one, LEAST_BYTES, "audio/%"))],
        words=[said for (said,) in direct.ask(session, _WORDS, (one,))],
    )


def _opened(seal: Seal, rows: Sequence[Any], label: str) -> Iterator[Address]:
    for id_, kind, sealed in rows:
        yield Address(kind=AddressClass(kind), value=seal.open(bytes(sealed), f"{label}:{id_}").decode())


def _known(seal: Seal, row: Any) -> Known:
    id_, entity, entity_no, field, value, norm, sealed, status = row
    if sealed is not None:
        value, norm, _ = json.loads(seal.open(bytes(sealed), f"claim:{id_}"))
    is_checked = status == ClaimStatus.CONFIRMED
    return Known(
        entity=Entity(entity), entity_no=entity_no, field=field, value=value, norm=norm, is_checked=is_checked
    )  # fmt: skip
