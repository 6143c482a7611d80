"""Invented post as scanners give it: a letter with the date stamp of the post room, and three letters in one file."""

from __future__ import annotations

import io
from datetime import date, timedelta
from importlib.resources import files

import pikepdf
import typst
from PIL import Image, ImageDraw, ImageFont

from gateway.demo.papers import DOTS_PER_INCH, LETTER_PAGES, PAGE, fonts, set_in_type
from gateway.separators import SheetFor, separator_sheets

LETTERS = (
    """
Harbour Dental Practice, Northtown NT2 7DD

A boy of five has missed four appointments. His teeth hurt him at night, his sister told us. We have written to his
parents and heard nothing.

Jordan Example, dentist
""",
    """
To whom it may concern

The two little ones at the chip shop in Quay Street are always out until ten or eleven at night. The older one is
perhaps seven. Somebody ought to ask who looks after them.
""",
    """
Northtown Library

A girl comes to us every day after school and stays until we close. She asked on Friday if she could sleep here.
She says that there is nobody at home.

Kim Example, librarian
""",
)
SEMIBOLD = files("font_source_sans_pro") / "files" / "SourceSansPro-Semibold.ttf"
STAMP = (1240 - 520, 90)
"""Where the stamp is put on a page of A4 at 150 dots to the inch: its upper left corner."""


def stamped_letter(arrived_on: date) -> bytes:
    """A surgery's letter of two pages, stamped when it reached the council: a PDF with two pictures and no text."""
    first, second = LETTER_PAGES
    dated = first.replace("20 November 2026", _in_words(arrived_on - timedelta(days=1)))
    pages = [Image.open(io.BytesIO(set_in_type(page))).convert("L") for page in (dated, second)]
    _stamp(pages[0], f"RECEIVED {_in_words(arrived_on).upper()}")
    out = io.BytesIO()
    pages[0].save(out, "PDF", resolution=DOTS_PER_INCH, save_all=True, append_images=pages[1:])
    return out.getvalue()


def batch_of_letters(organisation: str, printed_on: date) -> bytes:
    """Three short letters with a separator sheet before each, as a machine scans them that adds a layer of text."""
    sheets = separator_sheets(SheetFor.NEXT, copies=1, organisation=organisation, printed_on=printed_on)
    separator = pikepdf.open(io.BytesIO(sheets))
    letters = pikepdf.open(io.BytesIO(_letters()))
    with pikepdf.new() as batch, separator, letters:
        for letter in letters.pages:
            batch.pages.extend([separator.pages[0], letter])
        out = io.BytesIO()
        batch.save(out)
    return out.getvalue()


def _letters() -> bytes:
    words = PAGE + "#pagebreak()".join(LETTERS)
    return typst.compile(words.encode(), format="pdf", font_paths=fonts())


def _stamp(page: Image.Image, words: str) -> None:
    """In a frame, as rubber stamps have it."""
    pen, font = ImageDraw.Draw(page), ImageFont.truetype(io.BytesIO(SEMIBOLD.read_bytes()), 34)
    left, top, right, bottom = pen.textbbox(STAMP, words, font=font)
    pen.text(STAMP, words, font=font, fill=70)
    pen.rectangle((left - 16, top - 14, right + 16, bottom + 14), outline=70, width=4)


def _in_words(on: date) -> str:
    return f"{on.day} {on:%B %Y}"
