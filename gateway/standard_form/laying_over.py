"""Lays a page of a scan over a sheet of the empty form, by the printed words that both have."""

from __future__ import annotations

import cmath
import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations, islice

from gateway.standard_form.layout import Area, Line, Sheet
from gateway.standard_form.least_squares import Map, Pair, fitted
from gateway.standard_form.letters import found_in
from gateway.standard_form.seen import SeenLine, SeenPage

SMALLEST, LARGEST = 0.35, 2.5  # how much larger the sheet is than the picture of it
MOST_TURNED = math.radians(20)
FAR_APART = 40.0  # points; two lines nearer to each other say little of how the page is turned
ROUGHLY, CLOSELY, IN_PLACE = 24.0, 12.0, 6.0
"""Points within which a printed line counts as found where it should be: at first, on the way and at the end."""
EDGE = 2.0
"""Points by which a place for an answer may lie over the edge of the picture."""
ENOUGH_LINES, LONGEST_TO_TRY, MOST_ANCHORS = 6, 40, 400


@dataclass(frozen=True, kw_only=True)
class Anchor:
    """A printed line of the sheet, by its number, as found on the page: the middles of both, and of their words."""

    line: int
    seen: complex
    stands: complex
    words: tuple[Pair, ...]

    def off(self, over: Map) -> float:
        """How far from where it should be it is found, in points."""
        return abs(over(self.seen) - self.stands)


@dataclass(frozen=True, kw_only=True)
class LaidOver:
    """A page over a sheet: ``over`` maps points, ``in_place`` are the printed lines that stand where they should.

    ``is_by_code``: the code of this very sheet was read, and stands where it should. ``shown`` are the corners of the
    page on the sheet, clockwise: what lies beyond them is not in the picture.
    """

    sheet: Sheet
    over: Map
    in_place: frozenset[int]
    shown: tuple[complex, ...]
    is_by_code: bool = False

    @property
    def is_good(self) -> bool:
        """Whether enough of what is printed stands in its place to tell what was written where."""
        return len(self.in_place) >= ENOUGH_LINES

    def shows(self, area: Area) -> bool:
        """Whether all of an area of the sheet is in the picture."""
        sides = list(zip(self.shown, (*self.shown[1:], self.shown[0]), strict=True))
        return all(_is_right_of(corner, *side) for corner in area.corners for side in sides)

    def has_in_place(self, of: str) -> bool:
        """Whether a line printed for this question, child or adult stands in its place."""
        return any(self.sheet.lines[number].of == of for number in self.in_place)


def over_the_best(page: SeenPage, sheets: Sequence[Sheet]) -> LaidOver | None:
    """The page over the sheet on which it lies best; None where hardly anything of any is there."""
    every = [(sheet, list(islice(_anchors(page, sheet), MOST_ANCHORS))) for sheet in sheets]
    best: LaidOver | None = None
    for sheet, anchors in sorted(every, key=_most_there, reverse=True):
        if best is not None and len(best.in_place) > _most_there((sheet, anchors)):
            break
        best = max(filter(None, (best, _laid_over(page, sheet, anchors))), key=_how_well, default=None)
    return best


def _most_there(each: tuple[Sheet, Sequence[Anchor]]) -> int:
    """How many lines of a sheet there are somewhere on the page: more than these cannot be in place."""
    return len({anchor.line for anchor in each[1]})


def _how_well(over: LaidOver) -> tuple[bool, int]:
    return over.is_by_code, len(over.in_place)


def _laid_over(page: SeenPage, sheet: Sheet, anchors: Sequence[Anchor]) -> LaidOver | None:
    over = _by_two(anchors)
    for within in (ROUGHLY, CLOSELY, CLOSELY, IN_PLACE):
        if over is None:
            return None
        kept = _kept(anchors, over, within)
        over = fitted([pair for anchor in kept for pair in anchor.words]) if len(kept) > 2 else None
    if over is None:
        return None
    return LaidOver(
        sheet=sheet, over=over, in_place=frozenset(one.line for one in _kept(anchors, over, IN_PLACE)),
        shown=tuple(over(corner) for corner in page.corners), is_by_code=page.code is not None
        and (page.code.of.version, page.code.of.page) == (sheet.version, sheet.number)
        and abs(over(page.code.middle) - sheet.code.middle) <= CLOSELY,
    )  # fmt: skip


def _anchors(page: SeenPage, sheet: Sheet) -> Iterator[Anchor]:
    for number, line in enumerate(sheet.lines):
        for seen in page.lines:
            for at in found_in(line.letters, seen.letters):
                if words := _pairs(line, seen, at):
                    yield Anchor(line=number, seen=_mean(p[0] for p in words), stands=_mean(p[1] for p in words),
                                 words=words)  # fmt: skip


def _pairs(line: Line, seen: SeenLine, at: int) -> tuple[Pair, ...]:
    """The words of a printed line with those of the page, where the machine parted them as they are printed."""
    begins = {(0, *seen.letters.ends)[number]: number for number in range(len(seen.words))}
    found = []
    for number, end in enumerate(line.letters.ends):
        begin = (0, *line.letters.ends)[number]
        word = begins.get(at + begin)
        if word is not None and end > begin and seen.letters.ends[word] == at + end:
            found.append((seen.words[word].middle, line.words[number]))
    return tuple(found)


def _by_two(anchors: Sequence[Anchor]) -> Map | None:
    """The shift, turn and size of two lines on which the most others agree."""
    told = sorted(anchors, key=lambda one: -len(one.words))[:LONGEST_TO_TRY]
    best, most = None, 2
    for one, other in combinations(told, 2):
        across = other.seen - one.seen
        if one.line == other.line or abs(across) < FAR_APART:
            continue
        turn = (other.stands - one.stands) / across
        if not SMALLEST < abs(turn) < LARGEST or abs(cmath.phase(turn)) > MOST_TURNED:
            continue
        shift = one.stands - turn * one.seen
        agreeing = len({each.line for each in anchors if abs(turn * each.seen + shift - each.stands) < ROUGHLY})
        if agreeing > most:
            best, most = (turn, shift), agreeing
    return _similar(*best) if best else None


def _similar(turn: complex, shift: complex) -> Map:
    pairs = [(at, turn * at + shift) for at in (0j, 500 + 0j, 500j, 500 + 500j)]
    return fitted(pairs) or Map(numbers=(1, 0, 0, 0, 1, 0, 0, 0))


def _kept(anchors: Iterable[Anchor], over: Map, within: float) -> list[Anchor]:
    """For each printed line the nearest that was found, if it is near enough."""
    nearest: dict[int, Anchor] = {}
    for one in sorted(anchors, key=lambda each: each.off(over)):
        if one.off(over) <= within:
            nearest.setdefault(one.line, one)
    return list(nearest.values())


def _mean(points: Iterable[complex]) -> complex:
    every = list(points)
    return sum(every) / len(every)


def _is_right_of(at: complex, begin: complex, end: complex) -> bool:
    """Whether a point lies to the right of the way from one point to another, or at most ``EDGE`` to its left."""
    along = end - begin
    return (along.conjugate() * (at - begin)).imag >= -EDGE * abs(along)
