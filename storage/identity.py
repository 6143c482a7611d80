"""Who told us, kept apart: sealed, found by a keyed hash, joined to referrals only by a key."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Column, LargeBinary, UniqueConstraint, bindparam
from sqlmodel import Field, Session, SQLModel, col, select

from storage import direct
from storage.columns import UtcDateTime, locked, new_id
from storage.sealing import Seal


class Identity(SQLModel, table=True):
    """One address somebody reached us from. Safety is kept per address, not per person (domain.md 2.5).

    ``ok_for``: JSON of channel to true or false, as the sender or staff who asked them said; absent is not asked.
    ``ok_words``: none, discreet or open.
    ``sealed_safety``: JSON of ``who_else_can_see``, ``hours``, ``code_word``, ``words``.
    ``blocked_until``: an automatic notice came back for good; no more go there until then. ``domain_hash``: of a mail
    address's domain, so that answers to one domain can be counted. ``large_print``: how letters to it are set.
    """

    id: str = Field(default_factory=new_id, primary_key=True)
    address_class: str
    address_hash: str = Field(unique=True)
    sealed_address: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    sealed_name: bytes | None = Field(default=None, sa_column=Column(LargeBinary))
    texts_stopped_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    open_words_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    created_at: datetime = Field(sa_type=UtcDateTime)
    ok_for: str = "{}"
    ok_words: str | None = None
    sealed_safety: bytes | None = Field(default=None, sa_column=Column(LargeBinary))
    asked_by: str | None = None
    asked_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    expires_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    blocked_until: datetime | None = Field(default=None, sa_type=UtcDateTime)
    blocked_reason: str | None = None
    domain_hash: str | None = Field(default=None, index=True)
    large_print: bool = False


class ContactWay(SQLModel, table=True):
    """Another address by which the sender of a referral may be reached: said by them, or noted by staff who asked."""

    __tablename__ = "contact_way"
    __table_args__ = (UniqueConstraint("referral_id", "identity_id"),)

    id: str = Field(default_factory=new_id, primary_key=True)
    referral_id: int = Field(index=True)
    of_identity_id: str | None = None
    identity_id: str = Field(index=True)
    said_by: str  # sender, or the name of the staff member who asked
    created_at: datetime = Field(sa_type=UtcDateTime)


class Household(SQLModel, table=True):
    """An address of the child's own household: nothing is ever sent to it by machine (domain.md 2.5)."""

    __table_args__ = (UniqueConstraint("referral_id", "address_hash"),)

    id: str = Field(default_factory=new_id, primary_key=True)
    referral_id: int = Field(index=True)
    address_class: str
    address_hash: str = Field(index=True)
    sealed_address: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    said_by: str
    created_at: datetime = Field(sa_type=UtcDateTime)


_FOUND_BY = locked(select(Identity).where(Identity.address_hash == bindparam("blind")))


def remember(
    session: Session,
    seal: Seal,
    *,
    found_by: str,
    address_class: str,
    value: str,
    name: str,
    at: datetime,
    domain: str = "",
) -> Identity:
    """The row found by this (class and address, hashed), made if it is new and locked until the transaction ends.

    Two first messages of one address at once wait for each other here, so the second sees what the first became.
    """
    return remembered(
        session, seal, found_by=found_by, address_class=address_class, value=value, name=name, at=at, domain=domain
    )[0]


def remembered(
    session: Session, seal: Seal, *, found_by: str, address_class: str, value: str, name: str, at: datetime, domain: str
) -> tuple[Identity, bool]:
    """The same, and whether it is new."""
    blind, hashed = seal.blind(found_by), seal.blind(f"domain:{domain}") if domain else None
    found = _locked(session, blind)
    if found is None:
        new = Identity(
            address_class=address_class, address_hash=blind, sealed_address=b"", created_at=at, domain_hash=hashed
        )
        new.sealed_address = seal.close(value.encode(), f"address:{new.id}")
        new.sealed_name = seal.close(name.encode(), f"name:{new.id}") if name else None
        if direct.add(session, new, unless_there="address_hash"):
            return new, True
        found = _locked(session, blind)
        if found is None:
            raise LookupError("an identity that another transaction just wrote is not there")
    if name and not found.sealed_name:
        found.sealed_name = seal.close(name.encode(), f"name:{found.id}")
    if hashed and not found.domain_hash:
        found.domain_hash = hashed
    session.flush()
    return found, False


def _locked(session: Session, blind: str) -> Identity | None:
    return session.exec(_FOUND_BY, params={"blind": blind}).first()


def key_of(session: Session, seal: Seal, *, found_by: str) -> str | None:
    """The key of the identity found by this (class and address, hashed), None where nobody reached us from there."""
    return session.exec(select(Identity.id).where(Identity.address_hash == seal.blind(found_by))).first()


def address_of(seal: Seal, identity: Identity) -> str:
    """The address in the clear; whoever asks for a person records the read."""
    return seal.open(identity.sealed_address, f"address:{identity.id}").decode()


def name_of(seal: Seal, identity: Identity) -> str:
    """The name in the clear, or nothing."""
    return seal.open(identity.sealed_name, f"name:{identity.id}").decode() if identity.sealed_name else ""


def by_ids(session: Session, ids: Sequence[str]) -> dict[str, Identity]:
    """Identities by their key."""
    rows = session.exec(select(Identity).where(col(Identity.id).in_(ids))) if ids else ()
    return {row.id: row for row in rows}


def ways_of(session: Session, referral_id: int, of_identity_id: str | None) -> list[Identity]:
    """The other addresses of one sender of a referral, the oldest first; nobody else's."""
    query = select(Identity).join(ContactWay, col(ContactWay.identity_id) == col(Identity.id))
    query = query.where(ContactWay.referral_id == referral_id, ContactWay.of_identity_id == of_identity_id)
    return list(session.exec(query.order_by(col(ContactWay.created_at), col(ContactWay.id))))


def all_ways(session: Session, referral_id: int) -> list[tuple[ContactWay, Identity]]:
    """Every other address that was given with a referral, and whose it is."""
    query = select(ContactWay, Identity).join(Identity, col(ContactWay.identity_id) == col(Identity.id))
    query = query.where(ContactWay.referral_id == referral_id)
    return list(session.exec(query.order_by(col(ContactWay.created_at), col(ContactWay.id))))


def way_to(session: Session, referral_id: int, identity_id: str) -> ContactWay | None:
    """That this address was given as another one of somebody's with this referral, and whose."""
    query = select(ContactWay).where(ContactWay.referral_id == referral_id, ContactWay.identity_id == identity_id)
    return session.exec(query).first()


def add_way(
    session: Session, *, referral_id: int, of_identity_id: str | None, identity_id: str, said_by: str, at: datetime
) -> None:
    """Another address of a sender, once for each referral: whoever gave it first is whose it stays."""
    query = select(ContactWay.id).where(ContactWay.referral_id == referral_id, ContactWay.identity_id == identity_id)
    if session.exec(query).first() is None:
        session.add(
            ContactWay(
                referral_id=referral_id, of_identity_id=of_identity_id, identity_id=identity_id, said_by=said_by,
                created_at=at,
            )
        )  # fmt: skip
        session.flush()


_HOMES = "SELECT address_hash FROM household WHERE referral_id = ?"


def household_of(session: Session, referral_id: int) -> list[Household]:
    """The addresses of the child's own household, the oldest first."""
    query = select(Household).where(Household.referral_id == referral_id)
    return list(session.exec(query.order_by(col(Household.created_at), col(Household.id))))


def homes_of(session: Session, referral_id: int) -> set[str]:
    """The keyed hashes of those addresses."""
    return {found for (found,) in direct.ask(session, _HOMES, (referral_id,))}


def add_household(
    session: Session, seal: Seal, *, referral_id: int, found_by: str, address_class: str, value: str, said_by: str,
    at: datetime,
) -> bool:  # fmt: skip
    """An address of the child's household, once for each referral; whether it is new."""
    blind = seal.blind(found_by)
    query = select(Household.id).where(Household.referral_id == referral_id, Household.address_hash == blind)
    if session.exec(query).first() is not None:
        return False
    new = Household(
        referral_id=referral_id, address_class=address_class, address_hash=blind, sealed_address=b"", said_by=said_by,
        created_at=at,
    )  # fmt: skip
    new.sealed_address = seal.close(value.encode(), f"household:{new.id}")
    session.add(new)
    session.flush()
    return True


def household_address(seal: Seal, row: Household) -> str:
    """A household's address in the clear."""
    return seal.open(row.sealed_address, f"household:{row.id}").decode()
