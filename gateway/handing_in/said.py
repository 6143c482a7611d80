"""What somebody who hands files in says of them: when they arrived, and which of them are one letter."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from gateway.arrival import LONG_AGO
from gateway.dividing.plan import Split
from gateway.life_cycle import Incomplete
from storage.message import ArrivedBasis


class AreLetters(StrEnum):
    """What the files are."""

    BATCHES = "batches"  # letters with separator sheets or blank pages between them
    EACH = "each"  # each file is one letter
    TOGETHER = "together"  # all files are the pages of one letter


@dataclass(frozen=True, kw_only=True)
class Said:
    """``arrived`` None: nobody knows on which day."""

    arrived: date | None = None
    are: AreLetters = AreLetters.BATCHES
    split: Split = Split.CODES_AND_BLANKS

    def envelope(self) -> dict[str, str]:
        """For the raw message."""
        split = Split.NO if self.are is not AreLetters.BATCHES else self.split
        if self.arrived is None:
            return {"split": split.value}
        basis = ArrivedBasis.STAFF_ENTERED.value
        return {"split": split.value, "arrived": self.arrived.isoformat(), "arrived_basis": basis}


def said_in(typed: Mapping[str, str], *, today: date) -> Said:
    """What the form says; raises ``Incomplete`` with what is to be put right."""
    when = typed.get("arrived", "")
    days = {"today": today, "yesterday": today - timedelta(days=1), "another": None}
    arrived = days.get(when)
    if when == "another":
        arrived = day_of(typed.get("arrived_on", ""), today=today, field="arrived_on")
    try:
        return Said(arrived=arrived, are=AreLetters(typed.get("are", AreLetters.BATCHES)))
    except ValueError:
        raise Incomplete("are", "Say what the files are") from None


def day_of(written: str, *, today: date, field: str) -> date:
    """A day of arrival as 2026-11-20; raises ``Incomplete`` for one that cannot be right."""
    try:
        day = date.fromisoformat(written.strip())
    except ValueError:
        raise Incomplete(field, "Give the day it reached the council, as 2026-11-20") from None
    if day > today:
        raise Incomplete(field, "That day has not come yet")
    if today - day > LONG_AGO:
        raise Incomplete(field, "That is more than 60 days ago. If it is right, say it on the letter's own page")
    return day
