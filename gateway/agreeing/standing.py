"""A mark of a referral as it stands: what was shown or asked on one mark is not done on another."""

from __future__ import annotations

import hashlib

from storage.referral import Referral

WEIGHED = (
    "reference", "state", "severity", "severity_floor", "severity_highest", "told_as", "child_told_us",
    "may_be_malicious", "linked_to", "identity_id", "last_message_at", "looked_at", "decided_at", "decision_code",
    "handed_to", "asked_who_acts",
)  # fmt: skip
"""What somebody weighs who decides: not who is at it, when it is due or what was noted in the history."""


def as_it_stands(row: Referral, asked_by: str = "") -> str:
    """64 hex digits. With ``asked_by``, somebody else's having taken it over makes it another."""
    taken_by = row.owner if asked_by and row.owner not in (None, asked_by) else ""
    words = [str(getattr(row, name)) for name in WEIGHED] + [str(taken_by)]
    return hashlib.sha256("\x1f".join(words).encode()).hexdigest()
