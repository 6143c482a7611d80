"""Tables written as text are read whatever parts their cells."""

import pytest

from transcription.documents.table import CUT, MOST_ROWS, read_table, separator_of


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_cells_are_told_apart_by_the_sign_that_cuts_evenly(separator: str) -> None:
    rows = [["Name", "Seen"], ["Zo\u00eb, 6", "Friday"], ["", ""], ["Jane", "never"]]
    text = "\r\n".join(separator.join(f'"{cell}"' for cell in row) for row in rows)
    assert read_table(text.encode()).text == "Name\tSeen\nZo\u00eb, 6\tFriday\nJane\tnever"


def test_a_line_inside_a_cell_stays_in_its_row_and_old_encodings_are_read() -> None:
    assert (
        read_table('Name;Words\nZo\u00eb;"He is\ncold"\n'.encode("cp1252")).text == "Name\tWords\nZo\u00eb\tHe is cold"
    )


def test_a_separator_that_the_file_names_is_taken() -> None:
    assert separator_of("sep=;\na,b;c,d") == ";"


def test_words_without_any_separator_are_one_column() -> None:
    assert read_table(b"He is cold\nand hungry").text == "He is cold\nand hungry"


def test_a_table_without_end_is_cut_and_says_so() -> None:
    transcript = read_table(b"a,b\n" * (MOST_ROWS + 5))
    assert transcript.note == CUT and transcript.text.count("\n") == MOST_ROWS - 1


def test_a_cell_without_end_loses_nothing() -> None:
    assert "cold" in read_table(b'a,b\n"' + b"x" * 1_100_000 + b" cold\n").text
