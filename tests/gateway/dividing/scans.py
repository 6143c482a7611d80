"""Scans with text layers, drawn in a moment: letters with separators between them, blank pages, pictures of pages."""

from __future__ import annotations

import io
from collections.abc import Sequence

import zxingcpp
from PIL import Image
from reportlab.lib.pagesizes import A4
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen import canvas

from channels.letter.codes import Code, OnPaper, written

NEXT = written(Code(says=OnPaper.NEXT))
BLANK = ""


def pdf_of(*pages: str) -> bytes:
    """A page for each: what begins as a code of ours is printed as one, everything else as words."""
    out = io.BytesIO()
    sheet = canvas.Canvas(out, pagesize=A4, invariant=1)
    for number, words in enumerate(pages, start=1):
        if words.startswith("FRONTDOOR:"):
            sheet.drawImage(code_picture(words), 200, 400, 150, 150)
        elif words:
            sheet.setFont("Helvetica", 14)
            for line in range(12):
                sheet.drawString(60, 760 - 24 * line, f"{words} (line {line + 1} of page {number})")
        sheet.showPage()
    sheet.save()
    return out.getvalue()


def code_picture(words: str) -> ImageReader:
    made = zxingcpp.create_barcode(words, zxingcpp.BarcodeFormat.QRCode)
    return ImageReader(Image.fromarray(zxingcpp.write_barcode_to_image(made, scale=6, add_quiet_zones=True)))


def letters_with_separators(letters: Sequence[int]) -> bytes:
    """As many letters, each of so many pages, a separator before each."""
    pages: list[str] = []
    for number, count in enumerate(letters, start=1):
        pages += [NEXT, *(f"Letter {number} sheet {sheet + 1}: please look in on Ellis" for sheet in range(count))]
    return pdf_of(*pages)
