"""Reads single lines of writing with the PP-OCR recogniser, allowing it only the characters of European languages."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from transcription.scans.detector import Picture, Quad, height_of, session, width_of

LINE_HEIGHT = 48
BATCH_WIDTH = 1600
"""Pixels of line, padding included, recognised at once: 4,800 took a fifth more time and 130 MB more."""

LONGEST_LINE = 3200
MARGIN = 0.1
"""Of a line's height, added at both ends; 0.1 read the 13 hardest sample pages better than 0, 0.05, 0.15 or 0.2."""

STEP = 8
MIDDLE_GREY = 127.5

LIKELY_BLANK = 0.1
LIKELY_BLANK_BEFORE_A_WORD = 0.025
"""The recogniser swallows blanks between narrow letters; where it gave one this chance, there was one in 12 of 12."""

TIGHT = 3
"""Steps between the middles of two small letters below which no blank fits; one less for others."""

NO_BLANK_AFTER = " -:/(@_"

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
        self._blank = self._characters.index(" ")

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
        glyphs: list[Glyph] = []
        for number, step in enumerate(kept):
            character = self._characters[best[step]]
            if number:
                glyphs += self._blank_between(chances, int(kept[number - 1]), int(step), glyphs[-1], character)
            place = float(min((step + 0.5) / steps, 1.0))
            glyphs.append(Glyph(character=character, at=place, confidence=float(chances[step, best[step]])))
        return Reading(glyphs=tuple(glyphs))

    def _blank_between(
        self, chances: NDArray[np.float32], first: int, second: int, before: Glyph, after: str
    ) -> list[Glyph]:
        """A blank the recogniser thought of between two characters but did not put first."""
        is_tight = second - first < (TIGHT if before.character.islower() and after.islower() else TIGHT - 1)
        if is_tight or before.character in NO_BLANK_AFTER or after == " ":
            return []
        chance = float(chances[first + 1 : second, self._blank].max())
        begins_word = (after.isupper() and not before.character.isupper()) or (
            after.isdigit() and before.character.islower()
        )
        if chance < (LIKELY_BLANK_BEFORE_A_WORD if begins_word else LIKELY_BLANK):
            return []
        return [Glyph(character=" ", at=before.at, confidence=max(chance, 0.5))]


def strip(page: Picture, line: Quad) -> Strip:
    """The line cut out straight, `LINE_HEIGHT` pixels high, at most `LONGEST_LINE` wide."""
    line = with_margin(line)
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


def with_margin(line: Quad) -> Quad:
    """The line a little longer at both ends, where its first and last letters are often cut."""
    more = height_of(line) * MARGIN / max(width_of(line), 1.0)
    top, bottom = (line[1] - line[0]) * more, (line[2] - line[3]) * more
    return np.array([line[0] - top, line[1] + top, line[2] + bottom, line[3] - bottom], np.float32)


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
