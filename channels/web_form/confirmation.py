"""The link to the page with the reference: sealed, so that a browser's history shows nothing, and soon worthless."""

from __future__ import annotations

import base64
import hashlib
import json
from dataclasses import dataclass
from datetime import datetime, timedelta

from cryptography.fernet import Fernet, InvalidToken

from channels.contract import AddressClass

GOOD_FOR = timedelta(minutes=30)


@dataclass(frozen=True, kw_only=True)
class Confirmation:
    """What the page after sending tells. ``answer_by``: the kind of address that was given and marked as safe."""

    reference: str
    received_at: datetime
    look_by: datetime
    answer_by: AddressClass = AddressClass.NONE
    named: bool = False


class SealedLink:
    """Seals a confirmation into a word for a web address and opens it again. ``key`` is any secret bytes."""

    def __init__(self, key: bytes) -> None:
        self._seal = Fernet(
            base64.urlsafe_b64encode(hashlib.blake2b(key, digest_size=32, person=b"confirmation").digest())
        )

    def close(self, confirmation: Confirmation, *, now: datetime) -> str:
        """The sealed word, good for ``GOOD_FOR`` from ``now``."""
        told = {
            "reference": confirmation.reference,
            "received_at": confirmation.received_at.isoformat(),
            "look_by": confirmation.look_by.isoformat(),
            "answer_by": confirmation.answer_by.value,
            "named": confirmation.named,
        }
        return self._seal.encrypt_at_time(json.dumps(told).encode(), int(now.timestamp())).decode()

    def open(self, word: str, *, now: datetime) -> Confirmation | None:
        """What was sealed; None for a word that is not ours or too old."""
        try:
            told = json.loads(self._seal.decrypt_at_time(word, int(GOOD_FOR.total_seconds()), int(now.timestamp())))
        except (InvalidToken, ValueError):
            return None
        return Confirmation(
            reference=told["reference"],
            received_at=datetime.fromisoformat(told["received_at"]),
            look_by=datetime.fromisoformat(told["look_by"]),
            answer_by=AddressClass(told["answer_by"]),
            named=told["named"],
        )
