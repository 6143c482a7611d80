"""The parts that a letter has by custom: who sends it at the top, whom it is to, and who signs it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from gateway.proposing.contract import Kind
from gateway.proposing.rules.dates import Day
from gateway.proposing.rules.postcodes import Postcode
from gateway.proposing.rules.prepared import Line, Prepared

_GREETING = re.compile(r"(?:dear\b|to whom\b|hello\b|hi\b|hey\b|good (?:morning|afternoon|evening)\b)", re.IGNORECASE)
SIGN_OFF = re.compile(
    r"(?:yours? (?:sincerely|faithfully|truly|respectfully|ever)|(?:with )?(?:kind(?:est)?|best|warm(?:est)?|many)? ?"
    r"regards|best wishes|(?:with )?(?:many |best |kind )?thanks(?: and regards)?|thank you|many thanks|cheers|"
    r"sincerely|respectfully|faithfully|signed:?)[ ,.!]*",
    re.IGNORECASE,
)
_TO_US = re.compile(
    r"(?i:council|social (?:services|care|work)|safeguarding|children(?:'|’)?s? (?:services|and)|front door|"
    r"duty team)|\bMASH\b|\bLADO\b"
)
_CONTACT = re.compile(
    r"(?:tel|telephone|phone|mob|mobile|e-?mail|fax|dx|www|ref|date|received)\b|\S+@\S+$|[+(]?0[\d ()]{8,20}$", re.I
)
TOP, SIGNED_LINES, LONGEST_SIGN_OFF = 30, 6, 32


@dataclass(frozen=True, kw_only=True)
class Zone:
    """A run of lines, with the characters from its first to its last."""

    lines: tuple[Line, ...] = ()

    @property
    def start(self) -> int:
        """Its first character."""
        return self.lines[0].start if self.lines else -1

    @property
    def end(self) -> int:
        """One past its last character."""
        return self.lines[-1].end if self.lines else -1

    def holds(self, place: int) -> bool:
        """Whether a place is in it."""
        return self.start <= place < self.end


@dataclass(frozen=True, kw_only=True)
class Layout:
    """``sender`` is the block at the top, ``ours`` whom it is to, ``signed`` what stands under the closing words."""

    sender: Zone = Zone()
    ours: Zone = Zone()
    signed: Zone = Zone()


def laid_out(ready: Prepared, postcodes: Sequence[Postcode], days: Sequence[Day]) -> Layout:
    """The parts that can be told; each empty where there is none."""
    lines = [line for line in ready.lines if line.words and not _is_apart(ready, line)]
    greeting = next((place for place, line in enumerate(lines[:TOP]) if _GREETING.match(line.words)), None)
    sender, ours = Zone(), Zone()
    if ready.is_of_paper:
        sender, ours = _top(lines, greeting, postcodes, days)
    return Layout(sender=sender, ours=ours, signed=_signed(ready, lines, greeting or 0))


def _is_apart(ready: Prepared, line: Line) -> bool:
    return any(start <= line.start < end for start, end in ready.said.apart)


def _top(
    lines: Sequence[Line], greeting: int | None, postcodes: Sequence[Postcode], days: Sequence[Day]
) -> tuple[Zone, Zone]:
    """The sender's block ends with its postcode and what follows of numbers; a block that names us is ours."""
    last = _ends_of_address(lines, greeting if greeting is not None else 12, postcodes)
    dated = next((place for place, line in enumerate(lines[:TOP]) if _is_day(line, days)), None)
    if greeting is None and dated is None:
        return Zone(), Zone()
    until = greeting if greeting is not None else (dated or 0) + 1
    ends = [place for place in last if place < until]
    if not ends and greeting is None:
        return Zone(), Zone()
    if not ends:
        end = dated if dated is not None and dated < until else 0
        return Zone(lines=tuple(lines[:end])), Zone(lines=tuple(lines[end:until]))
    first = ends[0] + 1
    while first < until and (_is_contact(lines[first]) or _is_day(lines[first], days)):
        first += 1
    begins_with_us = _TO_US.search(" ".join(line.words for line in lines[: ends[0] + 1])) is not None
    if begins_with_us and (len(ends) > 1 or (dated is not None and dated < ends[0])):
        return Zone(lines=tuple(lines[first:until])), Zone(lines=tuple(lines[:first]))
    return Zone(lines=tuple(lines[:first])), Zone(lines=tuple(lines[first:until]))


def _ends_of_address(lines: Sequence[Line], until: int, postcodes: Sequence[Postcode]) -> list[int]:
    return [
        place for place, line in enumerate(lines[:until])
        if any(line.start <= code.start and code.end == line.end for code in postcodes)
    ]  # fmt: skip


def _is_contact(line: Line) -> bool:
    return (
        re.match(r"(?:tel|phone|mob|e-?mail|fax|dx|www|ref|date)\b|\S+@\S+$|[+(]?0[\d ()]{8,}$", line.words, re.I)
        is not None
    )


def _is_day(line: Line, days: Sequence[Day]) -> bool:
    """Whether it is a day and little else."""
    return any(
        line.start <= day.start and day.end <= line.end and len(line.words) - (day.end - day.start) <= 14
        for day in days
    )


def _signed(ready: Prepared, lines: Sequence[Line], since: int) -> Zone:
    marked = [line for line in lines if any(start <= line.start < end for start, end in ready.said.signed)]
    closing = [
        place for place, line in enumerate(lines)
        if place >= since and len(line.words) <= LONGEST_SIGN_OFF and SIGN_OFF.fullmatch(line.words)
    ]  # fmt: skip
    if closing:
        return Zone(lines=tuple(lines[closing[-1] + 1 : closing[-1] + 1 + SIGNED_LINES]))
    if marked:
        return Zone(lines=tuple(marked[:SIGNED_LINES]))
    return _from(lines) if ready.said.kind is not Kind.SPEECH else Zone()


def _from(lines: Sequence[Line]) -> Zone:
    """A last line that only says from whom it is."""
    if len(lines) > 1 and re.match(r"(?:from|love|ta|x) ", lines[-1].words, re.I) and len(lines[-1].words) <= 40:
        return Zone(lines=(lines[-1],))
    return Zone()
