"""Places on a levelled picture are found again on the page as it came, turned upright."""

import numpy as np
import pytest

from transcription.scans.detector import Quad
from transcription.scans.straighten import turned_by
from transcription.scans.upright import Numbers, Upright, around
from transcription.scans.words import StripWord

TALL = np.zeros((400, 200, 3), np.uint8)
WIDE = np.zeros((200, 400, 3), np.uint8)


def corners(left: float, top: float, right: float, bottom: float) -> Quad:
    return np.array([(left, top), (right, top), (right, bottom), (left, bottom)], np.float32)


@pytest.mark.parametrize(
    ("way", "turn"),
    [
        ([(0, 1, 0), (-1, 0, 400), (0, 0, 1)], 270),
        ([(0, -1, 200), (1, 0, 0), (0, 0, 1)], 90),
    ],
    ids=["written downwards", "written upwards"],
)
def test_a_page_on_its_side_is_told_by_its_turn(way: Numbers, turn: int) -> None:
    upright = Upright.of(np.array(way, np.float64), TALL, WIDE)
    shape = upright.shape(3)
    assert (shape.number, shape.turn, shape.width, shape.height, shape.slant) == (3, turn, 200, 400, 0)
    assert upright.box(corners(20, 40, 100, 80)) == pytest.approx((0.1, 0.1, 0.5, 0.2), abs=0.01)


def test_a_page_on_its_head_is_turned_by_half() -> None:
    way = np.array([(-1, 0, 200), (0, -1, 400), (0, 0, 1)], np.float64)
    upright = Upright.of(way, TALL, TALL)
    assert upright.shape(1).turn == 180
    assert upright.box(corners(20, 40, 100, 80)) == pytest.approx((0.1, 0.1, 0.5, 0.2), abs=0.01)


def test_a_crooked_page_keeps_its_slant_and_its_words_stand_where_they_came() -> None:
    level, way = turned_by(TALL, 5.0)
    upright = Upright.of(way, level, TALL)
    assert upright.shape(1).slant == pytest.approx(5.0, abs=0.1)
    across, down = level.shape[1] / 2, level.shape[0] / 2
    left, top, right, bottom = upright.box(corners(across - 10, down - 5, across + 10, down + 5))
    assert ((left + right) / 2, (top + bottom) / 2) == pytest.approx((0.5, 0.5), abs=0.01)


def test_a_word_takes_its_part_of_the_line() -> None:
    word = StripWord(text="ab", left=0.5, right=1.0, top=0.0, bottom=1.0, confidence=0.8)
    (placed,) = Upright.of(np.eye(3), TALL, TALL).words((word,), corners(20, 40, 180, 60))
    assert (placed.text, placed.confidence) == ("ab", 0.8)
    assert placed.box == pytest.approx((0.5, 0.1, 0.91, 0.15), abs=0.001)


def test_a_box_around_others_holds_them_all() -> None:
    assert around([(0.1, 0.2, 0.3, 0.4), (0.2, 0.1, 0.5, 0.3)]) == (0.1, 0.1, 0.5, 0.4)
    assert around([]) is None
