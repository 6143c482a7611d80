"""Only characters of European languages may be read, and lines are cut out straight."""

import cv2
import numpy as np
import pytest

from transcription.scans.alphabet import is_allowed
from transcription.scans.recogniser import BATCH_WIDTH, batches
from transcription.scans.strips import LINE_HEIGHT, LONGEST_LINE, strip


@pytest.mark.parametrize("character", [*"aZ09£€éÿŷŁőș–’“½☑✓,.;@"])
def test_the_characters_of_letters_and_forms_are_allowed(character: str) -> None:
    assert is_allowed(character)


@pytest.mark.parametrize("character", [*"的あ한жαɑ→①", "", "ab"])
def test_other_alphabets_and_ornaments_are_not(character: str) -> None:
    assert not is_allowed(character)


def test_a_crooked_line_is_cut_out_level() -> None:
    page = np.full((400, 800, 3), 255, np.uint8)
    corners = np.array([(100, 100), (600, 200), (592, 240), (92, 140)], np.float32)
    cv2.fillPoly(page, [corners.astype(np.int32)], (0, 0, 0))
    cut = strip(page, corners)
    assert cut.shape[0] == LINE_HEIGHT
    assert cut.shape[1] / LINE_HEIGHT == pytest.approx(510 / 41, rel=0.05)
    assert cut.mean() < 20


def test_an_endless_line_is_bounded() -> None:
    page = np.zeros((40, 30000, 3), np.uint8)
    corners = np.array([(0, 0), (29999, 0), (29999, 10), (0, 10)], np.float32)
    assert strip(page, corners).shape == (LINE_HEIGHT, LONGEST_LINE, 3)


def test_batches_hold_every_line_once_and_stay_within_their_width() -> None:
    widths = [int(width) for width in np.random.default_rng(3).integers(20, 2500, 200)]
    found = list(batches(widths))
    assert sorted(number for batch in found for number in batch) == list(range(200))
    assert all(len(batch) == 1 or max(widths[n] for n in batch) * len(batch) <= BATCH_WIDTH for batch in found)
