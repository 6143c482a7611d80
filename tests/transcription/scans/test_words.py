"""A line is parted into its words, and each stands where its ink is."""

import numpy as np
import pytest

from transcription.scans.lines import Glyph, Reading
from transcription.scans.strips import LINE_HEIGHT, Strip, ink_of
from transcription.scans.words import StripWord, words_of

WIDTH = 400


def glyphs(text: str, *, at: list[float]) -> Reading:
    return Reading(
        glyphs=tuple(Glyph(character=each, at=place, confidence=0.9) for each, place in zip(text, at, strict=True))
    )


def paper(*inked: tuple[int, int], top: int = 12, bottom: int = 36) -> Strip:
    picture = np.full((LINE_HEIGHT, WIDTH, 3), 240, np.uint8)
    for left, right in inked:
        picture[top:bottom, left:right:2] = 20
        picture[top:bottom:2, left:right] = 20
    return picture


def sides(words: tuple[StripWord, ...]) -> list[tuple[float, float]]:
    return [(word.left * WIDTH, word.right * WIDTH) for word in words]


def words_on(reading: Reading, line: Strip) -> tuple[StripWord, ...]:
    return words_of(reading, ink_of(line))


def test_words_reach_from_the_first_to_the_last_of_their_ink() -> None:
    words = words_on(glyphs("ab c", at=[0.13, 0.2, 0.4, 0.63]), paper((40, 100), (240, 260)))
    assert [word.text for word in words] == ["ab", "c"]
    assert np.allclose(sides(words), [(40, 100), (240, 260)], atol=3)
    assert words[0].top * LINE_HEIGHT == pytest.approx(12, abs=1)
    assert words[0].bottom * LINE_HEIGHT == pytest.approx(36, abs=1)


def test_the_blank_after_a_comma_is_found_although_it_was_swallowed() -> None:
    words = words_on(glyphs("Dear,Sir", at=[0.1, 0.14, 0.18, 0.22, 0.25, 0.3, 0.34, 0.38]), paper((36, 160)))
    assert [word.text for word in words] == ["Dear,", "Sir"]
    assert words[0].right <= words[1].left


def test_the_outline_of_a_box_is_no_word() -> None:
    words = words_on(glyphs("□ Yes", at=[0.05, 0.1, 0.2, 0.23, 0.26]), paper((72, 110)))
    assert [word.text for word in words] == ["Yes"]


def test_specks_of_dirt_are_no_words() -> None:
    assert words_on(glyphs(". -", at=[0.1, 0.2, 0.3]), paper((40, 44))) == ()


def test_the_line_on_which_a_word_stands_is_not_part_of_it() -> None:
    ruled = paper((40, 100))
    ruled[42:45, :] = 20
    (word,) = words_on(glyphs("ab", at=[0.13, 0.22]), ruled)
    assert word.right * WIDTH == pytest.approx(100, abs=3)
    assert word.bottom * LINE_HEIGHT == pytest.approx(36, abs=1)


def test_light_writing_on_dark_paper_has_its_place_too() -> None:
    (word,) = words_on(glyphs("ab", at=[0.13, 0.22]), 255 - paper((40, 100)))
    assert np.allclose(sides((word,)), [(40, 100)], atol=3)
