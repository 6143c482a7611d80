"""Sheets to print and put between letters, so that many are scanned in one go: a tagged PDF (PDF/UA-1)."""

from __future__ import annotations

import json
from datetime import UTC, datetime, time
from datetime import date as day
from enum import StrEnum

import typst
import zxingcpp

from channels.letter.codes import Code, OnPaper, written
from gateway.letter_pdf import our_fonts
from gateway.words import WORDING

TEMPLATE = WORDING / "separator.typ"
MOST_COPIES = 100
USE = "Put one sheet before each letter. The sheets can be used again and again."
USE_FOR_A_DAY = (
    "Put one sheet before each letter that reached the council on this day. "
    "The day is that of the letter behind this sheet, and of no other."
)
RETURNED_ON_A_DAY = "Put one sheet before letters that came back on this day. Use other sheets for other days."


class SheetFor(StrEnum):
    """What a sheet says of what lies behind it."""

    NEXT = "next"  # a letter begins
    RETURNED = "returned"  # our own post that came back


SAYS = {
    SheetFor.NEXT: ("Next letter", "A new letter begins behind this sheet.", OnPaper.NEXT),
    SheetFor.RETURNED: ("Returned post", "Letters of ours that came back are behind this sheet.", OnPaper.RETURNED),
}


def separator_sheets(
    kind: SheetFor, *, copies: int, organisation: str, printed_on: day, arrived_on: day | None = None
) -> bytes:
    """The sheets as PDF, the same bytes for the same words. ``arrived_on``: the day the letter behind each arrived."""
    words, says, on_paper = SAYS[kind]
    named = f"{arrived_on:%A} {arrived_on.day} {arrived_on:%B %Y}" if arrived_on else ""
    sheets = {
        "title": f"Separator sheets: {words.lower()}{f', arrived {named}' if named else ''}",
        "organisation": organisation,
        "words": words,
        "says": says,
        "day": f"Arrived {named}" if named else "",
        "use": _use(kind) if named else USE,
        "alt": f"Code for the scanner: {words.lower()}{f', arrived {named}' if named else ''}",
        "code": as_picture(Code(says=on_paper, arrived_on=arrived_on)),
        "copies": min(max(copies, 1), MOST_COPIES),
    }
    return typst.compile(
        TEMPLATE.read_bytes(),
        format="pdf",
        font_paths=our_fonts(),
        sys_inputs={"sheets": json.dumps(sheets)},
        pdf_standards="ua-1",
        timestamp=datetime.combine(printed_on, time(), tzinfo=UTC),
    )


def _use(dated: SheetFor) -> str:
    return RETURNED_ON_A_DAY if dated is SheetFor.RETURNED else USE_FOR_A_DAY


def as_picture(code: Code) -> str:
    """A QR code as SVG, of which a third may be dirty or torn."""
    return str(zxingcpp.create_barcode(written(code), zxingcpp.QRCode, ec_level="H").to_svg())
