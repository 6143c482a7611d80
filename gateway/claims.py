"""What somebody states, as rows: sealed where it may tell who told us, and opened again for those who may see it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from channels.contract import AddressClass
from gateway.addresses import as_typed, found_by
from storage.claim import Claim, Entity
from storage.columns import new_id
from storage.sealing import Seal

LONGEST_ADDRESS = 320
SAME = (
    "referral_id", "message_id", "attachment_id", "entity", "entity_no", "field", "place", "said_by", "basis",
    "extractor", "confidence", "identifies_referrer",
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Stated:
    """One value as it was read, before it is a row.

    ``place`` says where in the part or text it stands, as ``Claim.place`` does; ``words`` are those that stand there.
    ``said_by`` and ``basis`` are the source's where they are empty.
    """

    entity: Entity
    entity_no: int
    field: str
    value: str
    value_norm: str
    words: str
    place: Mapping[str, object]
    is_open: bool
    confidence: float = 1.0
    said_by: str = ""
    basis: str = ""

    @property
    def key(self) -> tuple[str, int, str]:
        """What it is a value of."""
        return self.entity, self.entity_no, self.field


@dataclass(frozen=True, kw_only=True)
class Source:
    """Where it was read, by what, and who said it."""

    referral_id: int
    message_id: str
    attachment_id: str | None
    extractor: str
    said_by: str = "referrer"
    basis: str = ""


@dataclass(frozen=True, kw_only=True)
class Opened:
    """What a claim says, in the clear; whoever shows that of a referrer to a person records the read."""

    value: str
    value_norm: str
    words: str


def new_claim(seal: Seal, stated: Stated, source: Source, *, at: datetime, supersedes: str | None = None) -> Claim:
    """The row of a proposed value."""
    made = Claim(
        id=new_id(), referral_id=source.referral_id, message_id=source.message_id, attachment_id=source.attachment_id,
        entity=stated.entity, entity_no=stated.entity_no, field=stated.field, place=json.dumps(dict(stated.place)),
        said_by=stated.said_by or source.said_by, basis=stated.basis or source.basis, extractor=source.extractor,
        confidence=stated.confidence,
        identifies_referrer=not stated.is_open, made_at=at, supersedes=supersedes,
    )  # fmt: skip
    write_value(seal, made, Opened(value=stated.value, value_norm=stated.value_norm, words=stated.words))
    return made


@dataclass(frozen=True, kw_only=True)
class Whose:
    """What a value is a value of."""

    entity: Entity
    entity_no: int
    field: str


def new_claim_of(seal: Seal, before: Claim, said: Opened, *, at: datetime, of: Whose | None = None) -> Claim:
    """A claim in the place of another: from the same place, with another value, or of something else.

    What was sealed stays sealed, and what becomes that of who told us is sealed too.
    """
    kept = {name: getattr(before, name) for name in SAME}
    if of is not None:
        is_sealed = before.identifies_referrer or of.entity is Entity.REFERRER
        kept |= {
            "entity": of.entity, "entity_no": of.entity_no, "field": of.field, "identifies_referrer": is_sealed
        }  # fmt: skip
    made = Claim(id=new_id(), **kept, made_at=at, supersedes=before.id)
    write_value(seal, made, said)
    return made


def write_value(seal: Seal, claim: Claim, said: Opened) -> None:
    """Put what it says into a row: in the clear only where it cannot tell who told us."""
    if not claim.identifies_referrer:
        claim.value, claim.value_norm, claim.words = said.value, said.value_norm, said.words
        return
    plain = json.dumps([said.value, said.value_norm, said.words])
    claim.sealed_value = seal.close(plain.encode(), f"claim:{claim.id}")
    claim.value_hash = hash_of(seal, said.value)


def hash_of(seal: Seal, value: str) -> str | None:
    """By which a sealed number or mail address is found; None for anything else."""
    address = as_typed(value) if len(value) <= LONGEST_ADDRESS else None
    is_found = address is not None and address.kind is not AddressClass.POSTAL
    return seal.blind(found_by(address)) if address is not None and is_found else None


def opened(seal: Seal, claim: Claim) -> Opened:
    """What a row says."""
    if claim.sealed_value is None:
        return Opened(value=claim.value, value_norm=claim.value_norm, words=claim.words)
    value, value_norm, words = json.loads(seal.open(claim.sealed_value, f"claim:{claim.id}"))
    return Opened(value=value, value_norm=value_norm, words=words)
