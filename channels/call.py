"""What the channels at the telephony provider's doors have in common: facts without blanks, and an event's name."""

from __future__ import annotations

import hashlib

from channels.twilio_account.signature import SignedForm


def said(**facts: str | None) -> dict[str, str]:
    """The facts that are known, without the blank ones."""
    return {name: value for name, value in facts.items() if value}


def id_of(form: SignedForm, field: str) -> str:
    """The provider's id of an event; a nameless one is known by its bytes, so that no two count as one."""
    return form.value(field) or hashlib.sha256(form.raw).hexdigest()
