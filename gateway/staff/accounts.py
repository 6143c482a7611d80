"""Who may come in: accounts with passwords, signed-in browsers, and the tokens of programs; secrets only as hashes."""

from __future__ import annotations

import base64
import hashlib
import secrets
from datetime import datetime, timedelta

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import delete
from sqlmodel import Session, col, select

from storage import staff
from storage.staff import Role, SignIn, Staff, Token

SHORTEST_PASSWORD = 10
SIGNED_IN_FOR = timedelta(hours=12)
HASHER = PasswordHasher()
NOBODYS = "$argon2id$v=19$m={},t={},p={}${}${}".format(
    HASHER.memory_cost, HASHER.time_cost, HASHER.parallelism,
    *(base64.b64encode(secrets.token_bytes(size)).decode().rstrip("=") for size in (HASHER.salt_len, HASHER.hash_len)),
)  # fmt: skip
"""Shaped like the hash of a password, at the same cost to hold one against, yet of none: what an unknown name has."""


def add_user(session: Session, name: str, role: Role, password: str, *, at: datetime) -> bool:
    """An account; False if the name is taken. A password shorter than ``SHORTEST_PASSWORD`` is a ValueError."""
    if len(password) < SHORTEST_PASSWORD:
        raise ValueError("the password is too short")
    if staff.by_name(session, name):
        return False
    session.add(Staff(name=name, role=role, password_hash=HASHER.hash(password), created_at=at))
    return True


def disable_user(session: Session, name: str, *, at: datetime) -> bool:
    """End an account and every browser signed in with it; False if there is no such account."""
    row = staff.by_name(session, name)
    if row is None:
        return False
    row.disabled_at = row.disabled_at or at
    session.add(row)
    session.execute(delete(SignIn).where(col(SignIn.staff_id) == row.id))
    return True


def known_by(session: Session, name: str, password: str) -> Staff | None:
    """The account these belong to. An unknown name takes as long as a wrong password, about 50 ms of one core."""
    row = staff.by_name(session, name)
    try:
        HASHER.verify(row.password_hash if row else NOBODYS, password)
    except (VerificationError, InvalidHashError):
        return None
    return row if row and row.disabled_at is None else None


def sign_in(session: Session, row: Staff, *, at: datetime) -> str:
    """The secret for the cookie of a new sign-in, in force for ``SIGNED_IN_FOR``; old ones are swept away."""
    session.execute(delete(SignIn).where(col(SignIn.expires_at) <= at))
    secret = secrets.token_urlsafe(32)
    session.add(SignIn(token_hash=hashed(secret), staff_id=row.id, expires_at=at + SIGNED_IN_FOR))
    return secret


def sign_out(session: Session, secret: str) -> None:
    """End one sign-in."""
    session.execute(delete(SignIn).where(col(SignIn.token_hash) == hashed(secret)))


def add_token(session: Session, name: str, role: Role, *, at: datetime) -> str | None:
    """A program's token, told this once; None if the name is taken."""
    if session.exec(select(Token).where(Token.name == name)).first():
        return None
    secret = f"fd_{secrets.token_urlsafe(32)}"
    session.add(Token(name=name, role=role, token_hash=hashed(secret), created_at=at))
    return secret


def revoke_token(session: Session, name: str, *, at: datetime) -> bool:
    """Shut a program out; False if there is no such token."""
    row = session.exec(select(Token).where(Token.name == name)).first()
    if row is None:
        return False
    row.revoked_at = row.revoked_at or at
    session.add(row)
    return True


def hashed(secret: str) -> str:
    """What is kept of a random secret: its sha256 (64 hex digits)."""
    return hashlib.sha256(secret.encode()).hexdigest()
