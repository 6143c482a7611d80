"""Reads one picture of a page: level it, find and recognise its lines, put them in order."""

from dataclasses import dataclass

import numpy as np

from transcription.contract import Segment
from transcription.scans.detector import LineDetector, Picture
from transcription.scans.order import Row, in_reading_order, joined, laid_out, piece
from transcription.scans.recogniser import LineRecogniser, Reading
from transcription.scans.straighten import straightened

LOW_CONFIDENCE = 0.8
"""A line read with less mean confidence is marked unclear."""

NOTHING_READ = 0.5
"""A piece below this is a smudge, a signature or a drawing: no characters worth showing came out of it."""

EMPTY_BOXES = str.maketrans("", "", "□☐■")
"""Boxes to tick are drawn, not written; their outlines are left out of the text."""


@dataclass(frozen=True, kw_only=True)
class PageRead:
    """One page as text, with one segment for each row of writing."""

    text: str
    segments: tuple[Segment, ...]


class PageReader:
    """Holds both models; about 2 seconds of one processor and 430 MB for a letter page."""

    def __init__(self) -> None:
        self._detector = LineDetector()
        self._recogniser = LineRecogniser()

    def read(self, picture: Picture, number: int) -> PageRead:
        """The text of one page (`number` counts from 1); a blank page has none."""
        page = straightened(picture, self._detector, self._recogniser)
        pieces = [
            piece(as_written(reading), reading.confidence, line)
            for reading, line in zip(page.readings, page.lines, strict=True)
        ]
        rows = in_reading_order([one for one in pieces if one.text and one.confidence >= NOTHING_READ])
        return PageRead(text=laid_out(rows), segments=tuple(_segment(row, number) for row in rows))


def as_written(reading: Reading) -> str:
    """The line's text without the outlines of tick boxes."""
    return " ".join(reading.text.translate(EMPTY_BOXES).split())


def _segment(row: Row, number: int) -> Segment:
    confidence = float(np.average([one.confidence for one in row], weights=[len(one.text) for one in row]))
    return Segment(text=joined(row), page=number, confidence=round(confidence, 3), unclear=confidence < LOW_CONFIDENCE)
