"""Sheets that part letters: both codes on each are read whichever way it lies, and its words once."""

from __future__ import annotations

import io
from datetime import date
from pathlib import Path

import pikepdf
import pypdfium2
import pytest
import zxingcpp

from channels.letter.codes import Code, OnPaper, read
from gateway.__main__ import main
from gateway.separators import SheetFor, separator_sheets

TODAY, FRIDAY = date(2026, 11, 23), date(2026, 11, 20)


def sheets(kind: SheetFor = SheetFor.NEXT, copies: int = 2, arrived_on: date | None = None) -> bytes:
    return separator_sheets(
        kind, copies=copies, arrived_on=arrived_on, organisation="Northshire Council", printed_on=TODAY
    )


def codes_on(pdf: bytes, *, turned: float = 0, dots: float = 1.0) -> list[Code | None]:
    """As a scanner sees the first sheet: at 72 dots an inch and turned by some degrees."""
    page = pypdfium2.PdfDocument(pdf)[0].render(scale=dots).to_pil().convert("L")
    found = zxingcpp.read_barcodes(page.rotate(turned, expand=True, fillcolor=255))
    return [read(each.text) for each in found]


@pytest.mark.parametrize("turned", [0, 90, 180, 7])
@pytest.mark.parametrize(
    ("kind", "arrived_on", "says"),
    [
        (SheetFor.NEXT, None, OnPaper.NEXT),
        (SheetFor.NEXT, FRIDAY, OnPaper.NEXT),
        (SheetFor.RETURNED, None, OnPaper.RETURNED),
    ],
)
def test_both_codes_are_read_whichever_way_the_sheet_lies(
    kind: SheetFor, arrived_on: date | None, says: OnPaper, turned: float
) -> None:
    assert codes_on(sheets(kind, arrived_on=arrived_on), turned=turned) == [Code(says=says, arrived_on=arrived_on)] * 2


def test_there_are_as_many_sheets_as_asked_for_each_tagged_with_its_words_and_day() -> None:
    made = sheets(copies=3, arrived_on=FRIDAY)
    with pikepdf.open(io.BytesIO(made)) as pdf:
        assert len(pdf.pages) == 3
        assert pdf.Root.MarkInfo.Marked and pdf.Root.StructTreeRoot and str(pdf.Root.Lang).startswith("en")
    words = pypdfium2.PdfDocument(made)[2].get_textpage().get_text_range()
    assert "Next letter" in words and "Friday 20 November" in words
    assert "The day is that of the letter behind this sheet, and of no other." in " ".join(words.split())


def test_the_same_sheets_are_the_same_bytes_and_never_more_than_a_hundred() -> None:
    assert sheets() == sheets()
    assert len(pypdfium2.PdfDocument(sheets(copies=1000))) == 100


def test_the_command_writes_them_to_a_file_or_says_what_is_wrong(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "sheets.pdf"
    assert main(["separators", "--out", str(out), "--copies", "1", "--returned"]) == 0
    assert codes_on(out.read_bytes()) == [Code(says=OnPaper.RETURNED)] * 2
    assert main(["separators", "--out", str(out), "--arrived", "2999-01-01"]) == 2
    assert "--arrived: That day has not come yet" in capsys.readouterr().err
