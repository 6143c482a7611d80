"""What a clerk says of post by the folder it is put into: the day it arrived, and that it is our own come back."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

RETURNED = frozenset({"returned", "returned post", "came back"})
BASIS = "scan_folder"
LONDON = ZoneInfo("Europe/London")
_YEAR_FIRST = re.compile(r"(\d{4})[-._ ]?(\d{2})[-._ ]?(\d{2})")
_DAY_FIRST = re.compile(r"(\d{1,2})[-._ ](\d{1,2})[-._ ](\d{4})")


def said_by(folders: Sequence[str], *, now: datetime) -> Mapping[str, str]:
    """For the envelope of a scan: ``arrived`` with its basis, and ``came_back``; the innermost folder's word counts.

    A day that has not come yet in London is no day of arrival.
    """
    said: dict[str, str] = {}
    today = now.astimezone(LONDON).date()
    for name in folders:
        day = day_in(name)
        if day is not None and day <= today:
            said |= {"arrived": day.isoformat(), "arrived_basis": BASIS}
        if " ".join(name.lower().replace("_", " ").replace("-", " ").split()) in RETURNED:
            said["came_back"] = "yes"
    return said


def day_in(name: str) -> date | None:
    """The day a folder is named for, as 2026-11-20 or 20-11-2026; None if it is none."""
    if found := _YEAR_FIRST.fullmatch(name.strip()):
        year, month, day = found.groups()
    elif found := _DAY_FIRST.fullmatch(name.strip()):
        day, month, year = found.groups()
    else:
        return None
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None
