"""Reads single lines of writing with the PP-OCR recogniser, allowing it only the characters of European languages."""

from collections.abc import Iterator, Sequence
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from transcription.scans.alphabet import allowed
from transcription.scans.doubts import doubts, mended
from transcription.scans.lines import Glyph, Reading
from transcription.scans.models import model_path, quick_model_path, session
from transcription.scans.strips import LINE_HEIGHT, STEP, Strip

BATCH_WIDTH = 1600
"""Pixels of line, padding included, recognised at once: 4,800 took a fifth more time and 130 MB more."""

MIDDLE_GREY = 127.5

LIKELY_BLANK = 0.1
LIKELY_BLANK_BEFORE_A_WORD = 0.025
"""The recogniser swallows blanks between narrow letters; where it gave one this chance, there was one in 12 of 12."""

NARROW = 0.85
"""Of its width, in which a line is read first: the time taken goes with the width."""

TIGHT = 3
"""Steps between the middles of two small letters below which no blank fits; one less for others."""

NO_BLANK_AFTER = " -:/(@_"


class LineRecogniser:
    """Reads strips cut from a page; many at once, sorted by width, for speed.

    Where set-up has made the quicker model (``transcription.scans.quicker``) all lines are read with it first, and
    what it is not quite sure of, words or whole lines, once more with the model as it comes.
    """

    def __init__(self) -> None:
        self._thorough: Any = None
        quick = quick_model_path("rec")
        self._quick = session(quick) if quick.is_file() else None
        first = self._quick or self._thorough_model()
        self._columns, self._characters = allowed(first.get_modelmeta().custom_metadata_map["character"])
        self._blank = self._characters.index(" ")

    def read(self, strips: Sequence[Strip]) -> list[Reading]:
        """What each line says, in the order given."""
        if self._quick is None:
            return self._read(strips, self._thorough_model())
        readings = self._read([_narrow(picture) for picture in strips], self._quick)
        unsure = [
            (number, doubt)
            for number, (reading, strip) in enumerate(zip(readings, strips, strict=True))
            for doubt in reversed(doubts(reading, strip))
        ]
        if unsure:
            again = self._read(
                [strips[number][:, doubt.left : doubt.right] for number, doubt in unsure], self._thorough_model()
            )
            for (number, doubt), part in zip(unsure, again, strict=True):
                readings[number] = mended(readings[number], doubt, part, strips[number].shape[1])
        return readings

    def _thorough_model(self) -> Any:
        if self._thorough is None:
            self._thorough = session(model_path("rec"))
        return self._thorough

    def _read(self, strips: Sequence[Strip], model: Any) -> list[Reading]:
        readings: dict[int, Reading] = {}
        for batch in batches([picture.shape[1] for picture in strips]):
            width = max(strips[number].shape[1] for number in batch)
            canvas = np.zeros((len(batch), 3, LINE_HEIGHT, width), np.float32)
            for row, number in enumerate(batch):
                picture = strips[number]
                canvas[row, :, :, : picture.shape[1]] = (
                    picture.astype(np.float32).transpose(2, 0, 1)
                ) / MIDDLE_GREY - 1
            (answer,) = model.run(None, {"x": canvas})
            for row, number in enumerate(batch):
                steps = max(strips[number].shape[1] // STEP, 1)
                chances = answer[row] if answer.shape[2] == len(self._columns) else answer[row][:, self._columns]
                readings[number] = self._decoded(chances, steps)
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


def _narrow(picture: Strip) -> Strip:
    width = max(round(picture.shape[1] * NARROW), STEP)
    return cv2.resize(picture, (width, LINE_HEIGHT), interpolation=cv2.INTER_AREA).astype(np.uint8)


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
