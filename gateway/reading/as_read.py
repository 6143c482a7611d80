"""What reading found out about a message, as its row keeps it: folds of its text, and who really sent it, sealed."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict

from channels.contract import Fold, FoldKind, Proof
from storage.message import Message
from storage.sealing import Seal


def written_folds(folds: Sequence[Fold]) -> str:
    """For ``Message.folds``."""
    return json.dumps([[fold.start, fold.end, fold.kind] for fold in folds])


def folds_of(message: Message) -> tuple[Fold, ...]:
    """What of the message's text is shown folded."""
    return tuple(Fold(start=start, end=end, kind=FoldKind(kind)) for start, end, kind in json.loads(message.folds))


def sealed_proof(seal: Seal, message_id: str, proof: Proof | None) -> bytes | None:
    """For ``Message.sealed_proof``: the domains in it may tell who wrote."""
    return seal.close(json.dumps(asdict(proof)).encode(), f"proof:{message_id}") if proof else None


def proof_of(seal: Seal, message: Message) -> Proof | None:
    """What is known of who really sent it; opening it is a read of who told us, to be recorded by the caller."""
    if message.sealed_proof is None:
        return None
    kept = json.loads(seal.open(message.sealed_proof, f"proof:{message.id}"))
    return Proof(**kept | {"domains": tuple(kept["domains"])})
