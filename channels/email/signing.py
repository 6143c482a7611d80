"""Signs what we send (DKIM, RFC 6376), so that others can tell our notices from forgeries."""

from __future__ import annotations

import base64
import logging
import re
from dataclasses import dataclass
from pathlib import Path

import dkim
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

SHORTEST_KEY = 1024
SELECTOR = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*", re.IGNORECASE)
log = logging.getLogger(__name__)
_SIGNED = (
    b"From", b"To", b"Subject", b"Date", b"Message-ID", b"In-Reply-To", b"References", b"Auto-Submitted",
    b"MIME-Version", b"Content-Type", b"Reply-To",
)  # fmt: skip


class WrongKey(ValueError):
    """The key file holds no key that mail can be signed with; the message says what is wrong."""


@dataclass(frozen=True, kw_only=True)
class Signing:
    """The key that our domain's mail is signed with, and under which name its other half is published.

    ``key`` is as the library takes it: PEM in PKCS#1 for RSA, the base64 of the seed for Ed25519.
    """

    selector: str
    domain: str
    algorithm: bytes
    key: bytes
    public: str

    def signed(self, mail: bytes) -> bytes:
        """The mail with its signature on top; a mail that cannot be signed goes as it is.

        Each of the fields is signed once more than it is there: a second subject or author that somebody adds on the
        way breaks the signature.
        """
        try:
            return self._signature(mail) + mail
        except dkim.DKIMException as error:
            log.error("a notice goes without a signature: %s", type(error).__name__)
            return mail

    def _signature(self, mail: bytes) -> bytes:
        signing = dkim.DKIM(mail, signature_algorithm=self.algorithm)
        there = [name.lower() for name, _ in signing.headers]
        covers = [name for each in _SIGNED for name in [each] * (there.count(each.lower()) + 1)]
        header: bytes = signing.sign(
            self.selector.encode(), self.domain.encode("idna"), self.key, include_headers=covers,
            canonicalize=(b"relaxed", b"relaxed"),
        )  # fmt: skip
        return header

    @property
    def record_name(self) -> str:
        """Where the record below is published."""
        return f"{self.selector}._domainkey.{self.domain.encode('idna').decode()}"

    @property
    def record(self) -> str:
        """The text to publish (RFC 6376 3.6.1)."""
        return f"v=DKIM1; k={'rsa' if self.algorithm == b'rsa-sha256' else 'ed25519'}; p={self.public}"


def signing_of(key_file: Path, selector: str, *, mail_from: str) -> Signing:
    """From the settings; raises ``WrongKey`` that says what is wrong, without the key."""
    if not SELECTOR.fullmatch(selector):
        raise WrongKey("the selector must be a name such as frontdoor2026")
    key = _loaded(key_file)
    domain = mail_from.rpartition("@")[2].lower()
    if isinstance(key, Ed25519PrivateKey):
        raw = serialization.Encoding.Raw, serialization.PublicFormat.Raw
        seed = base64.b64encode(key.private_bytes_raw())
        public = base64.b64encode(key.public_key().public_bytes(*raw)).decode()
        return Signing(selector=selector, domain=domain, algorithm=b"ed25519-sha256", key=seed, public=public)
    pem = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.TraditionalOpenSSL, serialization.NoEncryption()
    )
    spki = serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    public = base64.b64encode(key.public_key().public_bytes(*spki)).decode()
    return Signing(selector=selector, domain=domain, algorithm=b"rsa-sha256", key=pem, public=public)


def _loaded(key_file: Path) -> RSAPrivateKey | Ed25519PrivateKey:
    try:
        key = serialization.load_pem_private_key(key_file.read_bytes(), password=None)
    except OSError as error:
        raise WrongKey(f"the file cannot be read: {error.strerror or type(error).__name__}") from None
    except (ValueError, TypeError, UnsupportedAlgorithm):
        raise WrongKey("the file holds no private key in PEM without a password") from None
    if isinstance(key, Ed25519PrivateKey):
        return key
    if not isinstance(key, RSAPrivateKey):
        raise WrongKey("the key must be RSA or Ed25519")
    if key.key_size < SHORTEST_KEY:
        raise WrongKey(f"an RSA key must have at least {SHORTEST_KEY} bits")
    return key
