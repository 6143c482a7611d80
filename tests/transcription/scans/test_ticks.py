"""Ticked boxes are told from empty ones and named by the words beside them; letters are not taken for boxes."""

from collections.abc import Callable

import numpy as np
import pytest
from PIL import Image, ImageDraw

from tests.transcription.paper import letter_image
from transcription.scans.detector import Picture
from transcription.scans.pictures import as_picture
from transcription.scans.rows import Piece
from transcription.scans.ticks import boxes_on, ticks_on

LINE = 40
SIDE = 34

Mark = Callable[[ImageDraw.ImageDraw, int, int], None]


def cross(pen: ImageDraw.ImageDraw, x: int, y: int) -> None:
    pen.line((x - 4, y - 4, x + SIDE + 4, y + SIDE + 4), fill=0, width=4)
    pen.line((x + SIDE + 4, y - 4, x - 4, y + SIDE + 4), fill=0, width=4)


def tick(pen: ImageDraw.ImageDraw, x: int, y: int) -> None:
    pen.line((x + 6, y + 18, x + 15, y + 28, x + 44, y - 10), fill=30, width=5)


def filled(pen: ImageDraw.ImageDraw, x: int, y: int) -> None:
    pen.rectangle((x + 5, y + 5, x + SIDE - 5, y + SIDE - 5), fill=20)


def nothing(pen: ImageDraw.ImageDraw, x: int, y: int) -> None:
    pass


def form(*marks: Mark) -> Picture:
    """A column of boxes, one for each mark."""
    paper = Image.new("L", (900, 100 + 80 * len(marks)), 250)
    pen = ImageDraw.Draw(paper)
    for row, mark in enumerate(marks):
        x, y = 60, 50 + 80 * row
        pen.rectangle((x, y, x + SIDE, y + SIDE), outline=40, width=2)
        mark(pen, x, y)
    return as_picture(paper)


def ticked(page: Picture, pieces: list[Piece]) -> list[str]:
    return [tick.label for tick in ticks_on(page, pieces) if tick.is_ticked]


def label(text: str, row: int, left: float = 110) -> Piece:
    top = 48 + 80 * row
    return Piece(text=text, confidence=1.0, left=left, right=left + 20 * len(text), top=top, bottom=top + LINE)


@pytest.mark.parametrize("mark", [cross, tick, filled], ids=["cross", "tick", "filled"])
def test_a_marked_box_is_ticked_and_an_empty_one_is_not(mark: Mark) -> None:
    pieces = [label("Neglect", 0), label("Injury", 1), label("Hungry", 2)]
    assert ticked(form(nothing, mark, nothing), pieces) == ["Injury"]


def test_an_answer_is_told_with_its_question() -> None:
    page = form(cross, nothing)
    question = Piece(text="Is the child safe?", confidence=1.0, left=0, right=50, top=48, bottom=88)
    assert ticked(page, [question, label("No", 0), label("Yes", 1)]) == ["Is the child safe? No"]


def test_a_form_without_ticks_names_none() -> None:
    assert ticked(form(nothing, nothing), [label("Neglect", 0), label("Injury", 1)]) == []


def test_a_lone_square_is_no_form() -> None:
    assert ticked(form(cross), [label("Neglect", 0)]) == []


def test_the_letters_of_a_letter_are_no_ticked_boxes() -> None:
    page = as_picture(letter_image("jpg_03.jpg"))
    lines = [label("Dear Council", row) for row in range(20)]
    assert ticked(page, lines) == []


def test_a_page_without_words_has_no_named_boxes() -> None:
    assert ticked(form(cross, cross), []) == []


def test_boxes_are_found_where_they_stand() -> None:
    found = boxes_on(form(nothing, cross, nothing), LINE)
    assert [round((box.top - 50) / 80) for box in sorted(found, key=lambda box: box.top)] == [0, 1, 2]
    assert np.allclose([box.side for box in found], SIDE, atol=4)
