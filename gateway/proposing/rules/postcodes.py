"""Finds postcodes: every form there is, those that a machine misread by a sign, and those that were spelt aloud."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from gateway.proposing.contract import Kind
from gateway.proposing.rules.prepared import Prepared
from gateway.proposing.rules.taken import Taken
from gateway.proposing.rules.vocabulary import DIGITS

_OUTWARD = (
    r"(?:[A-PR-UWYZ]\d{1,2}|[A-PR-UWYZ][A-HK-Y]\d{1,2}|[A-PR-UWYZ]\d[A-HJKPSTUW]|[A-PR-UWYZ][A-HK-Y]\d[ABEHMNPRVWXY]|"
    r"GIR(?= ?0))"
)
_INWARD = r"\d[A-Z]{2}"
"""Forms of outward and inward codes (British Standard 7666)."""

_UNUSUAL = frozenset("CIKMOV")  # no real postcode ends in one of these: mistyped, or invented

_WHOLE = re.compile(rf"(?P<out>{_OUTWARD}) ?(?P<into>{_INWARD})")
_WRITTEN = re.compile(rf"(?<![A-Za-z0-9])(?P<out>{_OUTWARD})(?: {{0,3}})(?P<into>{_INWARD})(?![A-Za-z0-9])")
_SMALL = re.compile(rf"(?<![A-Za-z0-9])(?P<out>{_OUTWARD}) (?P<into>{_INWARD})(?![A-Za-z0-9])", re.IGNORECASE)
_MISREAD = re.compile(
    r"(?<![A-Za-z0-9])(?P<out>[A-Z0]{1,2}[0-9OIl]{1,2}) {1,3}(?P<into>[0-9OIl][A-Z0]{2})(?![A-Za-z0-9])"
)
_SPELT = re.compile(
    r"\b(?:[A-Za-z]|\d|zero|one|two|three|four|five|six|seven|eight|nine)"
    r"(?:[ ,.\-]{1,2}(?:[A-Za-z]|\d{1,2}|zero|one|two|three|four|five|six|seven|eight|nine|double [A-Za-z])){3,6}\b",
    re.IGNORECASE,
)
_PART = re.compile(r"double [a-z]|\w+", re.IGNORECASE)
_FIGURES = {word: str(figure) for figure, word in enumerate(DIGITS)}
_AS_DIGIT = str.maketrans("OIl", "011")
_AS_LETTER = str.maketrans("0", "O")
SURE, UNUSUAL, SMALL, MISREAD, SPELT = 0.97, 0.8, 0.8, 0.6, 0.6


@dataclass(frozen=True, kw_only=True)
class Postcode:
    """A postcode at a place, as it is written properly."""

    start: int
    end: int
    norm: str
    sure: float


def postcodes_in(ready: Prepared) -> list[Postcode]:
    """Every postcode, in the order they stand."""
    taken = Taken()
    every = (*_written(ready), *_misread(ready), *_spelt(ready))
    found = [code for code in every if taken.take(code.start, code.end)]
    return sorted(found, key=lambda code: code.start)


def _written(ready: Prepared) -> Iterator[Postcode]:
    for match in _WRITTEN.finditer(ready.flowing):
        yield _postcode(match, f"{match['out']} {match['into']}", SURE)
    for match in _SMALL.finditer(ready.flowing):
        yield _postcode(match, f"{match['out']} {match['into']}".upper(), SMALL)


def _misread(ready: Prepared) -> Iterator[Postcode]:
    """O for 0 and I or l for 1, or 0 for O, where that alone makes it one; only of what a machine read."""
    if not ready.is_of_paper:
        return
    for match in _MISREAD.finditer(ready.flowing):
        out, into = match["out"], match["into"]
        for letters in (2, 1):
            mended = (
                f"{out[:letters].translate(_AS_LETTER)}{out[letters:].translate(_AS_DIGIT)} "
                f"{into[0].translate(_AS_DIGIT)}{into[1:].translate(_AS_LETTER)}"
            )
            if _WHOLE.fullmatch(mended):
                yield _postcode(match, mended, MISREAD)
                break


def _spelt(ready: Prepared) -> Iterator[Postcode]:
    """One letter or figure after the other, as somebody says it."""
    if ready.said.kind is not Kind.SPEECH:
        return
    for match in _SPELT.finditer(ready.flowing):
        parts = [(each.start(), each.end(), _sign(each[0])) for each in _PART.finditer(match[0])]
        spans = ((first, last) for first in range(len(parts)) for last in range(len(parts), first + 2, -1))
        for first, last in spans:
            whole = _WHOLE.fullmatch("".join(sign for _, _, sign in parts[first:last]))
            if whole is not None:
                start, end = match.start() + parts[first][0], match.start() + parts[last - 1][1]
                yield Postcode(start=start, end=end, norm=f"{whole['out']} {whole['into']}", sure=SPELT)
                break


def _sign(part: str) -> str:
    plain = part.casefold()
    if plain.startswith("double "):
        return plain[-1].upper() * 2
    return _FIGURES.get(plain, plain.upper())


def _postcode(match: re.Match[str], norm: str, sure: float) -> Postcode:
    sure = min(sure, UNUSUAL) if _UNUSUAL & set(norm[-2:]) else sure
    return Postcode(start=match.start(), end=match.end(), norm=norm, sure=sure)
