"""The one list of what proposes values from words."""

from __future__ import annotations

from collections.abc import Sequence

from gateway.proposing.contract import Proposer
from gateway.proposing.rules import Rules


def proposers() -> Sequence[Proposer]:
    """In the order they are asked: what an earlier one found is not proposed again. A model is one more line."""
    return (
        Rules(),
    )  # fmt: skip
