"""What a call taker types: a talk on the phone or at the desk, written down while it happens or after."""

from __future__ import annotations

import json
import re
import secrets
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from hashlib import sha256

from channels.contract import (
    Accept,
    Address,
    AddressClass,
    Answerable,
    Inbound,
    RawMessage,
    Unreadable,
    Way,
    WayIn,
)
from channels.numbers import address_of

KEPT_APART = frozenset({"callback", "caller_name", "email", "relation", "organisation", "post", "code_word"})
NOTHING = "the call ended before anything was written down"
OURS, BY_MACHINE = "ours", "a notice of the machine's own"
DESK, ABOUT_DESK = "desk", "staff wrote of the desk itself"
UNFINISHED = "the call was not finished"
_NOT_SAID = ("text", "note_id", "continues", "unfinished")
_ASKED = ("safe_text", "safe_call", "safe_email", "safe_post")
_NO = frozenset({"no", "false", "n", "0"})
_MAIL = re.compile(r"[^\s@<>,;]+@[^\s@<>,;]+\.[^\s@<>,;.]+")
_LABELS = {
    "caller_name": "Caller",
    "callback": "Call back",
    "email": "Email",
    "post": "Post to",
    "relation": "To the child they are",
    "organisation": "They work for",
    "code_word": "Code word",
    "in_danger": "Is a child in danger now",
    "safe_words": "How to reach them safely",
    "for_worker": "For",
    "child": "Child or children",
    "where": "Where the child is",
    "how_they_know": "How they know",
    "interpreter": "Language and interpreter",
    "told_by": "How we were told",
}


class Note:
    """Notes come in by the staff page and the API, which call ``note_message``; this channel has no door of its own."""

    name = "note"

    def door(self, accept: Accept) -> None:
        """None: staff are let in by the gateway."""

    def parse(self, raw: RawMessage) -> Inbound:
        """The note as a message. The caller was told the reference by the call taker (V5); of ours there is none."""
        note = _words_of(raw.body)
        text = note.get("text", "")
        if OURS in raw.envelope:
            return Inbound(
                sender=Address(kind=AddressClass.NONE), text=text, cannot_answer=BY_MACHINE,
                answerable=Answerable.MACHINE, answerable_reason=BY_MACHINE,
            )  # fmt: skip
        if DESK in raw.envelope:
            words = f"{text}\n\nWritten by {raw.envelope['taken_by']}, on the page {raw.envelope[DESK]}"
            return Inbound(
                sender=Address(kind=AddressClass.NONE), text=words, thread_text=ABOUT_DESK, cannot_answer=ABOUT_DESK,
                answerable=Answerable.MACHINE, answerable_reason=ABOUT_DESK,
            )  # fmt: skip
        sender = _safe_address(note)
        by_hand = UNFINISHED if "unfinished" in note else "" if text else NOTHING
        return Inbound(
            sender=sender,
            sender_name="\n".join(_who(note, sender)),
            text="\n\n".join(_paragraphs(note)),
            thread_text=note.get("continues")
            or "\n".join(note[name] for name in ("reference", "text") if name in note),
            answered_by_door="voice" if text and not by_hand else None,
            by_hand=by_hand,
            texts_are_safe=sender.kind is AddressClass.MOBILE and _said(note, "safe_text") is True,
            ways=_ways(note),
            facts={name: words for name, words in note.items() if name not in _NOT_SAID},
        )

    def ways_in(self) -> tuple[WayIn, ...]:
        """None of its own: people reach a call taker by phone."""
        return ()


def note_message(payload: bytes, taken_by: str, *, is_ours: bool = False, on_page: str = "") -> RawMessage:
    """The raw message of a note. ``payload`` is JSON: text, callback, email, for_worker, caller_name, child,
    safe_text, safe_call, safe_email, safe_post, safe_words, code_word, post, relation, organisation, in_danger, where,
    how_they_know, interpreter, language_instead, child_told_us, told_by, told_at, reference, about, note_id; all
    optional, ``told_at`` an aware ISO time. ``about`` is the reference of a report to be linked, ``continues`` the one
    it adds to, ``unfinished``: nobody ended the call.

    A note saved twice under one ``note_id`` with the same words is one note. The clock starts when the caller told
    us, not when it was typed. ``is_ours``: this system wrote it, and nobody was told or is to be told anything.
    ``on_page``: no caller said it, it is about the desk itself and this page of it.
    """
    note = _tolerantly(payload)
    own_id = note.get("note_id") or secrets.token_urlsafe(16)
    return RawMessage(
        channel="note",
        source_key=sha256(b"\0".join((taken_by.encode(), own_id.encode(), payload))).hexdigest(),
        body=payload,
        media_type="application/json",
        envelope={"taken_by": taken_by, **({OURS: "yes"} if is_ours else {}), **({DESK: on_page} if on_page else {})},
        received_at=_past_time(note.get("told_at", "")),
    )


def _words_of(payload: bytes) -> dict[str, str]:
    """The filled-in fields of a note as text; raises ``Unreadable``."""
    try:
        found = json.loads(payload)
    except (ValueError, RecursionError):
        raise Unreadable("not a note") from None
    if not isinstance(found, dict):
        raise Unreadable("not a note")
    words = {
        str(name): "no" if value is False and name in _ASKED else _as_words(value) for name, value in found.items()
    }
    return {name: value for name, value in words.items() if value}


def _as_words(value: object) -> str:
    if value is None or value is False:
        return ""
    if value is True:
        return "yes"
    return value.strip() if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _tolerantly(payload: bytes) -> dict[str, str]:
    try:
        return _words_of(payload)
    except Unreadable:
        return {}


def _past_time(said: str) -> datetime | None:
    """An aware time that has passed; None means now."""
    try:
        at = datetime.fromisoformat(said)
    except ValueError:
        return None
    if at.tzinfo is None or at > datetime.now(UTC):
        return None
    return at.astimezone(UTC)


def _said(note: Mapping[str, str], name: str) -> bool | None:
    """What the caller answered; None: nobody asked."""
    return note[name].casefold() not in _NO if name in note else None


def _ways(note: Mapping[str, str]) -> tuple[Way, ...]:
    """The number to call back on, the mail and the postal address, with what the caller said of each."""
    words, found = note.get("safe_words", ""), []
    if "code_word" in note:
        words = "\n".join(filter(None, [words, f"Code word: {note['code_word']}"]))
    number = address_of(note.get("callback"))
    if number.value:
        is_safe = _said(note, "safe_text") if number.kind is AddressClass.MOBILE else None
        found.append(Way(address=number, is_safe=is_safe, safe_to_call=_said(note, "safe_call"), words=words))
    if mail := _MAIL.fullmatch(note.get("email", "")):
        address = Address(kind=AddressClass.EMAIL, value=mail.group())
        found.append(Way(address=address, is_safe=_said(note, "safe_email"), words=words))
    if "post" in note:
        address = Address(kind=AddressClass.POSTAL, value=note["post"])
        found.append(Way(address=address, is_safe=_said(note, "safe_post"), words=words))
    return tuple(found)


def _safe_address(note: Mapping[str, str]) -> Address:
    """The number the caller asked to be called on, else their mail address if it is safe.

    Whether the number may be texted is in ``ways``: without a yes a person calls and no machine writes.
    """
    given = _ways(note)
    written = (AddressClass.EMAIL, AddressClass.POSTAL)
    numbers = [way.address for way in given if way.address.kind not in written]
    safe = [way.address for way in given if way.address.kind in written and way.is_safe]
    return next(iter([*numbers, *safe]), Address(kind=AddressClass.NONE))


def _paragraphs(note: Mapping[str, str]) -> Iterator[str]:
    """What was written down, then the rest under labels; who called is kept apart."""
    if "text" in note:
        yield note["text"]
    yield from (f"{label}: {note[name]}" for name, label in _LABELS.items() if name in note and name not in KEPT_APART)


def _who(note: Mapping[str, str], sender: Address) -> Iterator[str]:
    """The caller's name and what tells who they are, and of calling back what is no number we can read."""
    if "caller_name" in note:
        yield note["caller_name"]
    if "callback" in note and not address_of(note["callback"]).value:
        yield f"Call back: {note['callback']}"
    if "email" in note and note["email"] != sender.value:
        yield f"Email: {note['email']}"
    yield from (f"{_LABELS[name]}: {note[name]}" for name in ("relation", "organisation", "code_word") if name in note)
