"""Puts the lines of a page in the order a person reads them: rows across, but columns one after the other."""

from collections import Counter
from collections.abc import Sequence
from itertools import takewhile

import numpy as np

from transcription.scans.rows import Piece, Row, middle_of, rows_of, with_whole_cells

FEWEST_LINES = 4
"""A column has at least this many lines; fewer side by side are a row of a form or a letterhead."""

FEWEST_LINES_OF_PROSE = 2
LONG_LINE = 30
"""The last column may be this short, when its lines are at least this long and the other column is a full one."""

PROSE_CHARACTERS = 18
"""Half the lines of prose, in each of its columns, are at least this long; some cells of a table are shorter."""

PROSE_FILL = 0.6
"""Half the lines of a column of prose fill at least this part of its width."""

OVERHANG = 0.5
"""Line heights by which a line may reach over a gutter without crossing it: the detector draws lines generously."""

TITLE = 1.3
"""Times the usual height of a line from which lines at the top, alone on their level, head all columns."""

LEVEL = 0.2
"""Line heights by which two rows may differ and still stand level, as the cells of a table do."""

FEW_LEVEL = 0.6
"""With fewer of its rows level with prose than this part, a narrow list beside the prose is a column of its own."""


def in_reading_order(pieces: Sequence[Piece]) -> list[Row]:
    """The rows of a page in reading order; each row's pieces stand side by side."""
    best: list[tuple[Piece, ...]] = []
    best_worth, chosen = 0, 0.0
    for gutter in _gutters(pieces):
        sections = _sections(pieces, gutter)
        worth = sum(len(section) for section in sections if _is_columns(section, gutter))
        if worth > best_worth:
            best, best_worth, chosen = sections, worth, gutter
    if not best_worth:
        return with_whole_cells(rows_of(pieces))
    return [row for section in best for row in _ordered_section(section, chosen)]


def as_they_run(pieces: Sequence[Piece]) -> list[Piece]:
    """Pieces of stamps and margins: those that lie level from top to bottom, then each askew under what it follows."""
    level = [one for row in rows_of([one for one in pieces if not one.is_askew]) for one in row]
    return level + sorted((one for one in pieces if one.is_askew), key=lambda one: one.down)


def _ordered_section(section: Sequence[Piece], gutter: float) -> list[Row]:
    if not _is_columns(section, gutter):
        return with_whole_cells(rows_of(section))
    left, right = _sides(section, gutter)
    return in_reading_order(left) + in_reading_order(right)


def _gutters(pieces: Sequence[Piece]) -> list[float]:
    """Where columns might be parted: between neighbours on a level, where several of them leave the same gap."""
    if len(pieces) < 2 * FEWEST_LINES:
        return []
    step = float(np.median([one.height for one in pieces])) / 2
    found: Counter[int] = Counter()
    for one in pieces:
        beyond = [each for each in pieces if each.left > one.right - OVERHANG * one.height and _are_level(one, each)]
        if beyond:
            found[round((one.right + min(each.left for each in beyond)) / 2 / step)] += 1
    return [place * step for place, _ in sorted(found.items()) if _near(found, place) >= FEWEST_LINES_OF_PROSE]


def _near(found: Counter[int], place: int) -> int:
    return sum(found[each] for each in range(place - 2, place + 3))


def _are_level(one: Piece, other: Piece) -> bool:
    return min(one.bottom, other.bottom) - max(one.top, other.top) > 0


def _crosses(one: Piece, gutter: float) -> bool:
    overhang = OVERHANG * one.height
    return one.left < gutter - overhang and one.right > gutter + overhang


def _sections(pieces: Sequence[Piece], gutter: float) -> list[tuple[Piece, ...]]:
    """The page cut across wherever a piece stands over the gutter; each such piece is a section of its own."""
    titles = _titles(pieces)
    crossing = sorted((one for one in pieces if one in titles or _crosses(one, gutter)), key=lambda one: one.middle)
    sections: list[tuple[Piece, ...]] = []
    rest = [one for one in pieces if one not in crossing]
    for heading in crossing:
        above = tuple(one for one in rest if one.middle < heading.middle)
        rest = [one for one in rest if one.middle >= heading.middle]
        sections += [above, (heading,)] if above else [(heading,)]
    return [*sections, tuple(rest)] if rest else sections


def _titles(pieces: Sequence[Piece]) -> list[Piece]:
    usual = float(np.median([one.height for one in pieces]))
    return list(
        takewhile(
            lambda one: one.height > TITLE * usual and not any(_are_level(one, each) for each in pieces if each != one),
            sorted(pieces, key=lambda one: one.middle),
        )
    )


def _is_columns(section: Sequence[Piece], gutter: float) -> bool:
    left, right = (rows_of(side) for side in _sides(section, gutter))
    fewer, more = sorted((left, right), key=len)
    if len(more) < FEWEST_LINES or len(fewer) < FEWEST_LINES_OF_PROSE or not _stand_beside(left, right):
        return False
    if _is_prose(left) and _is_prose(right):
        return len(fewer) >= FEWEST_LINES or _median_length(fewer) >= LONG_LINE
    if len(fewer) < FEWEST_LINES:
        return False
    narrow, wide = (left, right) if _is_prose(right) else (right, left)
    return _is_prose(wide) and _level_share(narrow, wide) < FEW_LEVEL


def _stand_beside(left: Sequence[Row], right: Sequence[Row]) -> bool:
    top, bottom = max(left[0][0].top, right[0][0].top), min(left[-1][0].bottom, right[-1][0].bottom)
    shorter = min(left[-1][0].bottom - left[0][0].top, right[-1][0].bottom - right[0][0].top)
    return bottom - top > shorter / 2


def _level_share(rows: Sequence[Row], others: Sequence[Row]) -> float:
    middles = np.array([middle_of(row) for row in others])
    return float(np.mean([float(np.abs(middles - middle_of(row)).min()) < LEVEL * row[0].height for row in rows]))


def _is_prose(rows: Sequence[Row]) -> bool:
    left, right = min(row[0].left for row in rows), max(row[-1].right for row in rows)
    fills = [(row[-1].right - row[0].left) / max(right - left, 1.0) for row in rows]
    shortest = [min(len(one.text) for one in row) for row in rows]
    return float(np.median(shortest)) >= PROSE_CHARACTERS and float(np.median(fills)) >= PROSE_FILL


def _median_length(rows: Sequence[Row]) -> float:
    return float(np.median([sum(len(one.text) for one in row) for row in rows]))


def _sides(section: Sequence[Piece], gutter: float) -> tuple[list[Piece], list[Piece]]:
    left = [one for one in section if (one.left + one.right) / 2 < gutter]
    return left, [one for one in section if (one.left + one.right) / 2 >= gutter]
