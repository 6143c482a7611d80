"""Finds days in a text: in figures, in words, with or without a year, as people in the United Kingdom write them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from gateway.proposing.rules.vocabulary import MONTHS

NAMES = MONTHS.split()
_MONTH = f"(?P<month>{'|'.join(sorted(NAMES, key=len, reverse=True))})"
_YEAR = r"(?:,? (?P<year>(?:19|20)\d\d)\b| (?P<short>['’]\d\d|\d\d(?=[,.;)]?(?:\s*$|\n|[,;)])))(?!\d))"
_FIGURES = re.compile(
    r"(?<![\d./\-])(?P<day>[0-3]?\d) ?(?P<by>[./\-]) ?(?P<number>[01]?\d) ?(?P=by) ?(?P<year>(?:19|20)\d\d|\d\d)"
    r"(?![\d/\-]|\.\d)"
)
_ISO = re.compile(r"(?<![\d\-])(?P<year>(?:19|20)\d\d)-(?P<number>[01]\d)-(?P<day>[0-3]\d)(?!\d)")
_IN_WORDS = re.compile(
    rf"(?<![\d./])(?P<day>[0-3]?\d)(?:st|nd|rd|th)?,? (?:of )?{_MONTH}\b(?:\.?{_YEAR})?", re.IGNORECASE
)
_MONTH_FIRST = re.compile(
    rf"\b{_MONTH}\.? (?:the )?(?P<day>[0-3]?\d)(?:st|nd|rd|th)?\b(?![:.]\d)(?:{_YEAR})?", re.IGNORECASE
)
_FORMS = (_ISO, _FIGURES, _IN_WORDS, _MONTH_FIRST)
SURE, SHORT_YEAR, NO_YEAR = 0.95, 0.85, 0.7


@dataclass(frozen=True, kw_only=True)
class Day:
    """A day at a place; ``on`` is None where the year does not stand there. ``sure`` is 0 to 1."""

    start: int
    end: int
    on: date | None
    sure: float

    @property
    def norm(self) -> str:
        """ISO 8601, empty where the year is not certain."""
        return self.on.isoformat() if self.on else ""


def days_in(text: str, on: date) -> list[Day]:
    """Every day in the order they stand; ``on`` is the day the words reached us."""
    found: list[Day] = []
    for form in _FORMS:
        for match in form.finditer(text):
            day = _day(match, on)
            if day and not any(day.start < other.end and other.start < day.end for other in found):
                found.append(day)
    return sorted(found, key=lambda day: day.start)


def age_on(born: date, on: date) -> int:
    """Whole years."""
    return on.year - born.year - ((on.month, on.day) < (born.month, born.day))


def _day(match: re.Match[str], on: date) -> Day | None:
    said = match.groupdict()
    number = int(said["number"]) if said.get("number") else _month(said["month"])
    year = (said.get("year") or said.get("short") or "").lstrip("'’")
    try:
        if not year:
            date(2000, number, int(said["day"]))
            return Day(start=match.start(), end=match.end(), on=None, sure=NO_YEAR)
        known = date(_whole(year, on), number, int(said["day"]))
    except ValueError:
        return None
    sure = SURE if len(year) == 4 else SHORT_YEAR
    return Day(start=match.start(), end=match.end(), on=known, sure=sure)


def _month(word: str) -> int:
    return next(place for place, name in enumerate(NAMES[:12], start=1) if name.startswith(word.casefold()[:3]))


def _whole(year: str, on: date) -> int:
    if len(year) == 4:
        return int(year)
    this = on.year // 100 * 100 + int(year)
    return this if this <= on.year + 1 else this - 100
