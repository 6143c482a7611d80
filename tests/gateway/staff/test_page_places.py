"""Where words stand on the drawing of a page: on it, level once their line is turned, and never without a size."""

from __future__ import annotations

from dataclasses import replace
from math import cos, radians, sin

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from gateway.staff.page_places import Frame, numbers_of, page_seen
from tests.gateway.pages_read import HIGH, ROW, SIGN, WIDE, a_line
from transcription.contract import Box, PageShape, Segment, WrittenWord

SHAPE = PageShape(number=1, width=WIDE, height=HIGH)
PARTS = some.floats(0, 1)
BOXES = some.tuples(PARTS, PARTS, PARTS, PARTS).map(
    lambda b: (min(b[0], b[2]), min(b[1], b[3]), max(b[0], b[2]), max(b[1], b[3]))
)


def slanted(frame: Frame, slant: float, about: tuple[float, float]) -> Box:
    """The upright box around a frame that was turned, as parts of the page."""
    across, down = cos(radians(slant)), sin(radians(slant))
    corners = [(frame.x + w * frame.width, frame.y + h * frame.height) for w in (0, 1) for h in (0, 1)]
    turned = [
        (
            about[0] + (x - about[0]) * across - (y - about[1]) * down,
            about[1] + (x - about[0]) * down + (y - about[1]) * across,
        )
        for x, y in corners
    ]
    xs, ys = zip(*turned, strict=True)
    return min(xs) / WIDE, min(ys) / HIGH, max(xs) / WIDE, max(ys) / HIGH


@pytest.mark.parametrize("slant", [-12.0, -3.0, 0.0, 5.0, 20.0])
def test_the_words_of_a_slanted_line_are_found_again_from_their_upright_boxes(slant: float) -> None:
    frames = [Frame(x=200, y=500, width=150, height=30), Frame(x=380, y=500, width=90, height=30)]
    middle = (335.0, 515.0)
    words = tuple(WrittenWord(text="word", box=slanted(frame, slant, middle)) for frame in frames)
    whole = slanted(Frame(x=200, y=500, width=270, height=30), slant, middle)
    line = Segment(text="word word", page=1, box=whole, written=words)
    [seen] = page_seen(1, [line], [replace(SHAPE, slant=slant)]).lines
    assert seen.at and seen.at.slant == slant and seen.at.middle == pytest.approx(middle)
    for word, frame in zip(seen.at.words, frames, strict=True):
        assert (word.frame.x, word.frame.y, word.frame.width, word.frame.height) == pytest.approx(
            (frame.x, frame.y, frame.width, frame.height), abs=0.01
        )


def test_letters_are_as_large_as_makes_the_words_as_wide_as_they_are() -> None:
    [seen] = page_seen(1, [a_line("The boy has a bruise")], [SHAPE]).lines
    assert seen.at and seen.at.size == pytest.approx(SIGN * WIDE / 0.52, abs=0.1)
    assert seen.at.frame.height == pytest.approx(ROW * HIGH)


def test_lines_of_no_page_stand_on_the_last_and_without_shapes_nothing_has_a_place() -> None:
    lines = (a_line("first"), a_line("second", page=2), Segment(text="a comment"))
    assert numbers_of(lines, [SHAPE]) == [1, 2] and numbers_of([], []) == [1]
    assert [each.number for each in page_seen(2, lines, [SHAPE]).lines] == [1, 2]
    assert all(each.at is None for each in page_seen(2, lines, [SHAPE]).lines)
    assert page_seen(1, lines, [SHAPE]).lines[0].at is not None


def test_a_slope_too_steep_to_tell_is_left_upright() -> None:
    [seen] = page_seen(1, [a_line("The boy")], [replace(SHAPE, slant=44.0)]).lines
    assert seen.at and seen.at.slant == 0


@settings(max_examples=40)
@given(BOXES, some.floats(-30, 30))
def test_no_box_however_odd_is_drawn_without_a_size(box: Box, slant: float) -> None:
    line = Segment(
        text="x y", page=1, box=box, written=(WrittenWord(text="x", box=box), WrittenWord(text="y", box=box))
    )
    [seen] = page_seen(1, [line], [replace(SHAPE, slant=slant)], marked=box).lines
    assert seen.at and seen.at.size > 0
    assert all(word.frame.width > 0 and word.frame.height > 0 for word in seen.at.words)
