"""Reads one picture of a page: level it, part its inks, find and recognise its lines, put them in order."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from transcription.contract import Segment
from transcription.scans.detector import LineDetector, Picture, Quad
from transcription.scans.inks import parted, without_specks
from transcription.scans.order import in_reading_order
from transcription.scans.recogniser import LineRecogniser, Reading
from transcription.scans.rows import Piece, Row, joined, laid_out, piece
from transcription.scans.stamps import across_the_text, fax_header, without_shadows
from transcription.scans.straighten import straightened
from transcription.scans.ticks import ticked

NO_WRITING = "No writing was found."

LOW_CONFIDENCE = 0.8
"""A line read with less mean confidence is marked unclear."""

NOTHING_READ = 0.5
"""A piece below this is a smudge, a signature or a drawing: no characters worth showing came out of it."""

EMPTY_BOXES = str.maketrans("", "", "□☐■")
"""Boxes to tick are drawn, not written; their outlines are left out of the text."""

MISSING_BLANK = re.compile(r",(?=[^\W\d_]{2})")


@dataclass(frozen=True, kw_only=True)
class PageRead:
    """One page as text, with one segment for each row of writing.

    `beside` is what machines and clerks put on the page (a fax header, a stamp across the text, ticks), as sentences
    for the note.
    """

    text: str
    segments: tuple[Segment, ...]
    beside: tuple[str, ...] = ()


class PageReader:
    """Holds both models; about 2 seconds of one processor for a letter page."""

    def __init__(self) -> None:
        self._detector = LineDetector()
        self._recogniser = LineRecogniser()

    def read(self, picture: Picture, number: int) -> PageRead:
        """The text of one page (`number` counts from 1); a blank page has none."""
        page = straightened(without_specks(picture), self._detector, self._recogniser)
        inks = parted(page.picture) if page.lines else None
        if inks is None:
            pieces, stamps = self._pieces(page.picture, page.lines), list[Piece]()
        else:
            pieces = self._pieces(inks.black, self._detector.lines(inks.black))
            coloured = self._pieces(inks.coloured, self._detector.lines(inks.coloured))
            pieces = without_shadows(pieces, coloured)
            stamps = across_the_text(coloured, pieces)
            pieces += [one for one in coloured if one not in stamps]
        rows = in_reading_order(pieces)
        header = fax_header(rows)
        shown = rows[1:] if header else rows
        stamped = f"Stamped across the text: {joined(tuple(stamps))}." if stamps else ""
        return PageRead(
            text=laid_out(shown),
            segments=tuple(_segment(row, number) for row in shown),
            beside=tuple(filter(None, (header, stamped, _ticks(page.picture, pieces)))),
        )

    def _pieces(self, picture: Picture, lines: Sequence[Quad]) -> list[Piece]:
        readings = self._recogniser.read(picture, lines)
        pieces = [piece(as_written(each), each.confidence, line) for each, line in zip(readings, lines, strict=True)]
        return [one for one in pieces if one.text and one.confidence >= NOTHING_READ]


def as_written(reading: Reading) -> str:
    """The line's text without the outlines of tick boxes; specks of dirt, read as lone dots or dashes, are no text."""
    text = " ".join(reading.text.translate(EMPTY_BOXES).split())
    return MISSING_BLANK.sub(", ", text) if any(each.isalnum() for each in text) else ""


def _ticks(picture: Picture, pieces: Sequence[Piece]) -> str:
    names = ticked(picture, pieces)
    return f"Ticked: {'; '.join(names)}." if names else ""


def _segment(row: Row, number: int) -> Segment:
    confidence = float(np.average([one.confidence for one in row], weights=[len(one.text) for one in row]))
    return Segment(text=joined(row), page=number, confidence=round(confidence, 3), unclear=confidence < LOW_CONFIDENCE)
