"""The codes on a page are read however the page lay in the scanner."""

import cv2
import numpy as np
import pytest

from tests.transcription.sheets import made_pages as made
from transcription.sheets.codes import codes_on
from transcription.sheets.pages import Grey

WORDS = "FRONTDOOR:NEXT:2026-11-19"
PAPER = made.paper()


def askew(page: Grey, degrees: float) -> Grey:
    turn = cv2.getRotationMatrix2D((page.shape[1] / 2, page.shape[0] / 2), degrees, 1)
    return np.asarray(cv2.warpAffine(page, turn, (page.shape[1], page.shape[0]), borderValue=240), np.uint8)


@pytest.mark.parametrize("form", ["QRCode", "DataMatrix", "Code128", "Code39"])
def test_each_form_that_separators_are_printed_in_is_read(form: str) -> None:
    text = "PATCHT" if form == "Code39" else WORDS
    assert codes_on(made.coded(PAPER, text, form, scale=3, across=100)) == (text,)


@pytest.mark.parametrize("degrees", [-8, 3, 90, 180])
def test_a_code_is_read_at_any_turn(degrees: float) -> None:
    assert codes_on(askew(made.coded(PAPER, WORDS), degrees)) == (WORDS,)


def test_a_code_is_read_from_a_fax_of_two_shades_and_through_grain() -> None:
    coarse = made.coded(PAPER, WORDS).astype(np.float32) + np.random.default_rng(1).normal(0, 25, PAPER.shape)
    assert codes_on(np.asarray(coarse.clip(0, 255), np.uint8)) == (WORDS,)
    assert codes_on(np.asarray(np.where(coarse > 128, 255, 0), np.uint8)) == (WORDS,)


def test_every_code_of_a_page_is_told_once_and_what_is_long_is_none() -> None:
    page = made.coded(made.coded(PAPER, WORDS), WORDS, down=800)
    page = made.coded(page, "https://example.org/" + "a" * 200, scale=4, down=100, across=100)
    assert sorted(codes_on(made.coded(page, "another", down=800, across=100))) == [WORDS, "another"]


def test_a_written_page_has_none() -> None:
    assert codes_on(made.written_on(PAPER)) == ()
