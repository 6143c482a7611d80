"""Sheets of the form with answers drawn into them, as a scanner gives them."""

from __future__ import annotations

import io
from collections.abc import Mapping
from importlib.resources import files

import pypdfium2 as pdfium
from PIL import Image, ImageDraw, ImageFont

from gateway.standard_form.files import blank_sheets
from gateway.standard_form.layout import Area
from tests.gateway.standard_form.filled import OURS, empty_pdf

DOTS_PER_INCH = 200
SCALE = DOTS_PER_INCH / 72
INK = (24, 28, 92)
SMALLEST_TO_WRITE_IN = 20  # points


def a_scanned_sheet(number: int, values: Mapping[str, str], *, askew: float) -> bytes:
    """One sheet that somebody printed, wrote on and laid on the glass askew by some degrees; PNG."""
    document = pdfium.PdfDocument(empty_pdf())
    document.init_forms()
    sheet = document[number - 1].render(scale=SCALE).to_pil().convert("RGB")
    pen = ImageDraw.Draw(sheet)
    font = ImageFont.truetype(
        io.BytesIO((files("font_source_sans_pro") / "files" / "SourceSansPro-It.ttf").read_bytes()), int(12 * SCALE)
    )
    for room in blank_sheets(OURS)[number - 1].rooms:
        value, area = values.get(room.name, ""), room.area
        if area.right - area.left > SMALLEST_TO_WRITE_IN:
            at = (round((area.left + 8) * SCALE), round((area.top + 4) * SCALE))
            pen.multiline_text(at, value, font=font, fill=INK, spacing=9)
        elif value == (room.value or "yes"):
            _cross(pen, area)
    written = io.BytesIO()
    sheet.rotate(askew, resample=Image.Resampling.BICUBIC, fillcolor=(255, 255, 255)).save(written, "PNG")
    return written.getvalue()


def _cross(pen: ImageDraw.ImageDraw, area: Area) -> None:
    left, top, right, bottom = (side * SCALE for side in (area.left, area.top, area.right, area.bottom))
    pen.line([(left - 6, top + 3), (right + 8, bottom - 8)], fill=INK, width=4)
    pen.line([(left, bottom), (right + 3, top - 8)], fill=INK, width=4)
