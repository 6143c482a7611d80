"""Cuts single lines of writing out of a page, straight and all equally high, as the recogniser reads them."""

import cv2
import numpy as np
from numpy.typing import NDArray

from transcription.scans.detector import Picture, Quad, height_of, width_of

LINE_HEIGHT = 48
LONGEST_LINE = 3200
STEP = 8
MARGIN = 0.1
"""Of a line's height, added at both ends; 0.1 read the 13 hardest sample pages better than 0, 0.05, 0.15 or 0.2."""

FAINTEST = 20
"""Shades (of 255) by which ink differs from the paper around it."""

RULED_ACROSS, RULED_DOWN = 0.6, 0.85
"""Parts of a strip's width and height that only a drawn line fills."""

Strip = NDArray[np.uint8]
"""One line of writing: `LINE_HEIGHT` pixels high, at least `STEP` wide, blue first."""


Ink = NDArray[np.bool_]
"""Where there is ink on a strip."""


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


def ink_of(picture: Strip) -> Ink:
    """The ink of a strip, dark on light or light on dark, in a shadow or out of it, without a form's drawn lines."""
    grey = cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY)
    away = cv2.subtract(grey, cv2.blur(grey, (LINE_HEIGHT, LINE_HEIGHT)), dtype=cv2.CV_32F)
    around = np.ones((LINE_HEIGHT // 2 + 1, LINE_HEIGHT // 2 + 1), np.uint8)
    found = cv2.MORPH_BLACKHAT if float((away * away * away).mean()) < 0 else cv2.MORPH_TOPHAT
    strength = cv2.morphologyEx(grey, found, around)
    threshold, _ = cv2.threshold(strength, 0, 255, cv2.THRESH_BINARY | cv2.THRESH_OTSU)
    return _without_rules(np.asarray(strength > max(threshold, FAINTEST)))


def _without_rules(ink: Ink) -> Ink:
    """The ink without the lines of a form that run across the whole strip or from its top to its foot."""
    rows, columns = ink.mean(axis=1) > RULED_ACROSS, ink.mean(axis=0) > RULED_DOWN
    if not rows.any() and not columns.any():
        return ink
    return np.asarray(ink & ~rows[:, None] & ~columns[None, :])
