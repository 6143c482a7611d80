"""Tells the letter from what machines and clerks put on it: the header of a fax, a stamp across the text."""

import re
from collections.abc import Sequence

from transcription.scans.rows import Piece, Row, joined

CLOCK = re.compile(r"\b\d{1,2}[:.]\d{2}\b")
DAY = re.compile(r"\b\d{1,4}[-/. ](\d{1,2}|[A-Za-z]{3,9})[-/. ]\d{2,4}\b")
SENT = re.compile(r"\b(from|to|fax|tel|page|p)\b[ .:]*\+?\d", re.IGNORECASE)

SHADOW = 0.5

COVERED = 0.2
"""A coloured piece that shares this part of its area with black writing lies across it."""


def fax_header(rows: Sequence[Row]) -> str:
    """The sending machine's line at the top of a fax as a sentence for the note; empty when the first row is none."""
    first = joined(rows[0]) if rows else ""
    if DAY.search(first) and CLOCK.search(first) and len(SENT.findall(first)) > 1:
        return f"Fax header: {first}."
    return ""


def across_the_text(coloured: Sequence[Piece], black: Sequence[Piece]) -> list[Piece]:
    """The coloured pieces that were stamped over the writing; a coloured line of its own belongs to the letter."""
    over = [one for one in coloured if any(_shared(one, other) > COVERED * _area(one) for other in black)]
    if not over:
        return []
    return [one for one in coloured if one in over or any(_is_near(one, other) for other in over)]


def without_shadows(black: Sequence[Piece], coloured: Sequence[Piece]) -> list[Piece]:
    """The black pieces less those that are only the pale shadow of a coloured one: the same words at the same place."""
    return [
        one
        for one in black
        if not any(_shared(one, other) > SHADOW * _area(one) and _letters(one) == _letters(other) for other in coloured)
    ]


def _letters(piece: Piece) -> str:
    return "".join(each for each in piece.text.casefold() if each.isalnum())


def _shared(one: Piece, other: Piece) -> float:
    across = min(one.right, other.right) - max(one.left, other.left)
    down = min(one.bottom, other.bottom) - max(one.top, other.top)
    return max(across, 0.0) * max(down, 0.0)


def _is_near(one: Piece, other: Piece) -> bool:
    """Whether a piece stands within a line's height of another: lines of one stamp."""
    reach = other.height
    return (
        one.left < other.right + reach
        and one.right > other.left - reach
        and one.top < other.bottom + reach
        and one.bottom > other.top - reach
    )


def _area(piece: Piece) -> float:
    return max((piece.right - piece.left) * piece.height, 1.0)
