"""What was found when the telephone's set-up was looked at, and what could be changed about it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class State(StrEnum):
    """``CANNOT_BE_SEEN`` is neither well nor wrong: a person has to look somewhere else."""

    OK = "ok"
    WRONG = "wrong"
    CANNOT_BE_SEEN = "cannot_be_seen"


@dataclass(frozen=True, kw_only=True)
class Change:
    """One setting of the number by the name of its attribute, as it is and as it has to be; blank is not set."""

    name: str
    before: str
    after: str

    @property
    def title(self) -> str:
        """Its name in the provider's API and console, such as VoiceUrl."""
        return "".join(part.capitalize() for part in self.name.split("_"))


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One line for the operator: what was looked at, how it is, what to do, and which settings would put it right."""

    state: State
    part: str
    what: str
    to_do: str = ""
    changes: tuple[Change, ...] = ()


def well(part: str, what: str) -> Finding:
    """Nothing to do."""
    return Finding(state=State.OK, part=part, what=what)


def wrong(part: str, what: str, to_do: str, *changes: Change) -> Finding:
    """Something is not as it has to be; without ``changes`` it is put right by hand."""
    return Finding(state=State.WRONG, part=part, what=what, to_do=to_do, changes=changes)


def unseen(part: str, what: str, to_do: str = "") -> Finding:
    """It cannot be told from here."""
    return Finding(state=State.CANNOT_BE_SEEN, part=part, what=what, to_do=to_do)
