"""What is known of a caller and their call, in the few words that stand on a page about it."""

from __future__ import annotations

from typing import Protocol

from gateway import languages
from storage.referral import Reached


class OfACall(Protocol):
    """A referral as far as a call tells of it."""

    @property
    def child_told_us(self) -> bool:
        """The caller chose the way for people under 18, or staff said that a child told us."""

    @property
    def language(self) -> str:
        """ISO 639-1; empty if none was asked for."""

    @property
    def recording_refused(self) -> bool:
        """The caller did not want to be recorded."""

    @property
    def asked_for(self) -> str:
        """What was chosen by key."""

    @property
    def reached(self) -> str:
        """How far the call got."""

    @property
    def call_seconds(self) -> int | None:
        """How long it was; None while it lasts, and where there was no call."""


CHOSE = {
    "worried": "Worried about a child", "under-18": "Under 18, wants help", "add-or-ask": "Add to a report, or ask",
    "addition": "Add to a report", "for-a-worker": "Message for a worker", "not-safe": "A child is not safe tonight",
    "later": "It can wait",
}  # fmt: skip
GOT_TO = {
    Reached.MENU: "hung up before choosing anything", Reached.CHOSE: "hung up after choosing",
    Reached.RANG: "nobody could take the call", Reached.MESSAGE: "came to the recorder",
    Reached.SPOKE: "spoke to a person",
}  # fmt: skip


def marks(seen: OfACall) -> tuple[str, ...]:
    """What whoever takes it should know at once, for a line of the queue."""
    known = (
        (seen.asked_for == "under-18", "Under 18"),
        (bool(seen.language), f"Asked for {languages.name_of(seen.language)}"),
        (seen.recording_refused, "Not to be recorded"),
    )
    return tuple(words for holds, words in known if holds)


def facts(seen: OfACall) -> tuple[tuple[str, str], ...]:
    """Each fact with its name, for the strip above a referral."""
    known = (
        ("Caller", "Under 18" if seen.asked_for == "under-18" else ""),
        ("Language", f"{languages.name_of(seen.language)}: get an interpreter, never family" if seen.language else ""),
        ("Recording", "Refused: write notes" if seen.recording_refused else ""),
        ("Chose", CHOSE.get(seen.asked_for, "")),
        ("Call", _call(seen)),
    )
    return tuple((name, words) for name, words in known if words)


def _call(seen: OfACall) -> str:
    got_to = GOT_TO.get(Reached(seen.reached), "") if seen.reached else ""
    length = "" if seen.call_seconds is None else _length(seen.call_seconds)
    said = ", ".join(part for part in (length, got_to) if part)
    return f"{said[:1].upper()}{said[1:]}"


def _length(seconds: int) -> str:
    minutes, rest = divmod(seconds, 60)
    return f"{minutes} min {rest} s" if minutes else f"{rest} s"


IN_TEMPLATES = {"call_facts": facts, "call_marks": marks, "asked_language": languages.name_of}
