"""Authenticated encryption of what people sent and of who they are."""

from __future__ import annotations

import contextlib
import hashlib
import hmac
import os
import secrets
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

NONCE = 12


class SealBroken(Exception):
    """The sealed bytes were changed, moved to another row, or sealed with another key."""


class KeyUnusable(Exception):
    """The key file is missing where data exists already, or is not 32 bytes: nothing could be read back."""


class Seal:
    """AES-256-GCM with a random nonce; ``label`` binds a sealed value to its place, so it cannot be swapped."""

    def __init__(self, key: bytes) -> None:
        if len(key) != 32:
            raise KeyUnusable("the key must be 32 bytes")
        self._aead = AESGCM(hmac.digest(key, b"frontdoor seal", "sha256"))
        self._blind = hmac.digest(key, b"frontdoor blind index", "sha256")
        self._derive = hmac.digest(key, b"frontdoor derived keys", "sha256")

    def close(self, plain: bytes, label: str) -> bytes:
        """Nonce and ciphertext with tag."""
        nonce = os.urandom(NONCE)
        return nonce + self._aead.encrypt(nonce, plain, label.encode())

    def open(self, sealed: bytes, label: str) -> bytes:
        """The plain bytes; raises ``SealBroken``."""
        try:
            return self._aead.decrypt(sealed[:NONCE], sealed[NONCE:], label.encode())
        except (InvalidTag, ValueError) as error:
            raise SealBroken(label.split(":", maxsplit=1)[0]) from error

    def blind(self, value: str) -> str:
        """A keyed hash by which an address can be found without being stored in the clear (64 hex digits)."""
        return hmac.digest(self._blind, value.encode(), "sha256").hex()

    def key_for(self, purpose: str) -> bytes:
        """A 32-byte key of its own for cookies, codes and the like."""
        return hmac.digest(self._derive, purpose.encode(), hashlib.sha256)


def load_seal(path: Path, *, may_create: bool) -> Seal:
    """The key in ``path`` (0600); made at first start, never again once there is data."""
    if path.exists():
        return Seal(path.read_bytes())
    if not may_create:
        raise KeyUnusable("the key file is missing")
    path.parent.mkdir(parents=True, exist_ok=True)
    aside = path.with_name(f".{path.name}-{secrets.token_hex(8)}")
    descriptor = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(os.urandom(32))
        file.flush()
        os.fsync(file.fileno())
    with contextlib.suppress(FileExistsError):  # another process was first: its key it is
        path.hardlink_to(aside)
    aside.unlink()
    sync_folder(path.parent)
    return Seal(path.read_bytes())


def sync_file(path: Path) -> None:
    """Make what anybody wrote to a file durable; one that is gone needs nothing. Raises OSError."""
    with contextlib.suppress(FileNotFoundError):
        sync_folder(path)


def sync_folder(folder: Path) -> None:
    """Make the names in a folder durable."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
