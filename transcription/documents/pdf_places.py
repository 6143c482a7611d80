"""Where the words of a PDF's text layer stand on its pages."""

from __future__ import annotations

import ctypes
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pypdfium2 as pdfium
from numpy.typing import NDArray
from pypdfium2 import raw

from transcription.contract import Box, PageShape, Segment, WrittenWord
from transcription.scans.rows import Piece
from transcription.scans.upright import around

MOST_PAGES = 300
"""Words of further pages have no boxes: no person looks for words by their place in a book."""

SKIPPED = 40
"""Letters of a layer that may be missing from its text as we tidied it, one after the other."""

HYPHEN = "\ufffe"
"""How pdfium gives a hyphen at the end of a line."""


@dataclass(frozen=True, kw_only=True)
class Letter:
    """One letter of a text layer; its sides in points of the page as the PDF draws it, upwards from its corner."""

    character: str
    left: float
    bottom: float
    right: float
    top: float


def letters_of(words: pdfium.PdfTextPage) -> list[Letter]:
    """Every letter that shows something, in the order of the layer."""
    sides = [ctypes.c_double() for _ in range(4)]
    left, right, bottom, top = sides
    found = []
    for place in range(words.count_chars()):
        character = chr(raw.FPDFText_GetUnicode(words, place) or 32)
        if character.isspace() or not raw.FPDFText_GetCharBox(words, place, *map(ctypes.byref, sides)):
            continue
        found.append(
            Letter(
                character="-" if character == HYPHEN else character,
                left=left.value, bottom=bottom.value, right=right.value, top=top.value,
            )
        )  # fmt: skip
    return found


def shape_of(page: pdfium.PdfPage, number: int) -> PageShape:
    """The page as it is shown."""
    width, height = page.get_size()
    return PageShape(number=number, width=round(width, 2), height=round(height, 2))


def segments_of(layer: str, letters: Sequence[Letter], page: pdfium.PdfPage, number: int) -> tuple[Segment, ...]:
    """The paragraphs of a page's text; the boxes of their words where the letters, in the same order, tell them."""
    ways = _ways(page)
    rest = _Rest(letters)
    found = []
    for part in layer.split("\n\n"):
        if part.strip():
            written = _written(part, rest, ways)
            box = around([word.box for word in written])
            found.append(Segment(text=part, page=number, box=box, written=written))
    return tuple(found)


def in_order_of(pieces: Sequence[Piece], letters: Sequence[Letter]) -> list[Letter]:
    """The letters, piece by piece; a piece's sides are points of the page counted downwards."""
    if not pieces or not letters:
        return []
    sides = np.array([(one.left, one.right, -one.bottom, -one.top) for one in pieces])[:, :, None]
    across = np.array([(letter.left + letter.right) / 2 for letter in letters])
    up = np.array([(letter.bottom + letter.top) / 2 for letter in letters])
    inside = (sides[:, 0] <= across) & (across <= sides[:, 1]) & (sides[:, 2] <= up) & (up <= sides[:, 3])
    first = np.where(inside.any(axis=0), inside.argmax(axis=0), len(pieces))
    return [letters[place] for place in np.argsort(first, kind="stable") if first[place] < len(pieces)]


class _Rest:
    """The letters that have not been met yet."""

    def __init__(self, letters: Sequence[Letter]) -> None:
        self._letters, self._at = letters, 0

    def next(self, character: str) -> Letter | None:
        """The next letter of this kind, if it follows soon."""
        for place in range(self._at, min(self._at + SKIPPED, len(self._letters))):
            if self._letters[place].character == character:
                self._at = place + 1
                return self._letters[place]
        return None


def _written(text: str, rest: _Rest, ways: NDArray[np.float64]) -> tuple[WrittenWord, ...]:
    """The words of a paragraph; one that the layer has no place for stands where its neighbour does."""
    words = text.split()
    boxes = []
    for word in words:
        letters = [letter for character in word if (letter := rest.next(character)) is not None]
        boxes.append(_box(letters, ways) if letters else None)
    near = next((box for box in boxes if box), None)
    if near is None:
        return ()
    written = []
    for word, box in zip(words, boxes, strict=True):
        near = box or near
        written.append(WrittenWord(text=word, box=near))
    return tuple(written)


def _box(letters: Sequence[Letter], ways: NDArray[np.float64]) -> Box:
    corners = np.array([(one.left, one.bottom) for one in letters] + [(one.right, one.top) for one in letters])
    placed = (corners @ ways[:, :2].T + ways[:, 2]).clip(0, 1)
    (left, top), (right, bottom) = placed.min(axis=0), placed.max(axis=0)
    return float(left), float(top), float(right), float(bottom)


def _ways(page: pdfium.PdfPage) -> NDArray[np.float64]:
    """From points of the page to parts of its width and height as it is shown, turned and cropped (2 x 3)."""
    left, bottom, right, top = page.get_bbox()
    across, down = 1 / max(right - left, 1e-6), 1 / max(top - bottom, 1e-6)
    to_right, to_left = (across, 0.0, -left * across), (-across, 0.0, right * across)
    downwards, upwards = (0.0, -down, top * down), (0.0, down, -bottom * down)
    ways = {0: (to_right, downwards), 90: (upwards, to_right), 180: (to_left, upwards), 270: (downwards, to_left)}
    return np.array(ways[page.get_rotation()])
