"""Finds the boxes of a form and tells which of them are ticked, and what stands beside them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from transcription.scans.detector import Picture, Quad
from transcription.scans.rows import Piece

SMALLEST, LARGEST = 0.45, 1.6
"""A box's side in line heights."""

SQUARE = 1.35
LIKE = 0.1
"""Boxes of a form come in numbers and are alike to this part of their side; a lone square is a letter or a frame."""

EMPTY_EDGE = 0.22
"""Part of a box's side that is left out on each edge when its inside is looked at: the drawn line itself."""

TICKED = 0.06
"""Part of the inside that is inked once somebody has ticked, crossed or filled the box."""

REACH = 3.0
"""Line heights within which a box's words begin."""

ANSWERS = ("yes", "no", "n/a", "unknown", "not known", "don't know", "not sure")
"""Answers that say nothing without the question at the head of their row."""


BOX_SIGNS = " □■☐☑☒✓✔✗✘"


@dataclass(frozen=True, kw_only=True)
class Box:
    """A box to tick, in pixels."""

    left: float
    top: float
    side: float
    is_ticked: bool

    @property
    def middle(self) -> float:
        return self.top + self.side / 2

    @property
    def corners(self) -> Quad:
        right, bottom = self.left + self.side, self.top + self.side
        return np.array([(self.left, self.top), (right, self.top), (right, bottom), (self.left, bottom)], np.float32)


@dataclass(frozen=True, kw_only=True)
class Tick:
    """A box of a form, ticked or empty, with the words beside it; its corners in pixels."""

    label: str
    is_ticked: bool
    corners: Quad


def ticks_on(page: Picture, pieces: Sequence[Piece]) -> list[Tick]:
    """Every box of a form that has words beside it, from the top of the page; "Yes" follows its question."""
    if not pieces:
        return []
    boxes = _boxes_near(page, pieces)
    of_a_form = [box for box in boxes if sum(abs(other.side - box.side) < LIKE * box.side for other in boxes) > 1]
    in_order = sorted(of_a_form, key=lambda box: (round(box.middle / box.side), box.left))
    named = ((box, _named(box, pieces)) for box in in_order)
    return [Tick(label=name, is_ticked=box.is_ticked, corners=box.corners) for box, name in named if name]


def _boxes_near(page: Picture, pieces: Sequence[Piece]) -> list[Box]:
    """The boxes on that part of the page where there are words: elsewhere none has any beside it."""
    line_height = float(np.median([one.height for one in pieces]))
    beside = round((REACH + 2 * LARGEST) * max(one.height for one in pieces))
    left, top = (max(round(min(one)) - beside, 0) for one in ([p.left for p in pieces], [p.top for p in pieces]))
    right, bottom = (round(max(one)) + beside for one in ([p.right for p in pieces], [p.bottom for p in pieces]))
    found = boxes_on(page[top:bottom, left:right], line_height)
    return [replace(box, left=box.left + left, top=box.top + top) for box in found]


def boxes_on(page: Picture, line_height: float) -> list[Box]:
    """Every square outline of the size of a tick box."""
    grey = cv2.cvtColor(page, cv2.COLOR_BGR2GRAY)
    ink = cv2.adaptiveThreshold(grey, 255, cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY_INV, 51, 12).astype(np.uint8)
    drawn = _straight_strokes(ink, round(SMALLEST * line_height))
    contours, _ = cv2.findContours(drawn, cv2.RETR_LIST, cv2.CHAIN_APPROX_SIMPLE)
    found: list[Box] = []
    for x, y, width, height in sorted(map(cv2.boundingRect, contours), key=lambda place: place[2]):
        side = (width + height) / 2
        if not SMALLEST * line_height < side < LARGEST * line_height or max(width, height) > SQUARE * min(
            width, height
        ):
            continue
        if not _is_outlined(drawn, x, y, width, height):
            continue
        if not any(abs(box.left - x) < side / 2 and abs(box.top - y) < side / 2 for box in found):
            found.append(Box(left=x, top=y, side=side, is_ticked=_inked(ink, x, y, width, height) > TICKED))
    return found


def _straight_strokes(ink: NDArray[np.uint8], length: int) -> NDArray[np.uint8]:
    """Only what runs level or upright for at least so many pixels; ticks and crosses, which slant, are gone."""
    bold = cv2.dilate(ink, np.ones((3, 3), np.uint8))
    level = cv2.morphologyEx(bold, cv2.MORPH_OPEN, np.ones((1, length), np.uint8))
    upright = cv2.morphologyEx(bold, cv2.MORPH_OPEN, np.ones((length, 1), np.uint8))
    return cv2.bitwise_or(level, upright).astype(np.uint8)


def _is_outlined(ink: NDArray[np.uint8], x: int, y: int, width: int, height: int) -> bool:
    """Whether ink runs along all four edges: the outline of a box, not the inside of a letter."""
    reach = max(width // 8, 2)
    edges = (
        ink[max(y - reach, 0) : y + reach, x : x + width].max(axis=0),
        ink[y + height - reach : y + height + reach, x : x + width].max(axis=0),
        ink[y : y + height, max(x - reach, 0) : x + reach].max(axis=1),
        ink[y : y + height, x + width - reach : x + width + reach].max(axis=1),
    )
    return all(edge.size and float((edge > 0).mean()) > 0.9 for edge in edges)


def _inked(ink: NDArray[np.uint8], x: int, y: int, width: int, height: int) -> float:
    across, down = round(width * EMPTY_EDGE), round(height * EMPTY_EDGE)
    inside = ink[y + down : y + height - down, x + across : x + width - across]
    return float((inside > 0).mean()) if inside.size else 0.0


def _named(box: Box, pieces: Sequence[Piece]) -> str:
    level = [one for one in pieces if one.top - one.height / 4 < box.middle < one.bottom + one.height / 4]
    beside = [one for one in level if -one.height < one.left - (box.left + box.side) < REACH * one.height]
    if not beside:
        return ""
    name = min(beside, key=lambda one: one.left).text.strip(BOX_SIGNS)
    before = [one for one in level if one.right < box.left and _is_question(one)]
    return (
        f"{min(before, key=lambda one: one.left).text} {name}"
        if name.lower().strip(" .") in ANSWERS and before
        else name
    )


def _is_question(piece: Piece) -> bool:
    return piece.text.strip(BOX_SIGNS).lower().strip(" .") not in ANSWERS
