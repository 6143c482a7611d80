"""What a caller's keys and words mean: how far a call has come once they were pressed or said."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from channels.calls.asking import TRIES_IN_A_CALL
from channels.calls.events import BridgeEnded, CallEvent, KeysPressed, MovedOn
from channels.calls.steps import Choice, SoFar, Step, StepName
from channels.contract import Address, AddressClass

OPEN_KEYS = {"1": Choice.WORRIED, "2": Choice.UNDER_18, "3": Choice.ADD_OR_ASK, "4": Choice.FOR_A_WORKER}
CLOSED_KEYS = {"1": Choice.NOT_SAFE, "2": Choice.LATER, "3": Choice.ADD_OR_ASK, "4": Choice.FOR_A_WORKER}
NOT_RECORDED, OTHER_LANGUAGE = "5", "9"
REFUSING = ("do not record", "don't record", "no recording", "not be recorded")
REFUSES = re.compile(
    r"(?:\b(?:not|no|never|without|stop|refuse|rather|dont|cant)|n't)\b.{0,40}\b(?:record(?:ed|ing)?|tap(?:e|ed|ing))\b"
    r"|\brecord(?:ing|er)?\b.{0,15}\b(?:no|off)\b",
    re.IGNORECASE,
)
ADD, AGAIN = "1", "2"
MOST_TRIES = 2


@dataclass(frozen=True, kw_only=True)
class Numbers:
    """Who can be rung: the duty worker, the night team and a line of interpreters; None is nobody."""

    duty: str | None = None
    night: str | None = None
    language_line: str | None = None

    def to_ring(self, so_far: SoFar) -> Sequence[str]:
        """In which order, for this caller at this hour."""
        person = (self.night or self.duty) if so_far.closed else self.duty
        first = self.language_line if so_far.language else None
        return list(dict.fromkeys(number for number in (first, person) if number))

    def next(self, so_far: SoFar) -> str | None:
        """Who is rung next, None when everybody was."""
        return next(iter(self.to_ring(so_far)[so_far.rung :]), None)


def may_ask_again(keys: str, so_far: SoFar) -> bool:
    """Whether the caller wants to key in another reference and has not done so too often."""
    return keys == AGAIN and so_far.tries < TRIES_IN_A_CALL


def can_be_called_back(caller: Address) -> bool:
    """Whether their number was shown."""
    return caller.kind in (AddressClass.MOBILE, AddressClass.LANDLINE)


def is_refusal(words: str) -> bool:
    """Whether somebody says that they do not want to be recorded."""
    return bool(REFUSES.search(words.replace("’", "'")))


def after(step: Step, event: CallEvent, languages: Sequence[str]) -> SoFar:
    """What the call has come to by this event; ``languages`` are the codes of the menu of languages, in its order."""
    so_far = step.so_far
    match step.name, event:
        case StepName.CHOSEN | StepName.CHOICES, KeysPressed(keys=keys, words=words):
            if keys == NOT_RECORDED or is_refusal(words):
                return replace(so_far, refused=True)
            meanings = CLOSED_KEYS if so_far.closed else OPEN_KEYS
            return replace(so_far, choice=meanings.get(keys, Choice.NOTHING))
        case StepName.LANGUAGE, KeysPressed(keys=keys):
            code = languages[int(keys) - 1] if keys.isdecimal() and 0 < int(keys) <= len(languages) else ""
            return replace(so_far, language=code)
        case StepName.DIALLED, BridgeEnded(answered=False):
            return replace(so_far, rung=so_far.rung + 1)
        case (StepName.UNRECORDED, MovedOn()) | (StepName.OFFERED, KeysPressed()):
            return replace(so_far, tries=min(so_far.tries + 1, TRIES_IN_A_CALL))
        case StepName.ADDING, KeysPressed(keys=keys) if keys == ADD:
            return replace(so_far, choice=Choice.ADDITION)
        case StepName.REFERENCE, _:
            return replace(so_far, tries=min(so_far.tries + 1, TRIES_IN_A_CALL))
    return so_far
