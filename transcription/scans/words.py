"""Parts a line as read into its words, and finds by their ink where on the line each of them stands."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from transcription.scans.lines import Glyph, Reading
from transcription.scans.strips import LINE_HEIGHT, Ink

EMPTY_BOXES = frozenset("□☐■")
"""Boxes to tick are drawn, not written; their outlines are left out of the text."""

MISSING_BLANK = re.compile(r",(?=[^\W\d_]{2})")

END_OF_LINE = 0.3
"""Line heights of empty paper after which nothing more belongs to a line's first or last word."""

LETTER = 0.3
"""Line heights that a letter takes at either side of its middle at least, where no ink tells more."""

LOWEST = 6
"""Pixels of a strip's height; the ink of a word is higher than this, dirt and the dots of letters are lower."""


@dataclass(frozen=True, kw_only=True)
class StripWord:
    """A word of one line: its sides as parts (0 to 1) of the strip it was read from."""

    text: str
    left: float
    right: float
    top: float
    bottom: float
    confidence: float


def words_of(reading: Reading, ink: Ink) -> tuple[StripWord, ...]:
    """The words of a line, whose ink is given; none where only specks of dirt, lone dots or dashes were read."""
    words = list(_parted(reading.glyphs))
    if not any(glyph.character.isalnum() for word in words for glyph in word):
        return ()
    sides = _sides(words, ink)
    return tuple(_word(word, left, right, ink) for word, (left, right) in zip(words, sides, strict=True))


def _parted(glyphs: Sequence[Glyph]) -> Iterator[list[Glyph]]:
    """The glyphs of each word: parted by blanks, and after a comma whose blank was swallowed."""
    word: list[Glyph] = []
    for glyph in (*(each for each in glyphs if each.character not in EMPTY_BOXES), None):
        if glyph is not None and not glyph.character.isspace():
            word.append(glyph)
        elif word:
            text = "".join(each.character for each in word)
            ends = [0, *(found.end() for found in MISSING_BLANK.finditer(text)), len(text)]
            yield from (word[begin:end] for begin, end in pairwise(ends))
            word = []


def _sides(words: Sequence[Sequence[Glyph]], ink: Ink) -> list[tuple[int, int]]:
    """The first column of each word and the first after it."""
    width = ink.shape[1]
    columns = ink.sum(axis=0)
    begins = [_before(columns, _column(words[0][0], width))]
    ends = []
    for word, following in pairwise(words):
        end, begin = _gap(columns, _column(word[-1], width), _column(following[0], width))
        ends.append(end)
        begins.append(begin)
    ends.append(width - _before(columns[::-1], width - 1 - _column(words[-1][-1], width)))
    return list(zip(begins, ends, strict=True))


def _column(glyph: Glyph, width: int) -> int:
    return min(int(glyph.at * width), width - 1)


def _gap(columns: NDArray[np.int64], first: int, second: int) -> tuple[int, int]:
    """Where the paper between two letters is emptiest: the end of the one word and the beginning of the next."""
    between = columns[first : second + 1]
    if len(between) < 3:
        return (first + second) // 2, (first + second) // 2 + 1
    runs = _runs(between <= between.min())
    begin, end = max(runs, key=lambda run: run[1] - run[0])
    return first + begin, first + end


def _before(columns: NDArray[np.int64], first: int) -> int:
    """The column in which the word begins whose first letter has its middle at `first`."""
    reach, letter = int(END_OF_LINE * LINE_HEIGHT), int(LETTER * LINE_HEIGHT)
    near = np.flatnonzero(columns[max(first - letter, 0) : first + letter + 1])
    if not len(near):
        return max(first - letter, 0)
    begin = max(first - letter, 0) + int(near[0])
    while len(inked := np.flatnonzero(columns[max(begin - reach, 0) : begin])):
        begin = max(begin - reach, 0) + int(inked[0])
    return begin


def _runs(where: Ink) -> list[tuple[int, int]]:
    edges = np.flatnonzero(np.diff(np.concatenate(([0], where.astype(np.int8), [0]))))
    return [(int(begin), int(end)) for begin, end in edges.reshape(-1, 2)]


def _word(glyphs: Sequence[Glyph], left: int, right: int, ink: Ink) -> StripWord:
    top, bottom = _height(ink[:, left : max(right, left + 1)])
    height, width = ink.shape
    return StripWord(
        text="".join(glyph.character for glyph in glyphs),
        left=left / width,
        right=max(right, left + 1) / width,
        top=top / height,
        bottom=bottom / height,
        confidence=round(sum(glyph.confidence for glyph in glyphs) / len(glyphs), 3),
    )


def _height(ink: Ink) -> tuple[int, int]:
    """The first row with ink and the first after it, without what hangs into the strip from the lines around it."""
    runs = _runs(np.asarray(ink.any(axis=1)))
    inner = [run for run in runs if run[0] > 0 and run[1] < LINE_HEIGHT]
    if not any(end - begin >= LOWEST for begin, end in inner):
        inner = runs
    return (inner[0][0], inner[-1][1]) if inner else (0, LINE_HEIGHT)
