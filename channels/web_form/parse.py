"""Reads a posted form as a message: what is told, who tells it, and which address is safe to answer to."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from channels.contract import Address, AddressClass, Inbound, RawMessage, Unreadable, Way
from channels.numbers import address_of
from channels.web_form.body import Filled, NotAForm, take_apart
from channels.web_form.fields import CONCERN, LABELS, NOT_WORDS, REACHED_AT, REFERENCE, SAME_HOME, TRAP

_MAIL = re.compile(r"[^\s@<>,;]+@[^\s@<>,;]+\.[^\s@<>,;.]+")
_NO = frozenset({"no", "false", "off", "n", "0"})
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
        texts_are_safe=answer_by(typed) is AddressClass.MOBILE,
        ways=ways(typed),
        household=household(typed),
        facts=_facts(typed),
    )


def safe_address(typed: Mapping[str, str]) -> Address:
    """The one address we may write to or call: given and marked as safe. Email before text before post before call.

    Post to the home of the child is never safe: whoever lives there may open it. A number that is safe only to call
    is the sender's all the same; ``ways`` say that it may not be texted, and a person owes the call.
    """
    said = {way.address.kind: way for way in ways(typed)}
    for kind in (AddressClass.EMAIL, AddressClass.MOBILE, AddressClass.POSTAL):
        if kind in said and said[kind].is_safe:
            return said[kind].address
    return next((way.address for way in said.values() if way.safe_to_call), Address(kind=AddressClass.NONE))


def answer_by(typed: Mapping[str, str]) -> AddressClass:
    """What the page after sending says of how they will hear from us; ``LANDLINE`` is by a call."""
    address = safe_address(typed)
    by_text = any(way.address == address and way.is_safe for way in ways(typed))
    return AddressClass.LANDLINE if address.kind is AddressClass.MOBILE and not by_text else address.kind


def ways(typed: Mapping[str, str]) -> tuple[Way, ...]:
    """Every address that was given, and what was said of it: a tick is yes, a number ticked for the other use is no."""
    words = typed.get("safe_words", "")
    found: list[Way] = []
    if mail := _MAIL.fullmatch(typed.get("contact_email", "")):
        is_safe = _said(typed, "safe_email")
        found.append(Way(address=Address(kind=AddressClass.EMAIL, value=mail.group()), is_safe=is_safe, words=words))
    number = address_of(typed.get("contact_phone"))
    if number.value:
        found.append(_number(number, typed, words))
    if "contact_address" in typed:
        by_post = False if _said(typed, SAME_HOME) else _said(typed, "safe_post")
        address = Address(kind=AddressClass.POSTAL, value=typed["contact_address"])
        found.append(Way(address=address, is_safe=by_post, words=words))
    return tuple(found)


def household(typed: Mapping[str, str]) -> tuple[Address, ...]:
    """The addresses of the child's own home: where it is, and those of a sender who lives there too."""
    found = [Address(kind=AddressClass.POSTAL, value=typed["where"])] if "where" in typed else []
    if _said(typed, SAME_HOME):
        theirs = (way.address for way in ways(typed))
        found += [each for each in theirs if each.kind in (AddressClass.POSTAL, AddressClass.LANDLINE)]
    return tuple(found)


def _number(number: Address, typed: Mapping[str, str], words: str) -> Way:
    text, call = _said(typed, "safe_text"), _said(typed, "safe_phone")
    if number.kind is not AddressClass.MOBILE:
        return Way(address=number, safe_to_call=call, words=words)
    if text or call:
        text, call = bool(text), bool(call)
    return Way(address=number, is_safe=text, safe_to_call=call, words=words)


def _said(typed: Mapping[str, str], name: str) -> bool | None:
    """A tick, or a yes or no in words; None: nothing was said."""
    return typed[name].strip().casefold() not in _NO if name in typed else None


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
