"""Reads a posted form as a message: what is told, who tells it, and which address is safe to answer to."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from channels.contract import Address, AddressClass, Inbound, RawMessage, Unreadable
from channels.numbers import address_of
from channels.web_form.body import Filled, NotAForm, take_apart
from channels.web_form.fields import CONCERN, LABELS, NOT_WORDS, REACHED_AT, REFERENCE, TRAP

_MAIL = re.compile(r"[^\s@<>,;]+@[^\s@<>,;]+\.[^\s@<>,;.]+")
_IN_PART = "Part of this form could not be read. Look at the original."


def read_form(raw: RawMessage) -> Inbound:
    """The message; raises ``Unreadable`` for a body that is no form at all."""
    try:
        filled = take_apart(raw.body, raw.media_type)
    except NotAForm:
        raise Unreadable("not a form") from None
    typed = filled.typed
    sender = safe_address(typed)
    return Inbound(
        sender=sender,
        sender_name="\n".join(_who(typed, sender)),
        text="\n\n".join(_paragraphs(filled)),
        thread_text="\n".join(typed[name] for name in (REFERENCE, CONCERN) if name in typed),
        enclosures=filled.files,
        answered_by_door="web",
        texts_are_safe=sender.kind is AddressClass.MOBILE,
        facts=_facts(typed),
    )


def safe_address(typed: Mapping[str, str]) -> Address:
    """The one address we may write to or call: given and marked as safe. Email before text before post before call.

    A mobile that is safe only to call is classed as a landline, as every number that may not be texted: then no
    machine writes to it and a person owes the call.
    """
    mail = _MAIL.fullmatch(typed.get("contact_email", ""))
    if mail and "safe_email" in typed:
        return Address(kind=AddressClass.EMAIL, value=mail.group())
    number = address_of(typed.get("contact_phone"))
    if number.kind is AddressClass.MOBILE and "safe_text" in typed:
        return number
    if "contact_address" in typed and "safe_post" in typed:
        return Address(kind=AddressClass.POSTAL, value=typed["contact_address"])
    if number.value and "safe_phone" in typed:
        return Address(kind=AddressClass.LANDLINE, value=number.value)
    return Address(kind=AddressClass.NONE)


def _paragraphs(filled: Filled) -> Iterator[str]:
    """The concern as it was typed, then every other answer under its label; who told us is kept apart from it."""
    typed = filled.typed
    if CONCERN in typed:
        yield typed[CONCERN]
    answers = [(label, typed[name]) for name, label in LABELS.items() if name in typed and name not in KEPT_APART]
    others = [(name, words) for name, words in typed.items() if name not in LABELS and name not in NOT_WORDS]
    yield from (f"{label}: {words}" for label, words in (*answers, *others))
    if not filled.whole:
        yield _IN_PART


def _who(typed: Mapping[str, str], sender: Address) -> Iterator[str]:
    """The name, then every other way to reach them that was given beside the one address we may use."""
    if "name" in typed:
        yield typed["name"]
    used = _FIELD_OF.get(sender.kind) if sender.value else None
    yield from (f"{label}: {typed[name]}" for name, label in REACHED_AT.items() if name in typed and name != used)


KEPT_APART = frozenset(REACHED_AT) | {"name"}
_FIELD_OF = {
    AddressClass.EMAIL: "contact_email",
    AddressClass.MOBILE: "contact_phone",
    AddressClass.LANDLINE: "contact_phone",
    AddressClass.POSTAL: "contact_address",
}


def _facts(typed: Mapping[str, str]) -> dict[str, str]:
    facts = {name: words for name, words in typed.items() if name in LABELS}
    if TRAP in typed:
        facts["form_trap"] = "a field that people do not see was filled in: a program may have sent this"
    return facts
