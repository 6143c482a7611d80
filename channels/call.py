"""What a kept webhook of a call says, for the two channels a call feeds."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

from channels.contract import Address, RawMessage, Unreadable
from channels.numbers import address_of
from channels.twilio_account import SignedForm, form_of


def call_form(raw: RawMessage) -> Mapping[str, str]:
    """The fields of a webhook of a call; raises ``Unreadable`` when it is none."""
    try:
        form = {name: str(value) for name, value in form_of(raw.body).items()}
    except ValueError:
        raise Unreadable("too many fields for a webhook") from None
    if not form.get("CallSid"):
        raise Unreadable("not a webhook of a call")
    return form


def caller(form: Mapping[str, str] | SignedForm) -> Address:
    """Who rang; NONE when the webhook does not say, as those about recordings."""
    fields = form.form if isinstance(form, SignedForm) else form
    said = fields.get("From", fields.get("Caller"))
    return address_of(None if said is None else str(said))


def said(**facts: str | None) -> dict[str, str]:
    """The facts that are known, without the blank ones."""
    return {name: value for name, value in facts.items() if value}


def id_of(form: SignedForm, field: str) -> str:
    """The provider's id of an event; a nameless one is known by its bytes, so that no two count as one."""
    return form.value(field) or hashlib.sha256(form.raw).hexdigest()
