"""A sheet of A4 to put words and places for answers on, from the top down; a new one begins when it is full."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from reportlab.lib.colors import Color, HexColor, white
from reportlab.lib.pagesizes import A4
from reportlab.lib.utils import simpleSplit
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

WIDTH, HEIGHT = float(A4[0]), float(A4[1])
MARGIN, FOOT = 48.0, 58.0
INNER = WIDTH - 2 * MARGIN
INK, QUIET, TEAL, GOLD = HexColor("#0b0c0c"), HexColor("#505a5f"), HexColor("#0b4f56"), HexColor("#f4c95d")
RULE, PALE, DANGER = HexColor("#4f7f7c"), HexColor("#eef5f3"), HexColor("#8c1d18")
REGULAR, BOLD = "FormRegular", "FormBold"
LEADING = 1.28


@cache
def _fonts() -> None:
    folder = files("font_source_sans_pro") / "files"
    for name, file in ((REGULAR, "SourceSansPro-Regular.ttf"), (BOLD, "SourceSansPro-Semibold.ttf")):
        pdfmetrics.registerFont(TTFont(name, io.BytesIO((folder / file).read_bytes())))


@dataclass(frozen=True, kw_only=True)
class Printed:
    """One line of words on a sheet: where it begins and its baseline, in points from the left and the foot.

    ``of`` names the field whose question it is, or the child or adult whose questions follow; else it is empty.
    """

    page: int
    text: str
    x: float
    baseline: float
    size: float
    font: str
    of: str = ""

    def width_to(self, end: int) -> float:
        """How wide its first characters are, in points."""
        return float(pdfmetrics.stringWidth(self.text[:end], self.font, self.size))


@dataclass(frozen=True, kw_only=True)
class Place:
    """A box to write in or to tick: in points from the foot; ``value`` is what a box to choose stands for."""

    page: int
    name: str
    x: float
    foot: float
    width: float
    height: float
    value: str = ""


class Paper:
    """``y`` is where the next thing goes, in points from the foot; ``foot`` draws the end of each sheet.

    ``printed`` and ``places`` tell where everything stands.
    """

    def __init__(self, title: str, author: str, language: str) -> None:
        _fonts()
        self._written = io.BytesIO()
        self.canvas = Canvas(self._written, pagesize=A4, lang=language, invariant=1)
        self.canvas.setTitle(title)
        self.canvas.setAuthor(author)
        self.y = HEIGHT - MARGIN
        self.page = 1
        self.printed: list[Printed] = []
        self.places: list[Place] = []
        self.foot: Callable[[Paper], None] = lambda _: None

    def finish(self) -> bytes:
        """The whole as PDF."""
        self.foot(self)
        self.canvas.save()
        return self._written.getvalue()

    def need(self, height: float) -> None:
        """Go on on a new sheet unless there is this much room left."""
        if self.y - height >= FOOT:
            return
        self.foot(self)
        self.canvas.showPage()
        self.page += 1
        self.y = HEIGHT - MARGIN

    def words(
        self, text: str, *, size: float, font: str = REGULAR, colour: Color = INK, x: float = MARGIN,
        width: float = INNER, after: float = 0.0, of: str = "",
    ) -> None:  # fmt: skip
        """Words in as many lines as they take; ``of``: as ``Printed`` has it."""
        for line in lines_of(text, font=font, size=size, width=width):
            self.y -= size * LEADING
            self.line(line, x=x, baseline=self.y + size * 0.28, size=size, font=font, colour=colour, of=of)
        self.y -= after

    def line(
        self, text: str, *, x: float, baseline: float, size: float, font: str = REGULAR, colour: Color = INK,
        of: str = "",
    ) -> None:  # fmt: skip
        """One line of words at a place."""
        self.canvas.setFillColor(colour)
        self.canvas.setFont(font, size)
        self.canvas.drawString(x, baseline, text)
        self.printed.append(Printed(page=self.page, text=text, x=x, baseline=baseline, size=size, font=font, of=of))

    def place(self, name: str, *, x: float, foot: float, width: float, height: float, value: str = "") -> None:
        """Note where a box to fill in was drawn."""
        at = Place(page=self.page, name=name, x=x, foot=foot, width=width, height=height, value=value)
        self.places.append(at)

    def band(self, height: float) -> None:
        """The coloured head of the first sheet; what follows stands under it."""
        self.canvas.setFillColor(TEAL)
        self.canvas.rect(0, HEIGHT - height, WIDTH, height, stroke=0, fill=1)
        self.canvas.setFillColor(GOLD)
        self.canvas.rect(0, HEIGHT - height - 4, WIDTH, 4, stroke=0, fill=1)
        self.y = HEIGHT - height - 18

    def rule(self, y: float) -> None:
        """A thin line across."""
        self.canvas.setStrokeColor(RULE)
        self.canvas.setLineWidth(0.75)
        self.canvas.line(MARGIN, y, WIDTH - MARGIN, y)

    def panel(self, height: float) -> None:
        """A pale ground from here down, for what is to stand on it."""
        self.canvas.setFillColor(PALE)
        self.canvas.rect(MARGIN - 10, self.y - height, INNER + 20, height, stroke=0, fill=1)


def lines_of(text: str, *, font: str, size: float, width: float) -> list[str]:
    """The lines a text takes."""
    return list(simpleSplit(text, font, size, width))


def height_of(text: str, *, font: str = REGULAR, size: float, width: float) -> float:
    """The room a text takes, nothing for no text."""
    return len(lines_of(text, font=font, size=size, width=width)) * size * LEADING if text else 0.0


def width_of(text: str, *, font: str, size: float) -> float:
    """How wide a line of words is."""
    return float(pdfmetrics.stringWidth(text, font, size))


__all__ = [
    "BOLD", "DANGER", "HEIGHT", "INNER", "MARGIN", "QUIET", "REGULAR", "RULE", "TEAL", "WIDTH", "Paper", "Place",
    "Printed", "height_of", "white", "width_of",
]  # fmt: skip
