"""Scans with text layers, drawn in a moment: letters with separators between them, blank pages, pictures of pages."""

from __future__ import annotations

import io
from collections.abc import Sequence

import pikepdf
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


def of_many_pages(count: int) -> bytes:
    """A PDF that names one empty page so many times."""
    kids = " ".join(["3 0 R"] * count)
    objects = (
        "<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Count {count} /Kids [{kids}] >>",
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] >>",
    )
    body, places = "%PDF-1.7\n", list[int]()
    for number, each in enumerate(objects, start=1):
        places.append(len(body))
        body += f"{number} 0 obj\n{each}\nendobj\n"
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    end = f"xref\n0 4\n0000000000 65535 f \n{table}trailer\n<< /Size 4 /Root 1 0 R >>\nstartxref\n{len(body)}\n%%EOF\n"
    return (body + end).encode()


def locked() -> bytes:
    """A PDF that opens with a password only."""
    document, out = pikepdf.new(), io.BytesIO()
    document.add_blank_page()
    document.save(out, encryption=pikepdf.Encryption(user="a", owner="b"))
    return out.getvalue()
