"""Puts the lines of a page in the order a person reads them: rows across, but columns of prose one after the other."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from transcription.scans.detector import Quad

FEWEST_LINES = 4
"""A column of prose has at least this many lines; fewer side by side are a row of a form or a letterhead."""

PROSE_CHARACTERS = 18
"""Half the lines of a column of prose are at least this long; cells of tables and forms are shorter."""

PROSE_FILL = 0.6
"""Half the lines of a column of prose fill at least this part of its width."""

NARROWEST_GUTTER = 0.6
"""Widths of a gutter are measured in line heights."""

SAME_ROW = 0.5
"""Two pieces stand in one row when they share at least this part of the lower one's height."""

NEW_PARAGRAPH = 0.75
"""Line heights of empty paper before a line that begins a new paragraph."""


@dataclass(frozen=True, kw_only=True)
class Piece:
    """A piece of writing and where it stands on its page, in pixels of the levelled picture."""

    text: str
    confidence: float
    left: float
    right: float
    top: float
    bottom: float

    @property
    def height(self) -> float:
        return self.bottom - self.top

    @property
    def middle(self) -> float:
        return (self.top + self.bottom) / 2


Row = tuple[Piece, ...]


def piece(text: str, confidence: float, line: Quad) -> Piece:
    """A piece of writing at its place; the corners of a level line give its sides."""
    return Piece(
        text=text,
        confidence=confidence,
        left=float(line[[0, 3], 0].mean()),
        right=float(line[[1, 2], 0].mean()),
        top=float(line[[0, 1], 1].mean()),
        bottom=float(line[[2, 3], 1].mean()),
    )


def in_reading_order(pieces: Sequence[Piece]) -> list[Row]:
    """The rows of a page in reading order; each row's pieces stand side by side."""
    if len(pieces) < 2 * FEWEST_LINES:
        return rows_of(pieces)
    best: list[tuple[Piece, ...]] = []
    best_worth, chosen = 0, 0.0
    for gutter in _gutters(pieces):
        sections = _sections(pieces, gutter)
        worth = sum(len(section) for section in sections if _is_columns(section, gutter))
        if worth > best_worth:
            best, best_worth, chosen = sections, worth, gutter
    if not best_worth:
        return rows_of(pieces)
    return [row for section in best for row in _ordered_section(section, chosen)]


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
    return sorted(ordered, key=lambda row: sum(one.middle for one in row) / len(row))


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


def _ordered_section(section: Sequence[Piece], gutter: float) -> list[Row]:
    if not _is_columns(section, gutter):
        return rows_of(section)
    left, right = _sides(section, gutter)
    return in_reading_order(left) + in_reading_order(right)


def _gutters(pieces: Sequence[Piece]) -> list[float]:
    """Where columns might be parted: just right of where pieces end, as long as enough free paper follows somewhere."""
    height = float(np.median([one.height for one in pieces]))
    ends = sorted({round((one.right + NARROWEST_GUTTER * height / 2) / (height / 2)) for one in pieces})
    return [end * height / 2 for end in ends]


def _sections(pieces: Sequence[Piece], gutter: float) -> list[tuple[Piece, ...]]:
    """The page cut across wherever a piece stands over the gutter; each such piece is a section of its own."""
    crossing = sorted((one for one in pieces if one.left < gutter < one.right), key=lambda one: one.middle)
    sections: list[tuple[Piece, ...]] = []
    rest = [one for one in pieces if not one.left < gutter < one.right]
    for heading in crossing:
        above = tuple(one for one in rest if one.middle < heading.middle)
        rest = [one for one in rest if one.middle >= heading.middle]
        sections += [above, (heading,)] if above else [(heading,)]
    return [*sections, tuple(rest)] if rest else sections


def _is_columns(section: Sequence[Piece], gutter: float) -> bool:
    left, right = (rows_of(side) for side in _sides(section, gutter))
    if len(left) < FEWEST_LINES or len(right) < FEWEST_LINES:
        return False
    top, bottom = max(left[0][0].top, right[0][0].top), min(left[-1][0].bottom, right[-1][0].bottom)
    shorter = min(left[-1][0].bottom - left[0][0].top, right[-1][0].bottom - right[0][0].top)
    return bottom - top > shorter / 2 and _is_prose(left) and _is_prose(right)


def _is_prose(rows: Sequence[Row]) -> bool:
    left, right = min(row[0].left for row in rows), max(row[-1].right for row in rows)
    lengths = [sum(len(one.text) for one in row) for row in rows]
    fills = [(row[-1].right - row[0].left) / max(right - left, 1.0) for row in rows]
    return float(np.median(lengths)) >= PROSE_CHARACTERS and float(np.median(fills)) >= PROSE_FILL


def _sides(section: Sequence[Piece], gutter: float) -> tuple[list[Piece], list[Piece]]:
    return [one for one in section if one.right <= gutter], [one for one in section if one.right > gutter]


def _stands_in(one: Piece, row: Sequence[Piece]) -> bool:
    top, bottom = float(np.mean([each.top for each in row])), float(np.mean([each.bottom for each in row]))
    shared = min(one.bottom, bottom) - max(one.top, top)
    overlaps_sideways = any(min(one.right, each.right) - max(one.left, each.left) > each.height / 2 for each in row)
    return shared >= SAME_ROW * min(one.height, bottom - top) and not overlaps_sideways
