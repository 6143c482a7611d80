"""Reads single lines of writing with the PP-OCR recogniser, allowing it only the characters of European languages."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from transcription.scans.detector import Picture, Quad, height_of, session, width_of

LINE_HEIGHT = 48
BATCH_WIDTH = 4800
"""Pixels of line, padding included, recognised at once: the model answers 18,710 chances for every eighth pixel."""

LONGEST_LINE = 3200
STEP = 8
MIDDLE_GREY = 127.5

MARKS = "–—―‘’‚“”„†‡•…‰′″‹›⁄€™№−√✓✔✗✘☐☑☒□■"
FURTHER_LETTERS = "ȘșȚțẀẁẂẃẄẅỲỳ"

Strip = NDArray[np.uint8]


def is_allowed(character: str) -> bool:
    """Whether a character may be read at all: Latin letters, figures and the signs used in letters and forms."""
    return len(character) == 1 and (
        " " <= character <= "~" or "\u00a1" <= character <= "\u017f" or character in MARKS + FURTHER_LETTERS
    )


@dataclass(frozen=True, kw_only=True)
class Glyph:
    """One character read: where its middle lies along the line (0 to 1) and how sure the recogniser is (0 to 1)."""

    character: str
    at: float
    confidence: float


@dataclass(frozen=True, kw_only=True)
class Reading:
    """One line as read."""

    glyphs: tuple[Glyph, ...]

    @property
    def text(self) -> str:
        return "".join(glyph.character for glyph in self.glyphs).strip()

    @property
    def confidence(self) -> float:
        return sum(glyph.confidence for glyph in self.glyphs) / len(self.glyphs) if self.glyphs else 0.0


class LineRecogniser:
    """Reads strips cut from a page; many at once, sorted by width, for speed."""

    def __init__(self) -> None:
        self._session = session("rec")
        characters = ["", *self._session.get_modelmeta().custom_metadata_map["character"].splitlines(), " "]
        allowed = [number for number, character in enumerate(characters) if number == 0 or is_allowed(character)]
        self._columns = np.array(allowed)
        self._characters = [characters[number] for number in allowed]

    def read(self, page: Picture, lines: Sequence[Quad]) -> list[Reading]:
        """What each line says, in the order given."""
        strips = [strip(page, line) for line in lines]
        readings: dict[int, Reading] = {}
        for batch in batches([picture.shape[1] for picture in strips]):
            width = max(strips[number].shape[1] for number in batch)
            canvas = np.zeros((len(batch), 3, LINE_HEIGHT, width), np.float32)
            for row, number in enumerate(batch):
                picture = strips[number]
                canvas[row, :, :, : picture.shape[1]] = (
                    picture.astype(np.float32).transpose(2, 0, 1)
                ) / MIDDLE_GREY - 1
            (answer,) = self._session.run(None, {"x": canvas})
            for row, number in enumerate(batch):
                steps = max(strips[number].shape[1] // STEP, 1)
                readings[number] = self._decoded(answer[row][:, self._columns], steps)
        return [readings[number] for number in range(len(strips))]

    def _decoded(self, chances: NDArray[np.float32], steps: int) -> Reading:
        best = chances.argmax(axis=1)
        kept = np.flatnonzero((best != 0) & (best != np.concatenate(([-1], best[:-1]))))
        return Reading(
            glyphs=tuple(
                Glyph(
                    character=self._characters[best[step]],
                    at=float(min((step + 0.5) / steps, 1.0)),
                    confidence=float(chances[step, best[step]]),
                )
                for step in kept
            )
        )


def strip(page: Picture, line: Quad) -> Strip:
    """The line cut out straight, `LINE_HEIGHT` pixels high, at most `LONGEST_LINE` wide."""
    width, height = max(width_of(line), 1.0), max(height_of(line), 1.0)
    target = int(min(max(width / height * LINE_HEIGHT, STEP), LONGEST_LINE))
    full = (max(round(width), 1), max(round(height), 1))
    corners = np.array([(0, 0), (full[0], 0), full, (0, full[1])], np.float32)
    cut = cv2.warpPerspective(
        page, cv2.getPerspectiveTransform(line, corners), full, flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE
    )
    shrinks = full[1] > LINE_HEIGHT
    resized = cv2.resize(cut, (target, LINE_HEIGHT), interpolation=cv2.INTER_AREA if shrinks else cv2.INTER_CUBIC)
    return resized.astype(np.uint8)


def batches(widths: Sequence[int]) -> Iterator[list[int]]:
    """The numbers of lines to recognise together: of like width, so that little of a batch is empty."""
    batch: list[int] = []
    for number in sorted(range(len(widths)), key=lambda each: widths[each]):
        if batch and widths[number] * (len(batch) + 1) > BATCH_WIDTH:
            yield batch
            batch = []
        batch.append(number)
    if batch:
        yield batch
