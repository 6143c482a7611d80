"""The code on each sheet of the paper form, which says of a scan which version and sheet it shows."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

import zxingcpp
from reportlab.lib.colors import black, white

from channels.letter.codes import OURS
from gateway.standard_form.paper import HEIGHT, MARGIN, WIDTH, Paper

SIDE = 28.0
"""Of the square with its quiet edge, in points: a module is half a millimetre, three dots at 150 to the inch."""
LEFT, FOOT = WIDTH - MARGIN - SIDE, HEIGHT - 14 - SIDE
_FORM = re.compile(rf"{OURS}:FORM:(\d{{1,4}}):(\d{{1,2}})")
_INK = 0


@dataclass(frozen=True, kw_only=True)
class SheetCode:
    """Which sheet of which version of the form it is."""

    version: str
    page: int


def written(code: SheetCode) -> str:
    """What the code says: nothing of whoever fills the form in."""
    return f"{OURS}:FORM:{code.version}:{code.page}"


def read(text: str) -> SheetCode | None:
    """The sheet a code is of; None for any other code."""
    found = _FORM.fullmatch(text.strip().upper())
    return SheetCode(version=found[1], page=int(found[2])) if found else None


def draw_code(paper: Paper, version: str) -> None:
    """Put it into the upper right corner of the sheet, on white ground."""
    rows = _modules(written(SheetCode(version=version, page=paper.page)))
    across = SIDE / len(rows[0])
    paper.canvas.setFillColor(white)
    paper.canvas.rect(LEFT, FOOT, SIDE, SIDE, stroke=0, fill=1)
    paper.canvas.setFillColor(black)
    top = FOOT + (SIDE + across * len(rows)) / 2
    for down, row in enumerate(rows, start=1):
        for place, is_ink in enumerate(row):
            if is_ink:
                paper.canvas.rect(LEFT + place * across, top - down * across, across, across, stroke=0, fill=1)


@cache
def _modules(text: str) -> tuple[tuple[bool, ...], ...]:
    """The modules of a square DataMatrix, row by row, with its quiet edge; true for ink."""
    drawn = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.DataMatrix, force_square=True).to_image(scale=1)
    raw, (height, width) = memoryview(drawn), drawn.shape  # type: ignore[arg-type]  # it is one, undeclared
    return tuple(tuple(raw[down, place] == _INK for place in range(width)) for down in range(height))
