"""A name service of invented domains, and mails that are really signed."""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from functools import cache

import dkim
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from channels.contract import Proof, RawMessage
from channels.email.proof import Names, NotAnswered, SenderChecks, When, proof_in
from channels.email.proof.border import Border
from channels.email.proof.names import Questions
from tests.channels.email.northshire import as_kept

SERVER = "192.0.2.7"
OTHER_SERVER = "198.51.100.9"
KEY_NAME = "s1._domainkey.school.example"


class Zone:
    """Answers from a table of ``(name, kind)``; ``asked`` is what it was asked, ``is_away``: it says nothing."""

    def __init__(self, records: Mapping[tuple[str, str], Sequence[str]]) -> None:
        self.records, self.asked, self.is_away = dict(records), list[tuple[str, str]](), False

    def __call__(self, name: str, kind: str, seconds: float) -> Sequence[bytes]:
        self.asked.append((name, kind))
        if self.is_away:
            raise NotAnswered
        return [text.encode() for text in self.records.get((name, kind), ())]

    def questions(self) -> Questions:
        return Names(self).within(5)


@cache
def a_key(bits: int = 1024) -> tuple[bytes, str]:
    """A private key in PEM and the record of its public half."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=bits)
    pem = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.TraditionalOpenSSL, serialization.NoEncryption()
    )
    spki = serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    return pem, f"v=DKIM1; k=rsa; p={base64.b64encode(key.public_key().public_bytes(*spki)).decode()}"


def a_zone(**texts: str) -> Zone:
    """The school publishes its key; ``texts`` are further TXT records, ``__`` for a dot, ``_`` as it stands."""
    records = {(KEY_NAME, "TXT"): [a_key()[1]]}
    return Zone(records | {(name.replace("__", "."), "TXT"): [text] for name, text in texts.items()})


def signed(mail: bytes, *, domain: str = "school.example", selector: str = "s1", length: bool = False) -> bytes:
    """The mail with a signature of that domain on top, by the key of these tests."""
    header = dkim.sign(
        mail, selector.encode(), domain.encode(), a_key()[0], canonicalize=(b"relaxed", b"relaxed"), length=length
    )
    return bytes(header) + mail


async def proof_of(
    mail: bytes, zone: Zone, *, mail_from: str = "jo@school.example", peer: str = f"{SERVER}:4711",
    when: When = When.PUBLIC, border: Border | None = None,
) -> Proof:  # fmt: skip
    """What our own check finds."""
    kept = as_kept(mail, mail_from=mail_from)
    raw = RawMessage(**kept.__dict__ | {"envelope": {**kept.envelope, "peer": peer, "helo": "mx.school.example"}})
    checks = SenderChecks(
        names=Names(zone), known_as=lambda domain: "school" if domain == "school.example" else "", when=when,
        border=border,
    )  # fmt: skip
    proof = proof_in((await checks.prove(raw)).envelope)
    checks.close()
    assert proof is not None
    return proof
