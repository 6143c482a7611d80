"""Small close print is told from a sprinkled page, and a thin stamp in colour is parted from the black."""

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from transcription.scans.detector import Picture
from transcription.scans.inks import parted, without_specks
from transcription.scans.pictures import as_picture


def printed(size: int) -> Image.Image:
    page = Image.new("RGB", (1000, 1400), (250, 250, 248))
    pen, font = ImageDraw.Draw(page), ImageFont.load_default(size)
    for top in range(150, 1250, round(size * 1.4)):
        pen.text(
            (150, top), "The boy was seen again outside the school gate at noon. " * 2, fill=(20, 20, 20), font=font
        )
    pen.rectangle((850, 0, 1000, 1400), fill=(250, 250, 248))
    return page


def sprinkled(page: Picture) -> Picture:
    chance = np.random.default_rng(3)
    page = page.copy()
    page[chance.random(page.shape[:2]) < 0.005] = 40
    return (page + chance.normal(0, 5, page.shape)).clip(0, 255).astype(np.uint8)


@pytest.mark.parametrize("size", [13, 18, 30])
def test_print_however_small_is_left_as_sharp_as_it_came(size: int) -> None:
    page = as_picture(printed(size))
    assert without_specks(page) is page


def test_a_sprinkled_page_is_smoothed() -> None:
    page = sprinkled(as_picture(printed(30)))
    smooth = without_specks(page)
    assert (page[:, :100] < 100).any() and not (smooth[:, :100] < 100).any()


def test_a_stamp_of_thin_lines_is_parted_from_the_black() -> None:
    page = printed(30)
    pen = ImageDraw.Draw(page)
    pen.rectangle((400, 600, 620, 680), outline=(50, 50, 190), width=4)
    inks = parted(as_picture(page))
    assert inks is not None
    assert inks.coloured[600, 500].max() < 128 < inks.coloured[300].min()


def test_black_print_alone_has_nothing_to_part() -> None:
    assert parted(as_picture(printed(30))) is None
