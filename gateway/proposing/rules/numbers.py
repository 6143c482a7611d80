"""Finds telephone numbers and NHS numbers, written, misread by a machine by a sign, or said figure by figure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from channels.numbers import address_of
from gateway.proposing.contract import Kind
from gateway.proposing.rules.prepared import Prepared
from gateway.proposing.rules.taken import Taken
from gateway.proposing.rules.vocabulary import DIGITS

_WRITTEN = re.compile(
    r"(?<![\w/£.+])\(?(?:(?:\+|00)44[ \-]?(?:\(0\))?|0)\)?(?:[ \-.)(]{0,2}\d){9,10}(?![ \-]?\d|[A-Za-z/])"
)
_MISREAD = re.compile(r"(?<![\w/£.+])[0O][1237lI][\dOlI]{2,3} ?(?:[\dOlI] ?){5,7}(?![\w/])")
_FIGURES = f"oh|o|nought|{'|'.join(DIGITS)}"
_SAID = re.compile(
    rf"\b(?:oh|o|zero|nought|0)(?:[ ,.\-]{{1,3}}(?:(?:double|treble|triple) )?(?:{_FIGURES}|\d{{1,6}})){{4,12}}\b",
    re.IGNORECASE,
)
_VALUES = dict.fromkeys(("oh", "o", "zero", "nought"), "0") | {word: str(figure) for figure, word in enumerate(DIGITS)}
_TIMES = {"double": 2, "treble": 3, "triple": 3}
_NHS = re.compile(r"\bNHS (?:No\.?|number|num)?:? {0,2}(?P<number>\d{3}[ \-]?\d{3}[ \-]?\d{4})(?!\d)", re.IGNORECASE)
_AS_DIGIT = str.maketrans("OlI", "011")
SHORTEST = 12  # of a number in E.164 form, such as +44 and nine figures
SURE, SAID, MISREAD, UNCHECKED = 0.95, 0.75, 0.6, 0.6


@dataclass(frozen=True, kw_only=True)
class Number:
    """A number at a place: a telephone number in E.164 form, or the ten figures of an NHS number."""

    start: int
    end: int
    norm: str
    sure: float


def telephone_numbers_in(ready: Prepared) -> list[Number]:
    """Every number that can be dialled from here, in the order they stand."""
    taken = Taken()
    found = [number for number in (*_written(ready), *_said(ready)) if taken.take(number.start, number.end)]
    return sorted(found, key=lambda number: number.start)


def nhs_numbers_in(ready: Prepared) -> Iterator[Number]:
    """Numbers that are called so; less sure where the check figure does not fit (NHS Data Dictionary, modulus 11)."""
    for match in _NHS.finditer(ready.flowing):
        figures = re.sub(r"\D", "", match["number"])
        start, end = match.span("number")
        yield Number(start=start, end=end, norm=figures, sure=SURE if _is_checked(figures) else UNCHECKED)


def _written(ready: Prepared) -> Iterator[Number]:
    for match in _WRITTEN.finditer(ready.flowing):
        start = match.start() + (match[0][0] == "(" and ")" not in match[0])
        yield from _dialled(start, match.end(), match[0].replace("(0)", ""), SURE)
    if ready.is_of_paper:
        for match in _MISREAD.finditer(ready.flowing):
            end = match.start() + len(match[0].rstrip())
            yield from _dialled(match.start(), end, match[0].translate(_AS_DIGIT), MISREAD)


def _said(ready: Prepared) -> Iterator[Number]:
    """As somebody says it: oh seven seven double oh."""
    if ready.said.kind not in (Kind.SPEECH, Kind.NOTE):
        return
    for match in _SAID.finditer(ready.flowing):
        figures, times = "", 1
        for word in re.split(r"[ ,.\-]+", match[0].casefold()):
            if word in _TIMES:
                times = _TIMES[word]
                continue
            figures, times = figures + _VALUES.get(word, word) * times, 1
        yield from _dialled(match.start(), match.end(), figures, SAID)


def _dialled(start: int, end: int, written: str, sure: float) -> Iterator[Number]:
    number = address_of(re.sub(r"[^\d+]", "", written))
    if len(number.value) >= SHORTEST:
        yield Number(start=start, end=end, norm=number.value, sure=sure)


def _is_checked(figures: str) -> bool:
    total = sum(int(figure) * weight for figure, weight in zip(figures, range(10, 1, -1), strict=False))
    return (11 - total % 11) % 11 == int(figures[9])
