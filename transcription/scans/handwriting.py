"""Tells lines written by hand from print by how unevenly their strokes run: no model, a rule of a few measures."""

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from transcription.scans.lines import Reading
from transcription.scans.strips import LINE_HEIGHT, Ink, Strip

BY_HAND = "Written by hand: check it against the picture."

FEWEST_LETTERS, TELLING_LETTERS = 3, 6
"""Shorter pieces show nothing; a single one has to be longer before it is called handwriting."""

SMALLEST_MARK = 12
"""Dots of a stroke; less is dirt or the dot of a letter."""

UPRIGHT = 5.0
"""Degrees by which the edge of an upright or level stroke leans at most."""

WEIGHTS = np.array([-2.46, 16.25, 11.35, -28.15, -9.44, -13.47, 13.27])
CONSTANT = 3.24
"""Fitted to 675 generated lines in 14 hands and 64 printed faces and to 1,000 lines of letters: logistic regression."""

A_LINE, A_PAGE = 1.5, -1.65
"""From here upwards one line, and with it the middle of a page's lines, are by hand (log odds). Of the pages it was
fitted to, printed ones have their middle below -1.9, written ones above -1.4."""

FEWEST_LINES = 3


@dataclass(frozen=True, kw_only=True)
class Look:
    """How much a line looks written by hand (log odds; None where it is too short to tell), and its letters."""

    odds: float | None
    letters: int


def look_of(reading: Reading, picture: Strip, ink: Ink) -> Look:
    """How a line looks, whose ink is given."""
    letters = sum(glyph.character.isalnum() for glyph in reading.glyphs)
    _, _, marks, _ = cv2.connectedComponentsWithStats(ink.astype(np.uint8), connectivity=8)
    marks = marks[1:][marks[1:, cv2.CC_STAT_AREA] >= SMALLEST_MARK]
    if letters < FEWEST_LETTERS or len(marks) < 2:
        return Look(odds=None, letters=letters)
    tops, heights = marks[:, cv2.CC_STAT_TOP], marks[:, cv2.CC_STAT_HEIGHT]
    upright, level = _straightness(picture)
    measures = (
        len(marks) / letters, _unevenness(tops + heights), _unevenness(heights), _stroke_width(ink) / LINE_HEIGHT,
        upright, level, 1 - reading.confidence,
    )  # fmt: skip
    return Look(odds=float(np.array(measures) @ WEIGHTS) + CONSTANT, letters=letters)


def is_by_hand(looks: Sequence[Look]) -> list[bool]:
    """Which lines of a page are by hand: all of a page most of which is, else those that plainly are."""
    telling = [look.odds for look in looks if look.odds is not None and look.letters >= TELLING_LETTERS - 1]
    if len(telling) >= FEWEST_LINES and float(np.median(telling)) > A_PAGE:
        return [True] * len(looks)
    return [look.odds is not None and look.odds > A_LINE and look.letters >= TELLING_LETTERS for look in looks]


def _unevenness(places: NDArray[np.floating | np.integer]) -> float:
    """The mean step between neighbouring values, of those that lie close: how little they keep to common levels."""
    steps = np.diff(np.sort(places.astype(np.float64)))
    close = steps[steps < LINE_HEIGHT / 12]
    return float(close.mean()) / LINE_HEIGHT * 10 if len(close) else 0.0


def _stroke_width(ink: Ink) -> float:
    """Half the mean width of the strokes, in pixels."""
    distance = cv2.distanceTransform(ink.astype(np.uint8), cv2.DIST_L2, 3)
    ridge = distance[np.asarray(distance >= cv2.dilate(distance, np.ones((3, 3)))) & np.asarray(distance > 0.5)]
    return float(ridge.mean()) if len(ridge) else 1.0


def _straightness(picture: Strip) -> tuple[float, float]:
    """Of the edges of all strokes those parts that stand upright and that lie level."""
    grey = cv2.GaussianBlur(cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY), (3, 3), 0).astype(np.float32)
    across = np.asarray(cv2.Sobel(grey, cv2.CV_32F, 1, 0))
    down = np.asarray(cv2.Sobel(grey, cv2.CV_32F, 0, 1))
    strength = np.hypot(across, down)
    strong = strength > strength.max() / 4
    lean = np.tan(np.radians(UPRIGHT))
    weight = float(strength[strong].sum()) or 1.0
    upright = strong & (np.abs(down) < lean * np.abs(across))
    level = strong & (np.abs(across) < lean * np.abs(down))
    return float(strength[upright].sum()) / weight, float(strength[level].sum()) / weight
