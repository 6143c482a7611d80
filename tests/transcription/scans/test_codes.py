"""Square codes on pages: what they say and where they stand."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
import zxingcpp

from transcription.scans.codes import codes_on
from transcription.scans.detector import Picture


def a_page_with(says: str, *, at: tuple[int, int] = (1400, 100), size: tuple[int, int] = (2300, 1650)) -> Picture:
    """A white page, at 200 dots to the inch, with a code of a centimetre."""
    drawn = zxingcpp.create_barcode(says, zxingcpp.BarcodeFormat.DataMatrix, force_square=True).to_image(scale=4)
    page = np.full(size, 255, np.uint8)
    code = np.array(drawn)
    page[at[1] : at[1] + code.shape[0], at[0] : at[0] + code.shape[1]] = code
    return cv2.cvtColor(page, cv2.COLOR_GRAY2BGR).astype(np.uint8)


@pytest.mark.parametrize("degrees", [0, 3, 90, 180])
def test_a_code_is_read_however_the_page_lies(degrees: int) -> None:
    page = a_page_with("FORM:1:2", at=(800, 1100))
    turn = cv2.getRotationMatrix2D((825, 1150), degrees, 1)
    (code,) = codes_on(cv2.warpAffine(page, turn, (1650, 2300), borderValue=(255, 255, 255)).astype(np.uint8))
    assert code.text == "FORM:1:2"
    assert np.abs(code.corners.mean(axis=0) - cv2.transform(np.array([[[832.0, 1132.0]]]), turn)[0, 0]).max() < 6


def test_a_code_on_a_large_picture_has_its_corners_there_and_covers_what_lies_on_it() -> None:
    page = cv2.resize(a_page_with("FORM:1:2"), None, fx=2, fy=2, interpolation=cv2.INTER_CUBIC)
    (code,) = codes_on(page.astype(np.uint8))
    assert code.covers(code.corners) and np.abs(code.corners.mean(axis=0) - (2864, 264)).max() < 8
    assert not code.covers(code.corners + 200)


def test_a_page_without_a_code_has_none() -> None:
    assert list(codes_on(np.full((2300, 1650, 3), 255, np.uint8))) == []
