"""How fast a scan of many letters becomes referrals: pages looked at a second, letters a second, memory, words read."""

from __future__ import annotations

import io
import itertools
from collections.abc import Iterator, Sequence
from pathlib import Path

import pikepdf
import zxingcpp
from PIL import Image
from reportlab.lib.pagesizes import A4
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen import canvas

from benchmarks.figures import Figure, at_most
from benchmarks.ocr_cases import known_cases
from benchmarks.processes import told_by
from benchmarks.run import SQLITE, Run
from channels.letter.codes import Code, OnPaper, written

LETTERS, PAGES = 60, 200
SCANNED_LETTERS = 12
MEMORY_MB = 700.0
LENGTHS = (2, 2, 2, 3, 2, 3)
"""Pages of a letter, in turn: with a separator before each, sixty letters fill two hundred pages."""


def measure(run: Run) -> list[Figure]:
    """A scan of two hundred pages with a text layer on each database, then one of pictures, looked at and read."""
    letters = LETTERS // 10 if run.quick else LETTERS
    typed, scanned = run.folder / "typed.pdf", run.folder / "scanned.pdf"
    typed.write_bytes(_typed(letters))
    scanned.write_bytes(_scanned(SCANNED_LETTERS // 4 if run.quick else SCANNED_LETTERS))
    figures = [*_looked_at(typed, "with a text layer"), *_looked_at(scanned, "of pictures at 300 dots per inch")]
    for kind in run.kinds:
        figures += _became_letters(run, kind, typed, letters)
    return [*figures, *_read(run, scanned)]


def _looked_at(scan: Path, what: str) -> Iterator[Figure]:
    told = told_by("benchmarks.post_look", scan)
    yield Figure(what=f"post, looking at pages {what}", value=told["pages"] / told["seconds"], unit="pages/s")
    yield at_most(f"post, memory to look at {told['pages']:.0f} pages {what}, peak", told["peak_mb"], "MB", MEMORY_MB)


def _became_letters(run: Run, kind: str, scan: Path, letters: int) -> Iterator[Figure]:
    """From the kept scan to every letter in the queue with its receipt owed."""
    with run.database(kind) as url, run.data_dir() as folder:
        told = told_by("benchmarks.post_load", scan, folder, url, "")
    missing = letters - min(told["referrals"], told["receipts"])
    what = f"post, a scan of {told['pages']:.0f} pages into {letters} letters, {kind}"
    yield Figure(what=what, value=letters / told["seconds"], unit="letters/s")
    yield at_most(f"{what}, without referral or receipt", missing, "letters", 0)
    yield at_most(f"{what}, memory of the gateway, peak", told["peak_mb"], "MB", MEMORY_MB)


def _read(run: Run, scan: Path) -> Iterator[Figure]:
    with run.database(SQLITE) as url, run.data_dir() as folder:
        told = told_by("benchmarks.post_load", scan, folder, url, "words")
    what = f"post, a scan of {told['pages']:.0f} pictures to the words of {told['referrals']:.0f} letters"
    yield Figure(what=what, value=told["pages"] / told["seconds"], unit="pages/s")
    yield at_most(f"{what}, letters without words", told["unread"], "letters", 0)


def _typed(letters: int) -> bytes:
    out = io.BytesIO()
    sheet = canvas.Canvas(out, pagesize=A4, invariant=1)
    for letter, pages in zip(range(letters), itertools.cycle(LENGTHS), strict=False):
        _separator(sheet)
        for page in range(pages):
            for line in range(30):
                words = f"Letter {letter + 1}, page {page + 1}: Ellis told his teacher what he saw on Friday"
                sheet.drawString(60, 770 - 22 * line, words)
            sheet.showPage()
    sheet.save()
    return out.getvalue()


def _scanned(letters: int) -> bytes:
    """Pages of letters as a scanner gives them, a separator before each."""
    made, between, out = pikepdf.new(), pikepdf.open(io.BytesIO(_one_separator())), io.BytesIO()
    for file in itertools.islice(itertools.cycle(_pictured()), letters):
        with pikepdf.open(file) as letter:
            made.pages.append(between.pages[0])
            made.pages.extend(letter.pages)
    made.save(out)
    return out.getvalue()


def _pictured() -> Sequence[Path]:
    found = [case.file for case in known_cases() if case.file.suffix == ".pdf" and case.family != "batch"]
    if not found:
        raise FileNotFoundError("the letters with known words do not lie beside the sources")
    return found


def _one_separator() -> bytes:
    out = io.BytesIO()
    sheet = canvas.Canvas(out, pagesize=A4, invariant=1)
    _separator(sheet)
    sheet.save()
    return out.getvalue()


def _separator(sheet: canvas.Canvas) -> None:
    code = zxingcpp.create_barcode(written(Code(says=OnPaper.NEXT)), zxingcpp.BarcodeFormat.QRCode)
    picture = Image.fromarray(zxingcpp.write_barcode_to_image(code, scale=6, add_quiet_zones=True))
    sheet.drawImage(ImageReader(picture), 200, 400, 150, 150)
    sheet.showPage()
