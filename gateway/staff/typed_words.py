"""What was typed into a step's form, in the words of the form, for whoever must read it before it is done."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from gateway.staff.plain_words import DECISIONS, LEVELS, RATINGS

LABELS = {
    "code": "Decision", "severity": "Rating", "level": "Level of need", "reason": "Why",
    "reasons_for_sender": "Reasons for the sender", "told_as": "The sender is told as",
    "contact_source": "Who told us, for the census", "primary_need": "Primary need, for the census",
    "child_told_us": "A child told us", "may_be_malicious": "It may be malicious",
    "handed_to": "Passed to", "handed_phone": "Their phone number",
    "worker": "Worker the message is for", "answer_by": "Answer needed by", "question": "The question",
    "who_acts": "Who acts if no answer comes", "rests_on": "Confirmed values it rests on",
    "accepted_by": "Accepted by", "case_id": "Number in the case system", "receipt": "Their receipt",
    "read_by": "Read by", "answer": "What was answered", "their_reference": "Their reference",
    "address_from_sender": "This sender gave the address",
}  # fmt: skip
SAID: Mapping[str, Mapping[str, str]] = {"code": DECISIONS, "severity": RATINGS, "level": LEVELS}


@dataclass(frozen=True, kw_only=True)
class Line:
    """One field of a form, as it is called there, and what stands in it."""

    label: str
    said: str


def lines(typed: Mapping[str, str]) -> list[Line]:
    """Every field that somebody filled in, in the order of the form."""
    named = [name for name in LABELS if typed.get(name, "").strip()]
    return [Line(label=LABELS[name], said=_said(name, typed[name])) for name in named]


def _said(name: str, value: str) -> str:
    if name == "rests_on":
        return str(len(value.split()))
    return SAID[name].get(value, value) if name in SAID else value
