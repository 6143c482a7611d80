"""What runs another way than the letter is read after it, and told."""

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from tests.transcription.paper import letter_image
from transcription.scans.askew import is_askew, told
from transcription.scans.page import PageReader
from transcription.scans.pictures import as_picture
from transcription.scans.rows import piece


@pytest.mark.parametrize(
    ("corners", "askew"),
    [
        ([(0, 0), (300, 0), (300, 40), (0, 40)], False),
        ([(0, 20), (300, 0), (303, 40), (3, 60)], False),
        ([(0, 80), (300, 0), (310, 40), (10, 120)], True),
        ([(0, 300), (0, 0), (40, 0), (40, 300)], True),
        ([(0, 20), (40, 0), (60, 40), (20, 60)], False),
        ([(300, 40), (0, 40), (0, 0), (300, 0)], True),
    ],
    ids=["level", "nearly level", "aslant", "up the margin", "too short to tell", "on its head"],
)
def test_a_line_that_runs_another_way_is_askew(corners: list[tuple[int, int]], *, askew: bool) -> None:
    line = np.array(corners, np.float32)
    assert is_askew(line) is askew
    placed = piece((), 1.0, line, None)
    assert placed.is_askew is askew
    assert placed.left < placed.right and placed.top < placed.bottom


def test_what_stands_askew_is_told_in_a_sentence() -> None:
    assert told(["RECEIVED", "20 NOV 2026"]) == "Stamped or written at an angle: RECEIVED 20 NOV 2026."
    assert told([]) == ""


@pytest.mark.parametrize("degrees", [270, 20, 180])
def test_a_date_stamp_is_read_in_any_turn(page_reader: PageReader, degrees: int) -> None:
    page = letter_image("jpg_03.jpg").crop((0, 250, 1654, 720))
    stamp = Image.new("L", (400, 80), 255)
    ImageDraw.Draw(stamp).text((200, 40), "20 NOV 2026", fill=30, font=ImageFont.load_default(56), anchor="mm")
    page.paste(stamp.rotate(degrees, expand=True, fillcolor=255, resample=Image.Resampling.BICUBIC), (1150, 20))
    read = page_reader.read(as_picture(page), 1)
    assert "Stamped or written at an angle: 20 NOV 2026." in read.beside
    assert read.text.endswith("20 NOV 2026")
