"""Which pages count as blank: a faint line does not, a hole does."""

import numpy as np
import pytest

from tests.transcription.sheets import made_pages as made
from transcription.sheets.blank import is_blank
from transcription.sheets.pages import Grey

PAPER = made.paper()
FRONT = made.written_on(made.paper(seed=5), 20)
BACK = made.shining_through(PAPER, FRONT)
UNWRITTEN = {
    "paper": PAPER,
    "white without grain": np.full((1100, 1240), 255, np.uint8),
    "grey paper": made.paper(200),
    "coarse grain": made.paper(225, 12),
    "punch holes": made.punched(PAPER),
    "dark rims of the scan": made.rimmed(PAPER),
    "dust": made.dusty(PAPER),
    "the other side shines through": BACK,
    "in black and white": np.asarray(np.where(made.punched(made.rimmed(PAPER)) > 128, 255, 0), np.uint8),
}
WRITTEN = {
    "print": FRONT,
    "a line in faint pencil": made.written_on(PAPER, 222, lines=1),
    "pencil on coarse paper": made.written_on(made.paper(230, 6), 195, lines=2),
    "a small signature": made.signed(PAPER),
    "a faint signature": made.signed(PAPER, 222),
    "a signature between holes and rims": made.signed(made.rimmed(made.punched(PAPER)), 150),
    "one stroke": made.drawn_on(PAPER, 120, (300, 900, 420, 905)),
    "one thin ruled line": made.drawn_on(PAPER, 190, (200, 700, 900, 702), width=1),
    "a cross": made.drawn_on(PAPER, 100, (300, 900, 330, 930), (300, 930, 330, 900)),
    "a pale stamp": made.stamped(PAPER, 205),
    "a small word": made.written_on(PAPER, 60, lines=1, size=14),
    "a signature on the back of a letter": made.signed(BACK, 190),
    "a stamp on the back of a letter": made.stamped(BACK, 170),
    "a pencilled line on the back of a letter": made.written_on(BACK, 210, lines=1, top=950),
}


def sees_no_lines(_: Grey) -> bool:
    return False


@pytest.mark.parametrize("what", UNWRITTEN)
def test_what_no_hand_made_is_blank(what: str) -> None:
    assert is_blank(UNWRITTEN[what], sees_no_lines)


@pytest.mark.parametrize("what", WRITTEN)
def test_nothing_that_was_written_drawn_or_stamped_is_blank_even_where_no_lines_are_found(what: str) -> None:
    assert not is_blank(WRITTEN[what], sees_no_lines)


def test_a_page_with_nothing_but_specks_is_blank_unless_they_are_lines_of_writing() -> None:
    asked: list[Grey] = []

    def sees_lines(page: Grey) -> bool:
        asked.append(page)
        return True

    specks = made.dusty(PAPER, 200)
    assert not is_blank(specks, sees_lines)
    assert len(asked) == 1
    assert is_blank(specks, sees_no_lines)
