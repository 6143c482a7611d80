"""Reads Excel workbooks, old and new, sheet by sheet: one line for each row, its cells parted by tabs."""

import datetime
import io
import re
from collections.abc import Iterator

from python_calamine import CalamineError, CalamineWorkbook, PasswordError, SheetVisibleEnum

from transcription.contract import CannotRead, Transcript, Unreadable
from transcription.documents.packed import Package
from transcription.documents.stored import CompoundFile
from transcription.documents.written import written
from transcription.file_types.compound import LOCKED_OFFICE, in_a_compound_file

ENGINE = "cells of the workbook"
MOST_CELLS = 100_000
"""Filled cells that are shown; a workbook with more is a register, not a message."""

CUT = f"Only the first {MOST_CELLS:,} filled cells are shown: see the original."
MACROS = "It carries macros, which were not run."

LARGEST_AREA = 20_000_000
"""Cells between the first and the last filled one; the reader keeps room for each, filled or not."""

WITHOUT_ROWS = "The workbook is damaged: its words are shown, but not in which rows they stood."
SHARED = "xl/sharedStrings.xml"
SHEET = re.compile(r"xl/worksheets/[^/]+\.xml")
PLACE = re.compile(rb"\br\s*=\s*[\"']([A-Z]{1,3})(\d{1,7})[\"']")
COMMENTS = re.compile(r"xl/(?:comments\d*|threadedComments/[^/]+)\.xml")

Cell = int | float | str | bool | datetime.time | datetime.date | datetime.datetime | datetime.timedelta


class _Room:
    """How many more filled cells may be shown."""

    def __init__(self) -> None:
        self.left = MOST_CELLS
        self.is_cut = False

    def takes(self, cells: int) -> bool:
        self.is_cut = self.is_cut or cells > self.left
        self.left -= cells
        return not self.is_cut


def read_spreadsheet(data: bytes) -> Transcript:
    """The filled cells of every sheet, hidden ones too, and its comments.

    Raises CannotRead: encrypted, broken, or too_large for a sheet whose filled cells lie absurdly far apart.
    """
    comments, has_macros = _checked(data)
    room = _Room()
    try:
        with CalamineWorkbook.from_object(io.BytesIO(data)) as book:
            texts = list(_sheets(book, room))
    except PasswordError:
        raise CannotRead(Unreadable.ENCRYPTED) from None
    except (CalamineError, OSError, ValueError, OverflowError) as problem:
        words = _words_alone(data)
        if not words:
            raise CannotRead(Unreadable.BROKEN, type(problem).__name__) from None
        return written([words, *comments], ENGINE, WITHOUT_ROWS)
    return written([*texts, *comments], ENGINE, CUT if room.is_cut else "", MACROS if has_macros else "")


def _words_alone(data: bytes) -> str:
    """The words that the cells of a damaged new workbook share; empty when even those are lost."""
    if not data.startswith(b"PK") or SHARED not in (package := Package(data)).names:
        return ""
    return "\n".join(each.text for each in package.tree(SHARED).iter() if each.tag.endswith("}t") and each.text)


def _checked(data: bytes) -> tuple[list[str], bool]:
    """The comments of a new workbook and whether there are macros; refuses what must not reach the reader."""
    if data.startswith(b"PK"):
        package = Package(data)
        for name in filter(SHEET.fullmatch, package.names):
            _refuse_wide_area(package.part(name))
        comments = [text for name in filter(COMMENTS.fullmatch, package.names) if (text := _comments(package, name))]
        return comments, "xl/vbaProject.bin" in package.names
    if in_a_compound_file(data) == LOCKED_OFFICE:
        raise CannotRead(Unreadable.ENCRYPTED)
    with CompoundFile(data) as file:
        return [], any(path[0] == "_VBA_PROJECT_CUR" for path in file.paths)


def _refuse_wide_area(sheet: bytes) -> None:
    widest = lowest = 0
    for found in PLACE.finditer(sheet):
        column = 0
        for letter in found[1]:
            column = column * 26 + letter - 64
        widest, lowest = max(widest, column), max(lowest, int(found[2]))
    if widest * lowest > LARGEST_AREA:
        raise CannotRead(Unreadable.TOO_LARGE, "filled cells lie too far apart")


def _comments(package: Package, name: str) -> str:
    words = [each.text for each in package.tree(name).iter() if each.tag.endswith(("}t", "}text")) and each.text]
    return "Comments: " + "\n".join(words) if words else ""


def _sheets(book: CalamineWorkbook, room: _Room) -> Iterator[str]:
    hidden = {sheet.name for sheet in book.sheets_metadata if sheet.visible != SheetVisibleEnum.Visible}
    for name in book.sheet_names:
        rows = list(_rows(book, name, room))
        if rows:
            yield "\n".join([f"{name} (hidden)" if name in hidden else name, *rows])
        if room.is_cut:
            return


def _rows(book: CalamineWorkbook, name: str, room: _Room) -> Iterator[str]:
    for row in book.get_sheet_by_name(name).iter_rows():
        if row.count("") == len(row):
            continue
        cells = [_as_written(cell) for cell in row]
        filled = sum(1 for cell in cells if cell)
        if not room.takes(filled):
            return
        yield "\t".join(cells).rstrip("\t")


def _as_written(cell: Cell) -> str:
    """A whole number without a decimal point, a date as in ISO 8601, a line inside a cell on the cell's own line."""
    match cell:
        case bool():
            return "yes" if cell else "no"
        case float() if cell.is_integer() and abs(cell) < 1e15:
            return str(int(cell))
        case datetime.datetime() if cell.time() == datetime.time():
            return cell.date().isoformat()
        case datetime.datetime():
            return cell.isoformat(" ", "minutes")
        case datetime.date() | datetime.time():
            return cell.isoformat()
        case str():
            return " ".join(cell.split())
        case _:
            return str(cell)
