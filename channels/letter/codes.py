"""The machine-readable codes of ours on paper: on sheets that part letters, and on letters that may come back."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

OURS = "FRONTDOOR"
FOREIGN_SEPARATORS = frozenset({"PATCHT", "PATCH T"})
"""What other scanning programs print on their separator sheets."""

_FORM = re.compile(rf"{OURS}:(NEXT|RETURNED|LETTER)(?::([A-Za-z0-9-]{{1,64}}))?")


class OnPaper(StrEnum):
    """What a code says of the sheet it stands on."""

    NEXT = "NEXT"  # a letter begins behind it
    RETURNED = "RETURNED"  # what follows, up to the next separator, is our own post come back
    LETTER = "LETTER"  # it is a letter of ours


@dataclass(frozen=True, kw_only=True)
class Code:
    """One code. ``arrived_on``: the day that the letters behind a separator arrived; ``notice_id``: whose letter."""

    says: OnPaper
    arrived_on: date | None = None
    notice_id: str = ""


def written(code: Code) -> str:
    """What is printed, in capitals: nothing in it tells who it is about, or who wrote to us."""
    more = code.notice_id or (code.arrived_on.isoformat() if code.arrived_on else "")
    return ":".join(filter(None, (OURS, code.says.value, more.upper())))


def read(text: str) -> Code | None:
    """What a code that was found says; None for one that is not ours. A date that is none is left out.

    A hand-held scanner types it in capitals or small letters, as its keyboard stands.
    """
    if text.strip().upper() in FOREIGN_SEPARATORS:
        return Code(says=OnPaper.NEXT)
    found = _FORM.fullmatch(text.strip().upper())
    if found is None:
        return None
    says, more = OnPaper(found[1]), found[2] or ""
    if says is OnPaper.LETTER:
        return Code(says=says, notice_id=more.lower()) if more else None
    return Code(says=says, arrived_on=_day(more))


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
