"""Finds days in a text: in figures, in words, with or without a year, as people in the United Kingdom write them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from gateway.proposing.rules.prepared import Prepared
from gateway.proposing.rules.taken import Taken
from gateway.proposing.rules.vocabulary import MONTH_NAMES, MONTHS

_FIGURES = re.compile(
    r"(?<![\d./\-])(?P<day>[0-3]?\d) ?(?P<by>[./\-]) ?(?P<number>[01]?\d) ?(?P=by) ?(?P<year>(?:19|20)\d\d|\d\d)"
    r"(?![\d/\-]|\.\d)"
)
_ISO = re.compile(r"(?<![\d\-])(?P<year>(?:19|20)\d\d)-(?P<number>[01]\d)-(?P<day>[0-3]\d)(?!\d)")
_DAY_BEFORE = re.compile(r"(?<![\d./])(?P<day>[0-3]?\d)(?:st|nd|rd|th)?,? (?:of )?$", re.IGNORECASE)
_DAY_AFTER = re.compile(r"\.? (?:the )?(?P<day>[0-3]?\d)(?:st|nd|rd|th)?\b(?![:.]\d)", re.IGNORECASE)
_YEAR = re.compile(r"\.?,? (?P<year>(?:19|20)\d\d)\b|\.? (?P<short>['’]\d\d|\d\d(?=[,.;)]?(?:\s*$|\n)|[,;)]))(?!\d)")
_REACH = 10
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


def days_in(ready: Prepared) -> list[Day]:
    """Every day in the order they stand."""
    taken = Taken()
    found = [day for day in (*_in_figures(ready), *_in_words(ready)) if taken.take(day.start, day.end)]
    return sorted(found, key=lambda day: day.start)


def age_on(born: date, on: date) -> int:
    """Whole years."""
    return on.year - born.year - ((on.month, on.day) < (born.month, born.day))


def _in_figures(ready: Prepared) -> Iterator[Day]:
    for form in (_ISO, _FIGURES):
        for match in form.finditer(ready.flowing):
            yield from _day(ready, match.span(), (match["day"], int(match["number"]), match["year"]))


def _in_words(ready: Prepared) -> Iterator[Day]:
    """By the name of a month, with the day before it or after it."""
    for word in ready.words:
        if word.plain not in MONTHS:
            continue
        number = next(place for place, name in enumerate(MONTH_NAMES, start=1) if name.startswith(word.plain[:3]))
        before = _DAY_BEFORE.search(ready.flowing, max(0, word.start - _REACH), word.start)
        after = None if before else _DAY_AFTER.match(ready.flowing, word.end)
        if before is None and after is None:
            continue
        start, end = (before.start(), word.end) if before else (word.start, after.end() if after else word.end)
        day = before["day"] if before else after["day"] if after else ""
        said = _YEAR.match(ready.flowing, end)
        year = (said["year"] or said["short"]) if said else ""
        yield from _day(ready, (start, said.end() if said else end), (day, number, year))


def _day(ready: Prepared, place: tuple[int, int], said: tuple[str, int, str]) -> Iterator[Day]:
    (start, end), (day, month, year) = place, said
    plain = year.lstrip("'’")
    try:
        if not plain:
            date(2000, month, int(day))
            yield Day(start=start, end=end, on=None, sure=NO_YEAR)
            return
        on = date(_whole(plain, ready.said.on), month, int(day))
    except ValueError:
        return
    yield Day(start=start, end=end, on=on, sure=SURE if len(plain) == 4 else SHORT_YEAR)


def _whole(year: str, on: date) -> int:
    if len(year) == 4:
        return int(year)
    this = on.year // 100 * 100 + int(year)
    return this if this <= on.year + 1 else this - 100
