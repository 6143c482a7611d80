"""Finds the places of words on the page as it came, only turned upright, from their places on the levelled picture."""

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from transcription.contract import Box, PageShape, WrittenWord
from transcription.scans.detector import Picture, Quad
from transcription.scans.strips import with_margin
from transcription.scans.words import StripWord

Numbers = NDArray[np.float64]

UNIT = np.array([(0, 0), (1, 0), (1, 1), (0, 1)], np.float32)


@dataclass(frozen=True, kw_only=True)
class Upright:
    """A page as it came, turned by quarters until its writing stands upright, seen from its levelled picture.

    `way` (3 x 3) leads from a dot of the levelled picture to a part (0 to 1) of the upright page's width and height.
    """

    way: Numbers
    turn: int
    width: int
    height: int
    slant: float

    @classmethod
    def of(cls, way_to_level: Numbers, level: Picture, as_it_came: Picture) -> "Upright":
        """`way_to_level` leads from the picture as it came to the levelled one."""
        back = np.linalg.inv(way_to_level)
        across, down = level.shape[1] / 2, level.shape[0] / 2
        along = np.array([[(across * 0.8, down), (across * 1.2, down)]])
        x, y = np.diff(cv2.perspectiveTransform(along, back)[0], axis=0)[0]
        degrees = float(np.degrees(np.arctan2(y, x)))
        quarters = round(degrees / 90)
        height, width = as_it_came.shape[:2]
        turned = _quarters(-quarters % 4, width, height)
        on_its_side = quarters % 2 == 1
        if on_its_side:
            width, height = height, width
        parts = np.diag([1 / width, 1 / height, 1.0])
        return cls(
            way=parts @ turned @ back, turn=-quarters % 4 * 90, width=width, height=height,
            slant=round(degrees - 90 * quarters, 2),
        )  # fmt: skip

    def shape(self, number: int) -> PageShape:
        return PageShape(number=number, turn=self.turn, width=self.width, height=self.height, slant=self.slant)

    def box(self, corners: Quad) -> Box:
        """The box around some corners of the levelled picture."""
        return self._boxes(corners[None], self.way)[0]

    def words(self, words: Sequence[StripWord], line: Quad) -> tuple[WrittenWord, ...]:
        """The words of a line, at their places on the page."""
        corners = np.array([
            [(each.left, each.top), (each.right, each.top), (each.right, each.bottom), (each.left, each.bottom)]
            for each in words
        ])  # fmt: skip
        onto_line = cv2.getPerspectiveTransform(UNIT, with_margin(line))
        boxes = self._boxes(corners, self.way @ onto_line)
        return tuple(
            WrittenWord(text=each.text, box=box, confidence=each.confidence)
            for each, box in zip(words, boxes, strict=True)
        )

    @staticmethod
    def _boxes(corners: NDArray[np.floating], way: Numbers) -> list[Box]:
        placed = cv2.perspectiveTransform(corners.reshape(1, -1, 2).astype(np.float64), way).reshape(corners.shape)
        least, most = placed.min(axis=1).clip(0, 1), placed.max(axis=1).clip(0, 1)
        return [
            (float(left), float(top), float(right), float(bottom))
            for (left, top), (right, bottom) in zip(least, most, strict=True)
        ]


def around(boxes: Sequence[Box]) -> Box | None:
    """The smallest box around others; None around nothing."""
    if not boxes:
        return None
    lefts, tops, rights, bottoms = zip(*boxes, strict=True)
    return min(lefts), min(tops), max(rights), max(bottoms)


def _quarters(quarters: int, width: int, height: int) -> Numbers:
    """The way of a dot when a page of this size is turned clockwise by so many quarters."""
    ways = {
        0: [(1, 0, 0), (0, 1, 0)],
        1: [(0, -1, height), (1, 0, 0)],
        2: [(-1, 0, width), (0, -1, height)],
        3: [(0, 1, 0), (-1, 0, width)],
    }
    return np.array([*ways[quarters], (0, 0, 1)], np.float64)
