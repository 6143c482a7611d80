"""What somebody states of a child, an adult, a place or themselves, each value with the words it rests on."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum

from sqlalchemy import Column, LargeBinary
from sqlmodel import Field, Session, SQLModel, col, select

from storage.columns import UtcDateTime, locked, new_id


class Entity(StrEnum):
    """Whom or what a claim is about (domain.md 2.2 to 2.4)."""

    CHILD = "child"
    ADULT = "adult"
    PLACE = "place"
    REFERRER = "referrer"
    CONCERN = "concern"


class ClaimStatus(StrEnum):
    """Only a confirmed claim may feed a decision, a letter, an export or a match shown as fact (domain.md 2.6)."""

    PROPOSED = "proposed"
    CONFIRMED = "confirmed"
    CORRECTED = "corrected"
    REJECTED = "rejected"
    SUPERSEDED = "superseded"


class Claim(SQLModel, table=True):
    """One value. ``place`` is JSON: ``{"field": …}`` of a form, ``{"from": a, "to": b}`` characters of a text,
    ``{"page": …, "box": […]}`` of a scan, ``{"start": …, "end": …}`` seconds of a recording; ``within`` is ``subject``
    where the characters are those of a mail's subject.

    ``words`` are a literal piece of what stands there. What may tell who the referrer is (``identifies_referrer``, the
    default) has its value and words sealed together in ``sealed_value`` as JSON, and empty in the clear; of a number or
    mail address ``value_hash`` is the keyed hash by which the same address is found among identities.
    ``confidence`` is 0 to 1; ``extractor`` names who or what read it, with its version.
    """

    id: str = Field(default_factory=new_id, primary_key=True)
    referral_id: int = Field(index=True)
    message_id: str = Field(index=True)
    attachment_id: str | None = Field(default=None, index=True)
    entity: str
    entity_no: int = 0
    field: str
    value: str = ""
    value_norm: str = ""
    words: str = ""
    place: str = "{}"
    sealed_value: bytes | None = Field(default=None, sa_column=Column(LargeBinary))
    value_hash: str | None = Field(default=None, index=True)
    said_by: str = "referrer"
    basis: str = ""
    extractor: str
    confidence: float = 1.0
    status: str = ClaimStatus.PROPOSED
    identifies_referrer: bool = True
    made_at: datetime = Field(sa_type=UtcDateTime)
    settled_by: str = ""
    settled_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    supersedes: str | None = None


def of_part(session: Session, attachment_id: str) -> list[Claim]:
    """The claims read from one part."""
    return list(session.exec(select(Claim).where(Claim.attachment_id == attachment_id)))


def of_referrals(session: Session, referral_ids: Sequence[int]) -> list[Claim]:
    """Every claim of some referrals, in the order they were made."""
    query = select(Claim).where(col(Claim.referral_id).in_(referral_ids))
    return list(session.exec(query.order_by(col(Claim.made_at), col(Claim.id))))


def held(session: Session, claim_id: str) -> Claim | None:
    """One claim, locked until the transaction ends."""
    return session.exec(locked(select(Claim).where(Claim.id == claim_id))).first()


def confirmed_of(session: Session, referral_id: int) -> set[str]:
    """The ids of the claims of a referral that a person has confirmed."""
    query = select(Claim.id).where(Claim.referral_id == referral_id, Claim.status == ClaimStatus.CONFIRMED)
    return set(session.exec(query))
