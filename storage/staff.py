"""Who works here: accounts, signed-in sessions and the tokens of programs; secrets only as hashes."""

from __future__ import annotations

from collections.abc import Collection, Sequence, Set
from datetime import datetime
from enum import StrEnum

from sqlmodel import Field, Session, SQLModel, col, select

from storage.columns import UtcDateTime, new_id


class Role(StrEnum):
    """What somebody may do; each includes what stands before it but for ``readonly``."""

    READONLY = "readonly"  # programs and inspectors: the queue without identities
    CALL_TAKER = "call_taker"
    SOCIAL_WORKER = "social_worker"
    MANAGER = "manager"
    ADMINISTRATOR = "administrator"


class Staff(SQLModel, table=True):
    """One account. ``name`` is what one signs in with and what history shows.

    ``away_until``: nobody is to wait for them until then; ``deputy`` is who takes what is for them, empty: duty.
    """

    id: str = Field(default_factory=new_id, primary_key=True)
    name: str = Field(unique=True)
    role: str
    password_hash: str
    created_at: datetime = Field(sa_type=UtcDateTime)
    disabled_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    away_until: datetime | None = Field(default=None, sa_type=UtcDateTime)
    deputy: str = ""

    def is_away(self, now: datetime) -> bool:
        """Whether they are away at this time."""
        return self.away_until is not None and self.away_until > now


class SignIn(SQLModel, table=True):
    """One signed-in browser; the cookie holds the token, the row only its hash."""

    __tablename__ = "sign_in"

    token_hash: str = Field(primary_key=True)
    staff_id: str = Field(index=True)
    expires_at: datetime = Field(sa_type=UtcDateTime)


class Token(SQLModel, table=True):
    """One program's key to the API."""

    id: str = Field(default_factory=new_id, primary_key=True)
    name: str = Field(unique=True)
    role: str
    token_hash: str = Field(unique=True)
    created_at: datetime = Field(sa_type=UtcDateTime)
    revoked_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


def by_name(session: Session, name: str) -> Staff | None:
    """The account with this name."""
    return session.exec(select(Staff).where(Staff.name == name)).first()


def as_typed(name: str) -> str:
    """A name in the one form in which names that were typed are compared: no matter what case and what blanks."""
    return " ".join(name.split()).casefold()


def by_typed_name(session: Session, name: str) -> Staff | None:
    """The account that somebody means who typed this name, in whatever case and with whatever blanks."""
    wanted = as_typed(name)
    return next((each for each in session.exec(select(Staff)) if as_typed(each.name) == wanted), None)


def role_by_typed_name(session: Session, name: str) -> str | None:
    """The role of the account in force that somebody means who typed this name, else of the token that is called so."""
    wanted = as_typed(name)
    if not wanted:
        return None
    if found := by_typed_name(session, name):
        return found.role if found.disabled_at is None else None
    tokens = session.exec(select(Token).where(col(Token.revoked_at).is_(None)))
    return next((each.role for each in tokens if as_typed(each.name) == wanted), None)


def who_work_here(session: Session, roles: Collection[str]) -> Sequence[Staff]:
    """The accounts in force with one of these roles, by name."""
    query = select(Staff).where(col(Staff.role).in_(list(roles)), col(Staff.disabled_at).is_(None))
    return session.exec(query.order_by(col(Staff.name))).all()


def signed_in(session: Session, token_hash: str, now: datetime) -> Staff | None:
    """Whose browser this is, if the sign-in is in force and the account not disabled."""
    query = select(Staff).join(SignIn, col(SignIn.staff_id) == col(Staff.id))
    query = query.where(SignIn.token_hash == token_hash, col(SignIn.expires_at) > now)
    return session.exec(query.where(col(Staff.disabled_at).is_(None))).first()


def in_force(session: Session, token_hashes: Set[str], now: datetime) -> frozenset[str]:
    """Which of these sign-ins are in force still, their accounts not disabled."""
    query = select(SignIn.token_hash).join(Staff, col(SignIn.staff_id) == col(Staff.id))
    query = query.where(col(SignIn.token_hash).in_(token_hashes), col(SignIn.expires_at) > now)
    return frozenset(session.exec(query.where(col(Staff.disabled_at).is_(None))))


def token_in_force(session: Session, token_hash: str) -> Token | None:
    """The token with this hash, unless revoked."""
    return session.exec(select(Token).where(Token.token_hash == token_hash, col(Token.revoked_at).is_(None))).first()
