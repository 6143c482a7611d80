"""Finds the lines of writing on a picture of a page with the PP-OCR detector that comes in the rapidocr package."""

from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from transcription.scans.models import model_path, quick_model_path, session

Picture = NDArray[np.uint8]
"""Height x width x 3, blue first, as the models were trained."""

Quad = NDArray[np.float32]
"""Corners (x, y) of a line of writing in pixels: top left, top right, bottom right, bottom left, as the line reads."""

LONG_SIDE = 960
LONG_SIDE_SMALL_PRINT = 1536
SMALL_PRINT = 11.0
"""Pixels at `LONG_SIDE`: when half the lines found are lower than this, the page is looked at again more closely."""

SAMPLED = 4
"""Every so many dots across and down are looked at to see whether a page has any colour."""

STRIDE = 32
UNEVEN = 6
"""Shades (of 255) by which a dot differs from those around it where there is more than paper."""

MEAN = 127.5
INK = 0.3
LINE_SCORE = 0.5
GROWTH = 1.6
MOST_LINES = 2000
SMALLEST_SIDE = 3.0
"""The values of the detector's authors (Liao et al. 2020, differentiable binarisation; PP-OCR's published settings)."""


class LineDetector:
    """Finds lines of writing, at any angle; with the quicker model where set-up has made it."""

    def __init__(self) -> None:
        quick = quick_model_path("det")
        self._session = session(quick if quick.is_file() else model_path("det"))

    def lines(self, page: Picture) -> list[Quad]:
        """The lines on a page, in no particular order."""
        found = self._lines_at(page, LONG_SIDE)
        if found and self._is_small_print(page, found):
            return self._lines_at(page, LONG_SIDE_SMALL_PRINT)
        return found

    @staticmethod
    def _is_small_print(page: Picture, lines: list[Quad]) -> bool:
        scale = float(LONG_SIDE / max(page.shape[:2]))
        return scale < 1 and float(np.median([height_of(line) for line in lines])) * scale < SMALL_PRINT

    def _lines_at(self, page: Picture, long_side: int) -> list[Quad]:
        scale = min(long_side / max(page.shape[:2]), 2.0)
        height, width = max(round(page.shape[0] * scale), 1), max(round(page.shape[1] * scale), 1)
        whole = _resized(page, (width, height), cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC)
        left, top, small = _without_margins(whole)
        height, width = small.shape[:2]
        canvas = np.zeros((1, 3, -(-height // STRIDE) * STRIDE, -(-width // STRIDE) * STRIDE), np.float32)
        canvas[0, :, :height, :width] = (small.astype(np.float32).transpose(2, 0, 1) - MEAN) / MEAN
        (ink,) = self._session.run(None, {"x": canvas})
        corner = np.array((left, top), np.float32)
        return [(quad + corner) / np.float32(scale) for quad in _quads(ink[0, 0, :height, :width])]


def _resized(page: Picture, size: tuple[int, int], how: int) -> Picture:
    """The page in another size; one without colour in a third of the time."""
    some = page[::SAMPLED, ::SAMPLED]
    if np.array_equal(some[:, :, 0], some[:, :, 1]) and np.array_equal(some[:, :, 1], some[:, :, 2]):
        grey = cv2.resize(cv2.extractChannel(page, 1), size, interpolation=how)
        return cv2.cvtColor(grey, cv2.COLOR_GRAY2BGR).astype(np.uint8, copy=False)
    return cv2.resize(page, size, interpolation=how).astype(np.uint8, copy=False)


def _without_margins(page: Picture) -> tuple[int, int, Picture]:
    """The page as far as there is anything on it, and where that begins: empty paper takes as long to search."""
    grey = cv2.medianBlur(cv2.cvtColor(page, cv2.COLOR_BGR2GRAY), 3)
    uneven = cv2.absdiff(grey, cv2.blur(grey, (STRIDE, STRIDE))) > UNEVEN
    across, down = np.flatnonzero(uneven.any(axis=0)), np.flatnonzero(uneven.any(axis=1))
    if not len(across):
        return 0, 0, page[:STRIDE, :STRIDE]
    left, right = max(int(across[0]) - STRIDE, 0), int(across[-1]) + STRIDE
    top, bottom = max(int(down[0]) - STRIDE, 0), int(down[-1]) + STRIDE
    return left, top, page[top:bottom, left:right]


def _quads(ink: NDArray[np.float32]) -> list[Quad]:
    mask = cv2.dilate((ink > INK).astype(np.uint8), np.ones((2, 2), np.uint8))
    contours, _ = cv2.findContours(mask, cv2.RETR_LIST, cv2.CHAIN_APPROX_SIMPLE)
    quads = []
    for contour in contours[:MOST_LINES]:
        centre, (width, height), angle = cv2.minAreaRect(contour)
        if min(width, height) < SMALLEST_SIDE or _score(ink, contour) < LINE_SCORE:
            continue
        growth = width * height * GROWTH / (2 * (width + height)) * 2
        grown = cv2.boxPoints((centre, (width + growth, height + growth), angle))
        quads.append(as_read(grown.astype(np.float32)))
    return quads


def _score(ink: NDArray[np.float32], contour: Any) -> float:
    x, y, width, height = cv2.boundingRect(contour)
    inside = np.zeros((height, width), np.uint8)
    cv2.fillPoly(inside, [contour - (x, y)], 1)
    return float(cv2.mean(ink[y : y + height, x : x + width], inside)[0])


def as_read(corners: Quad) -> Quad:
    """Corners in reading order for writing that runs along the longer side, left to right or top to bottom."""
    by_x = corners[np.argsort(corners[:, 0], kind="stable")]
    left, right = by_x[:2], by_x[2:]
    top_left, bottom_left = left[np.argsort(left[:, 1])]
    top_right, bottom_right = right[np.argsort(right[:, 1])]
    return np.array([top_left, top_right, bottom_right, bottom_left], np.float32)


def width_of(line: Quad) -> float:
    """Pixels along the top and bottom sides."""
    return float(np.linalg.norm(line[1] - line[0]) + np.linalg.norm(line[2] - line[3])) / 2


def height_of(line: Quad) -> float:
    """Pixels along the left and right sides."""
    return float(np.linalg.norm(line[3] - line[0]) + np.linalg.norm(line[2] - line[1])) / 2
