"""A line is called handwriting when its strokes run unevenly, and a page when most of it is."""

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from transcription.scans.handwriting import Look, is_by_hand, look_of
from transcription.scans.lines import Glyph, Reading
from transcription.scans.strips import LINE_HEIGHT, Strip, ink_of

WORDS = "she said nobody came home"
PRINT, WRITING, UNSURE = (Look(odds=odds, letters=20) for odds in (-3.0, 2.5, -1.0))


def drawn(*, jitter: float) -> Strip:
    """The words with every letter moved, turned and widened by chance, or as a printer sets them."""
    chance, font = np.random.default_rng(3), ImageFont.load_default(26)
    line = Image.new("L", (420, LINE_HEIGHT), 250)
    x = 6.0
    for letter in WORDS:
        one = Image.new("L", (40, LINE_HEIGHT), 0)
        ImageDraw.Draw(one).text((8, 8), letter, fill=255, font=font)
        one = one.rotate(chance.normal(0, 14 * jitter), resample=Image.Resampling.BICUBIC)
        line.paste(20, (round(x), round(chance.normal(0, 3 * jitter))), one)
        x += font.getlength(letter) + 1
    return np.asarray(line.convert("RGB"), np.uint8)


def read(confidence: float) -> Reading:
    step = 1 / len(WORDS)
    return Reading(
        glyphs=tuple(Glyph(character=each, at=n * step, confidence=confidence) for n, each in enumerate(WORDS))
    )


def look_on(reading: Reading, line: Strip) -> Look:
    return look_of(reading, line, ink_of(line))


def test_uneven_letters_look_more_like_handwriting_than_even_ones() -> None:
    even, uneven = look_on(read(0.99), drawn(jitter=0)), look_on(read(0.99), drawn(jitter=1))
    assert even.odds is not None and uneven.odds is not None
    assert uneven.odds > even.odds + 0.5
    assert is_by_hand([even]) == [False]


def test_too_few_letters_tell_nothing() -> None:
    look = look_on(Reading(glyphs=read(0.9).glyphs[:2]), drawn(jitter=1))
    assert (look.odds, look.letters) == (None, 2)
    assert is_by_hand([look]) == [False]


@pytest.mark.parametrize(
    ("looks", "expected"),
    [
        ([PRINT, PRINT, PRINT], [False, False, False]),
        ([PRINT, WRITING, PRINT], [False, True, False]),
        ([UNSURE, UNSURE, WRITING], [True, True, True]),
        ([UNSURE, WRITING], [False, True]),
        ([Look(odds=4.0, letters=4), PRINT, PRINT], [False, False, False]),
        ([], []),
    ],
    ids=["print", "one line by hand", "a page by hand", "too few lines", "too few letters", "nothing"],
)
def test_a_line_is_by_hand_when_it_or_its_page_plainly_is(looks: list[Look], expected: list[bool]) -> None:
    assert is_by_hand(looks) == expected
