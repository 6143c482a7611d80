"""Tells a page on which nothing was written from one that holds even a faint line: in doubt it is not blank."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from transcription.sheets.pages import Grey

Marks = NDArray[np.uint8]
"""Height x width, not 0 where something is darker than the paper round it."""

EDGE = 0.018
"""Part of a page on each side where scanners leave dark rims: 4 mm of A4."""

RIM = 0.05
"""Part of a page within which what hangs on the edge is a rim of the scan, a torn corner or a hole."""

FAINTEST = 12.0
"""Of 255: what is less darker than the paper is not seen by people either."""

NOISE = 5.0
"""Times the usual difference between one place of the paper and another."""

MUCH = 0.004
STRONG = 60.0
"""A page is written on if so much of it is so much darker than its paper."""

DUST = 4.0
"""Pixels (0.7 mm): what is no longer and not part of anything is dust."""

STROKE = 14.0
"""Pixels (2.4 mm): a mark so long was made, and did not fall there."""

HOLE = (22.0, 56.0)
"""Pixels (3.7 to 9.5 mm) from side to side of the holes of a punch."""

SHARP = 0.25
"""Change from one pixel to the next, as a part of a mark's whole darkness; what shines through paper has no edges."""


@dataclass(frozen=True, kw_only=True)
class Darker:
    """What is darker than its paper, by how much (0 to 255), and the marks that are more than the paper's grain."""

    by: NDArray[np.float32]
    marks: Marks


def is_blank(page: Grey, has_lines: Callable[[Grey], bool]) -> bool:
    """Whether nothing was written on a page.

    ``has_lines`` says whether there are lines of writing on a page; it is asked only of one that is nearly blank.
    """
    if int(page.max()) - int(page.min()) < FAINTEST:
        return True
    if _is_plainly_written_on(page):
        return False
    dark = darker_than_paper(page)
    left = _without_dust_and_holes(dark)
    if left.any():
        left = _without_what_shines_through(dark, left)
    return not left.any() or (not _has_stroke(left) and not has_lines(page))


def _is_plainly_written_on(page: Grey) -> bool:
    """Seen at half its size and without its margins: so are nearly all pages, and this is quick."""
    top, left = round(page.shape[0] * RIM), round(page.shape[1] * RIM)
    inner = page[top : page.shape[0] - top, left : page.shape[1] - left]
    size = inner.shape[1] // 2, inner.shape[0] // 2
    half = np.asarray(cv2.resize(inner, size, interpolation=cv2.INTER_AREA), np.uint8)
    return float(np.mean(cv2.subtract(_paper_of(half), half) > STRONG)) > MUCH


def _paper_of(page: Grey) -> Grey:
    """The page as it would be with nothing on it: its shade, colour and shadows."""
    height, width = page.shape
    small = cv2.resize(page, (max(width // 8, 1), max(height // 8, 1)), interpolation=cv2.INTER_AREA)
    paper = cv2.medianBlur(cv2.dilate(small, np.ones((7, 7), np.uint8)), 21)
    return np.asarray(cv2.resize(paper, (width, height), interpolation=cv2.INTER_LINEAR), np.uint8)


def darker_than_paper(page: Grey) -> Darker:
    """The paper's own shade, colour and shadows taken away, and the rims of the scan."""
    smooth = np.asarray(cv2.GaussianBlur(page, (3, 3), 0), np.uint8)
    by = _paper_of(smooth).astype(np.float32) - smooth.astype(np.float32)
    inside = np.s_[
        round(page.shape[0] * EDGE) : -round(page.shape[0] * EDGE) or None,
        round(page.shape[1] * EDGE) : -round(page.shape[1] * EDGE) or None,
    ]
    some = by[inside][::5, ::5]
    middle = float(np.median(some))
    least = middle + max(FAINTEST, NOISE * 1.5 * float(np.median(np.abs(some - middle))))
    marks = np.zeros(page.shape, np.uint8)
    marks[inside] = by[inside] > least
    return Darker(by=by, marks=_without_rims(marks))


def _without_rims(marks: Marks) -> Marks:
    """What hangs on the edge and stays near it is no writing."""
    height, width = marks.shape
    top, left = round(height * EDGE), round(width * EDGE)
    count, named, boxes, _ = cv2.connectedComponentsWithStats(marks, connectivity=8)
    for number in range(1, count):
        x, y, across, down, _ = (int(each) for each in boxes[number])
        is_on_side = x <= left + 1 or x + across >= width - left - 1
        is_on_top = y <= top + 1 or y + down >= height - top - 1
        if (is_on_side and across < width * RIM) or (is_on_top and down < height * RIM):
            marks[named == number] = 0
    return marks


def _without_dust_and_holes(dark: Darker) -> Marks:
    joined = cv2.dilate(dark.marks, np.ones((5, 5), np.uint8))
    count, named, boxes, _ = cv2.connectedComponentsWithStats(joined, connectivity=8)
    left = np.zeros_like(dark.marks)
    for number in range(1, count):
        x, y, across, down, _ = (int(each) for each in boxes[number])
        of_it = (named[y : y + down, x : x + across] == number) & (dark.marks[y : y + down, x : x + across] > 0)
        longest = max(across, down) - 4
        if longest > DUST and not _is_hole(of_it, across - 4, down - 4):
            left[y : y + down, x : x + across] |= of_it.astype(np.uint8)
    return left


def _is_hole(of_it: NDArray[np.bool_], across: int, down: int) -> bool:
    """Round, of the size a punch makes, and filled or a ring of shadow."""
    least, most = HOLE
    if not (least <= across <= most and least <= down <= most and 0.8 < across / down < 1.25):
        return False
    contours, _ = cv2.findContours(of_it.astype(np.uint8), cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    outline = max(contours, key=cv2.contourArea)
    (_, radius), area = cv2.minEnclosingCircle(outline), cv2.contourArea(outline)
    return bool(area > 0.75 * np.pi * radius**2)


def _without_what_shines_through(dark: Darker, left: Marks) -> Marks:
    """Each mark by itself: beside the writing on the other side, a faint signature on this one is still seen."""
    across, down = cv2.Sobel(dark.by, cv2.CV_32F, 1, 0), cv2.Sobel(dark.by, cv2.CV_32F, 0, 1)
    steep = np.hypot(across, down) / 8
    near = cv2.dilate(left, np.ones((5, 5), np.uint8))
    count, named, boxes, _ = cv2.connectedComponentsWithStats(near, connectivity=8)
    sharp = np.zeros_like(left)
    for number in range(1, count):
        x, y, wide, high, _ = (int(each) for each in boxes[number])
        place = np.s_[y : y + high, x : x + wide]
        round_it = named[place] == number
        of_it = round_it & (left[place] > 0)
        whole = float(np.percentile(dark.by[place][of_it], 90))
        if whole > STRONG or float(np.percentile(steep[place][round_it], 90)) > SHARP * whole:
            sharp[place] |= of_it.astype(np.uint8)
    return sharp


def _has_stroke(left: Marks) -> bool:
    """Something long enough to have been drawn."""
    _, _, boxes, _ = cv2.connectedComponentsWithStats(cv2.dilate(left, np.ones((3, 3), np.uint8)), connectivity=8)
    return bool((np.max(boxes[1:, 2:4], axis=1) - 2 >= STROKE).any())
