"""Where a call is and what has been chosen in it so far: all that a step needs beside what has just happened."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Choice(StrEnum):
    """What the caller chose to do."""

    NOTHING = ""
    WORRIED = "worried"
    UNDER_18 = "under-18"
    ADD_OR_ASK = "add-or-ask"
    ADDITION = "addition"
    FOR_A_WORKER = "for-a-worker"
    NOT_SAFE = "not-safe"
    LATER = "later"


class StepName(StrEnum):
    """Every step of a call, named as it is addressed."""

    GREETED = ""
    CHOSEN = "chosen"
    MESSAGE = "message"
    DIALLED = "dialled"
    WHISPER = "whisper"
    LANGUAGE = "language"
    UNRECORDED = "unrecorded"
    OFFERED = "offered"
    REFERENCE = "reference"
    ADDING = "adding"
    CHOICES = "choices"
    RECORDED = "recorded"
    SILENT = "silent"
    QUIET = "quiet"
    AGAIN = "again"
    AFTER = "after"
    HEARD = "heard"


@dataclass(frozen=True, kw_only=True)
class SoFar:
    """What a call has come to. It travels with the call, so that a step needs no database.

    ``closed``: the caller heard the menu of the closed hours. ``refused``: they do not want to be recorded.
    ``language`` is ISO 639-1. ``rung``: how many numbers were rung without a person's yes. ``tries``: of this menu.
    """

    choice: Choice = Choice.NOTHING
    closed: bool = False
    refused: bool = False
    language: str = ""
    rung: int = 0
    tries: int = 0

    def as_fields(self) -> dict[str, str]:
        """Only what is not as it was at the start, in plain letters."""
        fields = {
            "choice": str(self.choice), "closed": "yes" if self.closed else "",
            "refused": "yes" if self.refused else "", "language": self.language,
            "rung": str(self.rung or ""), "tries": str(self.tries or ""),
        }  # fmt: skip
        return {name: value for name, value in fields.items() if value}

    @classmethod
    def from_fields(cls, fields: Mapping[str, str]) -> SoFar:
        """The same, read again; what makes no sense counts as not said."""
        choice, language = fields.get("choice", ""), fields.get("language", "")
        return cls(
            choice=Choice(choice) if choice in set(Choice) else Choice.NOTHING,
            closed=fields.get("closed") == "yes", refused=fields.get("refused") == "yes",
            language=language if language.isascii() and language.isalpha() and len(language) <= LONGEST_CODE else "",
            rung=_count(fields.get("rung", "")), tries=_count(fields.get("tries", "")),
        )  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Step:
    """A place in the call, with all that led there."""

    name: StepName
    so_far: SoFar = SoFar()


LONGEST_CODE = 3


def _count(digits: str) -> int:
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) == 1 else 0
