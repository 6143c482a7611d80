"""Tells which parts of a line were read with doubt and are worth reading again: single words, or all of it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from transcription.scans.lines import Glyph, Reading
from transcription.scans.strips import Strip, ink_of

QUICK_ENOUGH, SURE_OF_EACH = 0.975, 0.6
"""A line whose letters were read with less mean confidence is read again, and a word of which one letter was."""

RUN_TOGETHER = re.compile(r"\b[A-Z]{1,2}\d[A-Z\d]?\d[A-Z]{2}\b")
"""A postcode without its blank, which the quicker model loses more often."""

NOTHING = 0.3
"""A line read with less is no writing: reading it again finds none either."""

WORD_GAP = 6
"""Dots without ink between two letters from which on there is a blank, however sure of it the recogniser is."""

FEW = 0.5
"""Of a line's width; where doubtful words take more, the whole line is read again."""

Columns = NDArray[np.bool_]
"""Of a strip, which of its columns have ink."""


@dataclass(frozen=True, kw_only=True)
class Doubt:
    """Glyphs `first` to `last` (the latter not among them) of a line, and the columns of the strip they stand on."""

    first: int
    last: int
    left: int
    right: int


def doubts(reading: Reading, strip: Strip) -> list[Doubt]:
    """What to read again, from left to right; nothing of a line that is sure or no writing at all."""
    glyphs, width = reading.glyphs, strip.shape[1]
    letters = [glyph.confidence for glyph in glyphs if glyph.character != " "]
    if not letters or reading.confidence <= NOTHING:
        return []
    whole = [Doubt(first=0, last=len(glyphs), left=0, right=width)]
    if sum(letters) < QUICK_ENOUGH * len(letters) or RUN_TOGETHER.search(reading.text):
        return whole
    if min(glyph.confidence for glyph in glyphs) >= SURE_OF_EACH:
        return []
    columns: Columns = np.asarray(ink_of(strip).any(axis=0))
    if any(_is_doubtful(blank) and _gap(before, after, columns) is None for before, blank, after in _blanks(glyphs)):
        return whole
    found = list(_doubtful_words(glyphs, columns))
    return found if sum(doubt.right - doubt.left for doubt in found) < FEW * width else whole


def mended(reading: Reading, doubt: Doubt, again: Reading, width: int) -> Reading:
    """The line of so many dots with one of its parts as it was read again, unless nothing was."""
    if not again.glyphs:
        return reading
    share, begin = (doubt.right - doubt.left) / width, doubt.left / width
    glyphs = tuple(replace(glyph, at=begin + glyph.at * share) for glyph in again.glyphs)
    return Reading(glyphs=reading.glyphs[: doubt.first] + glyphs + reading.glyphs[doubt.last :])


def _is_doubtful(glyph: Glyph) -> bool:
    return glyph.confidence < SURE_OF_EACH


def _blanks(glyphs: tuple[Glyph, ...]) -> Iterator[tuple[Glyph, Glyph, Glyph]]:
    for before, glyph, after in zip(glyphs, glyphs[1:], glyphs[2:], strict=False):
        if glyph.character == " ":
            yield before, glyph, after


def _doubtful_words(glyphs: tuple[Glyph, ...], columns: Columns) -> Iterator[Doubt]:
    """Each run of letters with a doubtful one among them; it ends only at blanks that the ink shows."""
    ends, sides = [0], [0]
    for place, (before, glyph, after) in enumerate(zip(glyphs, glyphs[1:], glyphs[2:], strict=False), 1):
        if glyph.character == " " and (middle := _gap(before, after, columns)):
            ends.append(place)
            sides.append(middle)
    for (first, last), (left, right) in zip(
        pairwise([*ends, len(glyphs)]), pairwise([*sides, len(columns)]), strict=True
    ):
        begin = first + (glyphs[first].character == " ")
        if any(map(_is_doubtful, glyphs[begin:last])):
            yield Doubt(first=begin, last=last, left=left, right=right)


def _gap(before: Glyph, after: Glyph, columns: Columns) -> int | None:
    """The middle of the widest gap in the ink between two letters, where it is as wide as a blank."""
    begin, end = (int(glyph.at * len(columns)) for glyph in (before, after))
    with_ink = np.flatnonzero(np.concatenate(([True], columns[begin : end + 1], [True])))
    widest = int(np.diff(with_ink).argmax())
    left, right = int(with_ink[widest]), int(with_ink[widest + 1])
    return begin + (left + right) // 2 - 1 if right - left > WORD_GAP else None
