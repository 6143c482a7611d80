"""Workbooks are read sheet by sheet, and never cut or refused without a word."""

import io
import zipfile

import pytest

from tests.transcription.compound import compound_file
from tests.transcription.new_office import binary_workbook, number_in, row, words_in, workbook, zipped
from tests.transcription.old_office import old_workbook
from transcription.contract import CannotRead
from transcription.documents.packed import LARGEST_UNPACKED
from transcription.documents.spreadsheet import CUT, MACROS, MOST_CELLS, WITHOUT_ROWS, read_spreadsheet


def test_sheets_rows_and_dates_are_read_as_they_stand() -> None:
    visits = row(1, words_in("A1", "Visit"), words_in("B1", "Seen")) + row(
        4, number_in("A4", 46143, style=1), number_in("B4", 3), number_in("C4", 1.5)
    )
    book = workbook({"Visits": visits, "Secret": row(1, words_in("A1", "He\nis cold"))}, hidden="Secret")
    assert read_spreadsheet(book).text == "Visits\nVisit\tSeen\n2026-05-01\t3\t1.5\n\nSecret (hidden)\nHe is cold"


def test_a_workbook_of_excel_97_is_read_as_a_new_one() -> None:
    book = old_workbook([["Name", "Age"], ["", ""], ["Zo\u00eb", 6.0]])
    assert read_spreadsheet(book).text == "Visits\nName\tAge\nZo\u00eb\t6"


def test_a_binary_workbook_is_read_as_any_other() -> None:
    assert read_spreadsheet(binary_workbook({(0, 0): 1.0, (1, 2): 3.5})).text == "Visits\n1\n\t\t3.5"


def test_empty_cells_by_the_million_take_no_time_worth_naming() -> None:
    wide = read_spreadsheet(old_workbook([["first"], *[[]] * 9_000, [*[""] * 250, "last"]]))
    assert wide.text.split() == ["Visits", "first", "last"]


def test_comments_are_read_and_macros_named() -> None:
    comments = '<comments xmlns="x"><t>Ask the school</t></comments>'
    book = workbook(
        {"Visits": row(1, words_in("A1", "Friday"))}, more={"xl/comments1.xml": comments, "xl/vbaProject.bin": b"Sub"}
    )
    transcript = read_spreadsheet(book)
    assert transcript.text == "Visits\nFriday\n\nComments: Ask the school"
    assert transcript.note == MACROS


def test_a_register_is_cut_and_the_note_says_so() -> None:
    rows = "".join(row(number, number_in(f"A{number}", 1)) for number in range(1, MOST_CELLS + 10))
    transcript = read_spreadsheet(workbook({"Register": rows, "Next": row(1, words_in("A1", "x"))}))
    assert transcript.note == CUT
    assert transcript.text.count("\n") == MOST_CELLS


def test_two_cells_at_the_ends_of_the_sheet_are_too_far_apart() -> None:
    far = row(1, words_in("A1", "one")) + row(1048576, words_in("XFD1048576", "other"))
    with pytest.raises(CannotRead) as refused:
        read_spreadsheet(workbook({"Sheet1": far}))
    assert refused.value.reason == "too_large"


def test_a_million_rows_that_unfold_from_little_are_refused_before_they_do() -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as out, out.open("xl/worksheets/sheet1.xml", "w") as part:
        for _ in range(LARGEST_UNPACKED // 2**20 + 1):
            part.write(b'<row><c t="inlineStr"><is><t>x</t></is></c></row>'.ljust(64) * 2**14)
    with pytest.raises(CannotRead) as refused:
        read_spreadsheet(file.getvalue())
    assert refused.value.reason == "too_large"


def test_of_a_damaged_workbook_the_words_are_shown() -> None:
    damaged = zipped(
        {"xl/workbook.xml": "<a/>", "xl/sharedStrings.xml": '<sst xmlns="x"><si><t>He is cold</t></si></sst>'}
    )
    transcript = read_spreadsheet(damaged)
    assert (transcript.text, transcript.note) == ("He is cold", WITHOUT_ROWS)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (compound_file({"EncryptedPackage": b"x", "EncryptionInfo": b"y"}), "encrypted"),
        (compound_file({"Workbook": b"no records"}), "broken"),
        (zipped({"xl/workbook.xml": "<a/>"}), "broken"),
        (b"PK\x03\x04", "broken"),
    ],
)
def test_what_cannot_be_read_says_why(data: bytes, reason: str) -> None:
    with pytest.raises(CannotRead) as refused:
        read_spreadsheet(data)
    assert refused.value.reason == reason
