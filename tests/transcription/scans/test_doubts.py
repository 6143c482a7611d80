"""Only what was read with doubt is read again, and what was read again takes its own place in the line."""

import numpy as np

from transcription.scans.doubts import doubts, mended
from transcription.scans.lines import Glyph, Reading
from transcription.scans.strips import LINE_HEIGHT, Strip

LETTER, BLANK = 20, 12
"""Dots of a drawn letter and of a blank between words."""


def test_a_sure_line_is_not_read_again() -> None:
    assert doubts(*a_line("two words")) == []


def test_one_doubtful_letter_has_its_word_read_again_and_no_other() -> None:
    reading, strip = a_line("the qvick brown fox jumps up at a tall dog", doubtful="v")
    (doubt,) = doubts(reading, strip)
    assert text(reading, doubt.first, doubt.last) == "qvick"
    assert strip[:, doubt.left : doubt.right].min() < 128, "there is ink on the part that is read again"
    assert strip[:, [doubt.left, doubt.right]].min() == 255, "and it was cut where there is none"


def test_a_doubtful_blank_that_the_ink_shows_is_no_doubt() -> None:
    assert doubts(*a_line("to be", sure_of_blanks=0.5)) == []


def test_a_doubtful_blank_that_the_ink_does_not_show_has_the_whole_line_read_again() -> None:
    reading, strip = a_line("to be or not", sure_of_blanks=0.5, drawn_blank=2)
    assert [(doubt.first, doubt.last) for doubt in doubts(reading, strip)] == [(0, len(reading.glyphs))]


def test_a_postcode_without_its_blank_has_the_whole_line_read_again() -> None:
    reading, strip = a_line("MD47RT")
    assert len(doubts(reading, strip)) == 1


def test_doubt_everywhere_has_the_whole_line_read_again() -> None:
    reading, strip = a_line("aa aa aa aa", doubtful="a")
    assert [(doubt.left, doubt.right) for doubt in doubts(reading, strip)] == [(0, strip.shape[1])]


def test_what_is_no_writing_is_not_read_again() -> None:
    reading, strip = a_line("smudge", sure=0.2)
    assert doubts(reading, strip) == []


def test_what_was_read_again_takes_the_place_of_the_word() -> None:
    reading, strip = a_line("the qvick brown fox jumps up at a tall dog", doubtful="v")
    (doubt,) = doubts(reading, strip)
    again = Reading(glyphs=tuple(Glyph(character=c, at=n / 5 + 0.1, confidence=0.99) for n, c in enumerate("quick")))
    whole = mended(reading, doubt, again, strip.shape[1])
    assert whole.text == "the quick brown fox jumps up at a tall dog"
    places = [glyph.at for glyph in whole.glyphs]
    assert places == sorted(places)


def test_a_word_of_which_nothing_was_read_again_stays_as_it_was() -> None:
    reading, strip = a_line("the qvick brown fox jumps up at a tall dog", doubtful="v")
    (doubt,) = doubts(reading, strip)
    assert mended(reading, doubt, Reading(glyphs=()), strip.shape[1]) == reading


def a_line(
    words: str, *, doubtful: str = "", sure: float = 0.999, sure_of_blanks: float = 0.9, drawn_blank: int = BLANK
) -> tuple[Reading, Strip]:
    """Each letter as two black boxes, one higher, with three dots of paper between letters, and how it was read."""
    widths = [drawn_blank if character == " " else LETTER for character in words]
    begins = np.concatenate(([0], np.cumsum(widths)))
    strip = np.full((LINE_HEIGHT, int(begins[-1]), 3), 255, np.uint8)
    glyphs = []
    for character, begin, width in zip(words, begins, widths, strict=False):
        if character != " ":
            middle = begin + width // 2
            strip[10:26, begin + 2 : middle] = 0
            strip[24:40, middle : begin + width - 1] = 0
        confidence = 0.5 if character in doubtful else sure_of_blanks if character == " " else sure
        glyphs.append(Glyph(character=character, at=float((begin + width / 2) / begins[-1]), confidence=confidence))
    return Reading(glyphs=tuple(glyphs)), strip


def text(reading: Reading, first: int, last: int) -> str:
    return "".join(glyph.character for glyph in reading.glyphs[first:last])
