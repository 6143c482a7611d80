"""Lines are put in the order a person reads them."""

import numpy as np
import pytest

from transcription.contract import WrittenWord
from transcription.scans.order import as_they_run, in_reading_order
from transcription.scans.rows import Piece, laid_out, piece

PROSE = "the boy was seen again outside the school gate"


def at(text: str, *, left: float, top: float, width: float | None = None, height: float = 20) -> Piece:
    right = left + (width if width is not None else 10 * len(text))
    return Piece(text=text, confidence=1.0, left=left, right=right, top=top, bottom=top + height)


def texts(pieces: list[Piece]) -> list[str]:
    return [" ".join(one.text for one in row) for row in in_reading_order(pieces)]


def column(name: str, *, left: float, lines: int = 8, top: float = 100, pitch: float = 30) -> list[Piece]:
    return [at(f"{name}{n} {PROSE}", left=left, top=top + pitch * n, width=400) for n in range(lines)]


def names(order: list[str]) -> list[str]:
    return [text.split()[0] for text in order]


def test_pieces_side_by_side_are_one_row_read_from_the_left() -> None:
    assert texts([at("Yes", left=300, top=12), at("Is he safe?", left=10, top=10)]) == ["Is he safe? Yes"]


def test_a_slightly_lower_neighbour_is_still_in_the_row_and_the_next_line_is_not() -> None:
    pieces = [at("Name", left=10, top=10), at("Jane", left=200, top=17), at("Age", left=10, top=36)]
    assert texts(pieces) == ["Name Jane", "Age"]


def test_two_columns_of_prose_are_read_one_after_the_other() -> None:
    order = names(texts(column("L", left=0) + column("R", left=450)))
    assert order == [f"L{n}" for n in range(8)] + [f"R{n}" for n in range(8)]


def test_columns_whose_lines_do_not_stand_level_are_read_one_after_the_other() -> None:
    order = names(texts(column("L", left=0) + column("R", left=450, top=112, pitch=33)))
    assert order == [f"L{n}" for n in range(8)] + [f"R{n}" for n in range(8)]


def test_three_columns_are_read_from_left_to_right() -> None:
    order = names(texts(column("C", left=900) + column("A", left=0) + column("B", left=450)))
    assert order == [f"{letter}{n}" for letter in "ABC" for n in range(8)]


def test_a_title_narrower_than_the_middle_column_comes_before_all_three() -> None:
    title = at("Parish letter", left=560, top=20, width=180, height=40)
    order = names(texts([*column("C", left=900), *column("A", left=0), *column("B", left=450), title]))
    assert order == ["Parish", *(f"{letter}{n}" for letter in "ABC" for n in range(8))]


def test_a_wide_table_with_long_cells_is_read_row_by_row() -> None:
    cells = (
        (0, "{}/02/2026"),
        (150, "He came in without a coat"),
        (500, "Miss Kapoor"),
        (650, "Note sent home to her"),
    )
    rows = [[at(text.format(row), left=left, top=60 * row) for left, text in cells] for row in range(10, 18)]
    order = texts([cell for row in rows for cell in row])
    assert order == [" ".join(cell.text for cell in row) for row in rows]


def test_a_heading_over_both_columns_comes_first_and_a_footer_last() -> None:
    heading = at("Minutes of the strategy discussion held on Monday", left=100, top=20, width=650)
    footer = at("Page one of the minutes, not to be copied further", left=100, top=600, width=650)
    order = names(texts([*column("L", left=0), *column("R", left=450), heading, footer]))
    assert order == ["Minutes", *(f"L{n}" for n in range(8)), *(f"R{n}" for n in range(8)), "Page"]


def test_columns_parted_by_a_heading_are_read_part_by_part() -> None:
    heading = at("Second part of the minutes of the strategy discussion", left=0, top=345, width=850)
    upper = column("A", left=0) + column("B", left=450)
    lower = column("C", left=0, top=380) + column("D", left=450, top=380)
    order = names(texts([*lower, heading, *upper]))
    parts = [[f"{letter}{n}" for n in range(8)] for letter in "ABCD"]
    assert order == parts[0] + parts[1] + ["Second"] + parts[2] + parts[3]


def test_the_cells_of_a_form_are_read_row_by_row() -> None:
    pieces = []
    for row in range(8):
        pieces += [at(f"label{row}", left=0, top=100 + 40 * row), at(f"value{row}", left=450, top=100 + 40 * row)]
    assert texts(pieces) == [f"label{row} value{row}" for row in range(8)]


def test_an_address_beside_the_letter_head_does_not_make_columns() -> None:
    address = [at(line, left=600, top=20 + 30 * n) for n, line in enumerate(("27 Alderbeck Close", "Thornmere"))]
    letter = [at(f"{n} {PROSE} {PROSE}", left=0, top=120 + 30 * n, width=850) for n in range(6)]
    assert names(texts([*letter, *address])) == ["27", "Thornmere", *"012345"]


def test_paragraphs_are_parted_by_an_empty_line() -> None:
    rows = in_reading_order([at("one", left=0, top=0), at("two", left=0, top=30), at("three", left=0, top=100)])
    assert laid_out(rows) == "one\ntwo\n\nthree"


def test_a_short_last_column_of_long_lines_is_a_column_too() -> None:
    order = names(texts(column("L", left=0) + column("R", left=450, lines=2)))
    assert order == [*(f"L{n}" for n in range(8)), "R0", "R1"]


def test_a_narrow_list_beside_prose_is_read_apart_from_it() -> None:
    governors = [at(f"Governor{n}", left=0, top=100 + 43 * n) for n in range(5)]
    order = names(texts([*governors, *column("R", left=300)]))
    assert order == [*(f"Governor{n}" for n in range(5)), *(f"R{n}" for n in range(8))]


def test_the_lines_of_a_tables_cell_stay_together() -> None:
    pieces = []
    for row in range(4):
        top = 100 + 80 * row
        pieces += [at(f"day{row}", left=0, top=top), at(f"first{row} {PROSE}", left=100, top=top, width=500)]
        pieces += [at(f"second{row}", left=100, top=top + 25), at("School", left=620, top=top)]
    words = " ".join(texts(pieces)).split()
    assert [word for word in words if word[-1].isdigit() or word == "School"] == [
        word for row in range(4) for word in (f"day{row}", f"first{row}", f"second{row}", "School")
    ]


@pytest.mark.parametrize("degrees", [0, 30, 90, 165, 180, 200, 330])
def test_the_lines_of_a_stamp_run_as_it_was_put_on(degrees: int) -> None:
    cosine, sine = np.cos(np.radians(degrees)), np.sin(np.radians(degrees))
    lines = []
    for number, text in ((2, "by hand"), (0, "RECEIVED"), (1, "20 NOV 2026")):
        level = np.array([(0, 50 * number), (300, 50 * number), (300, 50 * number + 40), (0, 50 * number + 40)])
        turned = (level @ np.array([(cosine, sine), (-sine, cosine)]) + 600).astype(np.float32)
        word = WrittenWord(text=text, box=(0, 0, 1, 1), confidence=1.0)
        lines.append(piece((word,), 1.0, turned, None))
    assert [one.text for one in as_they_run(lines)] == ["RECEIVED", "20 NOV 2026", "by hand"]
