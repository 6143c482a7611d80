"""Pieces of writing side by side are a row; rows become lines of text, the lines of a table's cell stay together."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from transcription.contract import Box, WrittenWord
from transcription.scans.askew import is_askew
from transcription.scans.detector import Quad

SAME_ROW = 0.5
"""Two pieces stand in one row when they share at least this part of the lower one's height."""

NEW_PARAGRAPH = 0.75
"""Line heights of empty paper above a line that begins a new paragraph."""

CELL_GAP = 1.5
"""Line heights of empty paper between two cells of a table; between words of a line there is less."""

WRAPPED_CHARACTERS = 18
"""A cell that goes on in a second line is at least this long; the first cell of a row names it and stands alone."""

FEWEST_ROWS = 3
"""Rows of a table that must begin a cell at the same place before a narrower gap than that parts cells."""

SAME_EDGE = 0.7
"""Line heights by which the left edges of two lines of one cell may differ."""


@dataclass(frozen=True, kw_only=True)
class Piece:
    """A piece of writing and where it stands on its page, in pixels of the levelled picture.

    `box` and `words` are as the transcript has them: parts of the page that stands upright. `down` is how far down the
    page it would stand if the page were turned until its own line lay level.
    """

    text: str
    confidence: float
    left: float
    right: float
    top: float
    bottom: float
    box: Box | None = None
    words: tuple[WrittenWord, ...] = ()
    by_hand: bool = False
    is_askew: bool = False
    down: float = 0.0

    @property
    def height(self) -> float:
        return self.bottom - self.top

    @property
    def middle(self) -> float:
        return (self.top + self.bottom) / 2


Row = tuple[Piece, ...]


def piece(words: tuple[WrittenWord, ...], confidence: float, line: Quad, box: Box | None) -> Piece:
    """A piece of writing at its place; the corners of a level line give its sides, one askew has them around it."""
    askew = is_askew(line)
    down = _down(line)
    if askew:
        (left, top), (right, bottom) = line.min(axis=0), line.max(axis=0)
        line = np.array([(left, top), (right, top), (right, bottom), (left, bottom)])
    return Piece(
        is_askew=askew,
        down=down,
        text=" ".join(word.text for word in words),
        confidence=confidence,
        box=box,
        words=words,
        left=float(line[[0, 3], 0].mean()),
        right=float(line[[1, 2], 0].mean()),
        top=float(line[[0, 1], 1].mean()),
        bottom=float(line[[2, 3], 1].mean()),
    )


def _down(line: Quad) -> float:
    across, down = line[1] - line[0] + line[2] - line[3]
    x, y = line.mean(axis=0)
    return float(y * across - x * down) / max(float(np.hypot(across, down)), 1.0)


def rows_of(pieces: Sequence[Piece]) -> list[Row]:
    """Pieces side by side joined into rows, rows from top to bottom."""
    rows: list[list[Piece]] = []
    for one in sorted(pieces, key=lambda each: each.middle):
        row = next((row for row in rows[-3:] if _stands_in(one, row)), None)
        if row is None:
            rows.append([one])
        else:
            row.append(one)
    ordered = [tuple(sorted(row, key=lambda each: each.left)) for row in rows]
    return sorted(ordered, key=middle_of)


def with_whole_cells(rows: Sequence[Row]) -> list[Row]:
    """Rows in reading order, where the further lines of a table's cell follow its first before the next cell begins."""
    ordered: list[Row] = []
    edges = [one.left for row in rows for one in row[1:]]
    at = 0
    while at < len(rows):
        end = at + 1
        while end < len(rows) and _are_cells(rows[at], edges) and _continues_cells(rows[end], rows[at:end]):
            end += 1
        ordered += [rows[at]] if end == at + 1 else _cell_by_cell(rows[at:end])
        at = end
    return ordered


def middle_of(row: Row) -> float:
    """How far down the page a row stands."""
    return sum(one.middle for one in row) / len(row)


def begins_paragraph(row: Row, previous: Row) -> bool:
    """Whether more paper is left free above a row than between the lines of a paragraph, or a new column begins."""
    gap = min(one.top for one in row) - max(one.bottom for one in previous)
    height = float(np.median([one.height for one in (*row, *previous)]))
    return gap > NEW_PARAGRAPH * height or gap < -2 * height


def joined(row: Row) -> str:
    """The words of a row."""
    return " ".join(one.text for one in row)


def laid_out(rows: Sequence[Row]) -> str:
    """One line of text for each row, an empty line before each paragraph."""
    lines: list[str] = []
    for number, row in enumerate(rows):
        if number and begins_paragraph(row, rows[number - 1]):
            lines.append("")
        lines.append(joined(row))
    return "\n".join(lines)


def _continues_cells(row: Row, above: Sequence[Row]) -> bool:
    """Whether each piece of a row stands close under a cell of the rows above it, and not every cell goes on."""
    return len(row) < len(above[0]) and all(_cell_above(one, above) is not None for one in row)


def _cell_above(one: Piece, above: Sequence[Row]) -> int | None:
    """The number of the cell that a piece continues."""
    first = above[0]
    for number, cell in enumerate(first):
        if number == 0 or len(cell.text) < WRAPPED_CHARACTERS:
            continue
        last = [each for row in above for each in row if abs(each.left - cell.left) < SAME_EDGE * cell.height][-1:]
        right_edge = first[number + 1].left if number + 1 < len(first) else float("inf")
        close = last and -cell.height < one.top - last[0].bottom < NEW_PARAGRAPH * cell.height
        if close and abs(one.left - cell.left) < SAME_EDGE * cell.height and one.right < right_edge:
            return number
    return None


def _are_cells(row: Row, edges: Sequence[float]) -> bool:
    """Whether a row's pieces stand clearly apart, or begin where those of other rows begin."""
    return len(row) > 1 and all(
        after.left - before.right > CELL_GAP * before.height
        or sum(abs(edge - after.left) < SAME_EDGE * after.height for edge in edges) >= FEWEST_ROWS
        for before, after in pairwise(row)
    )


def _cell_by_cell(rows: Sequence[Row]) -> list[Row]:
    cells: list[list[Piece]] = [[one] for one in rows[0]]
    for number, row in enumerate(rows[1:], start=1):
        for one in row:
            cells[_cell_above(one, rows[:number]) or 0].append(one)
    return [(one,) for cell in cells for one in cell]


def _stands_in(one: Piece, row: Sequence[Piece]) -> bool:
    top, bottom = float(np.mean([each.top for each in row])), float(np.mean([each.bottom for each in row]))
    shared = min(one.bottom, bottom) - max(one.top, top)
    overlaps_sideways = any(min(one.right, each.right) - max(one.left, each.left) > each.height / 2 for each in row)
    return shared >= SAME_ROW * min(one.height, bottom - top) and not overlaps_sideways
