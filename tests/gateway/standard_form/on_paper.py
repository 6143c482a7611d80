"""Paper forms as a machine would have read them: the printed words and what was written in, moved, turned and cut."""

from __future__ import annotations

import cmath
import math
from collections.abc import Callable, Mapping, Sequence

from gateway.standard_form.files import blank_sheets
from gateway.standard_form.layout import Room, Sheet
from gateway.standard_form.paper import HEIGHT, WIDTH
from tests.gateway.standard_form.filled import OURS
from transcription.contract import Box, FormField, PageShape, Segment, Transcript, WrittenWord

Moved = Callable[[complex], complex]
LETTER_WIDTH, WORD_HEIGHT, LINE_HEIGHT = 6.0, 11.0, 14.0


def as_it_lies(at: complex) -> complex:
    """Not moved at all."""
    return at


def sheets() -> tuple[Sheet, ...]:
    """The empty form."""
    return blank_sheets(OURS)


def a_scan(
    values: Mapping[str, str], *, pages: Sequence[int] = (1, 2, 3, 4, 5, 6, 7), moved: Moved = as_it_lies,
    beside: Sequence[tuple[int, complex, str]] = (), keep: Callable[[str], bool] = lambda _: True,
    codes: Mapping[int, str] | None = None, shown: float = 1.0,
) -> Transcript:  # fmt: skip
    """Sheets as they were scanned, read word by word.

    ``beside``: sheet, place and words that somebody wrote elsewhere; ``keep``: which printed lines were read; ``codes``
    of sheets; ``shown`` is the upper part of each sheet that got onto the scan.
    """
    segments: list[Segment] = []
    fields: list[FormField] = []
    for number, of in enumerate(pages, start=1):
        sheet = sheets()[of - 1]
        page = _Page(number, moved, shown)
        segments += page.printed(sheet, keep)
        segments += [segment for room in sheet.rooms for segment in page.answer(room, values)]
        segments += [page.line(words, at) for there, at, words in beside if there == of]
        fields += page.ticks(sheet, values)
        fields += page.code(sheet, (codes or {}).get(of))
    return Transcript(
        text="\n".join(one.text for one in segments), segments=tuple(one for one in segments if one.written),
        engine="rapidocr 3", language=None, confidence=0.9, fields=tuple(fields),
        pages=tuple(PageShape(number=n, width=WIDTH, height=HEIGHT * shown) for n in range(1, len(pages) + 1)),
    )  # fmt: skip


class _Page:
    """One page of the scan."""

    def __init__(self, number: int, moved: Moved, shown: float) -> None:
        self._number, self._moved, self._shown = number, moved, shown

    def printed(self, sheet: Sheet, keep: Callable[[str], bool]) -> list[Segment]:
        printed = []
        for line in sheet.lines:
            words = line_words(line.letters.row, line.letters.ends)
            if keep(line.of):
                boxes = [self._box(at, width=(line.area.right - line.area.left) / len(words)) for at in line.words]
                printed.append(self._segment(words, boxes))
        return printed

    def answer(self, room: Room, values: Mapping[str, str]) -> list[Segment]:
        if room.name not in values or room.area.right - room.area.left < 20:
            return []
        top = complex(room.area.left + 4, room.area.top + 11)
        lines = values[room.name].split("\n")
        return [self.line(line, top + complex(0, LINE_HEIGHT * n)) for n, line in enumerate(lines)]

    def line(self, text: str, at: complex) -> Segment:
        words, boxes = text.split(), []
        for word in words:
            width = LETTER_WIDTH * len(word)
            boxes.append(self._box(at + width / 2, width=width))
            at += width + LETTER_WIDTH
        return self._segment(words, boxes, confidence=0.8)

    def ticks(self, sheet: Sheet, values: Mapping[str, str]) -> list[FormField]:
        found = []
        for room in sheet.rooms:
            if room.area.right - room.area.left < 20 and (box := self._box(room.area.middle, width=13, height=13)):
                said = "yes" if (room.value or "yes") in values.get(room.name, "").split("+") else "no"
                found.append(FormField(name="", value=said, kind="tick", page=self._number, box=box))
        return found

    def code(self, sheet: Sheet, says: str | None) -> list[FormField]:
        box = self._box(sheet.code.middle, width=28, height=28)
        return [FormField(name="", value=says, kind="code", page=self._number, box=box)] if says and box else []

    def _segment(self, words: Sequence[str], boxes: Sequence[Box | None], confidence: float = 0.95) -> Segment:
        both = zip(words, boxes, strict=True)
        written = tuple(WrittenWord(text=word, box=box, confidence=confidence) for word, box in both if box)
        text = " ".join(word.text for word in written)
        return Segment(text=text, page=self._number, confidence=confidence, written=written)

    def _box(self, middle: complex, *, width: float, height: float = WORD_HEIGHT) -> Box | None:
        """As parts of the page; None for what did not get onto it."""
        at = self._moved(middle)
        high = HEIGHT * self._shown
        half = complex(width, height) / 2
        if not (0 < at.real < WIDTH and 0 < at.imag < high):
            return None
        first, last = at - half, at + half
        return first.real / WIDTH, first.imag / high, last.real / WIDTH, last.imag / high


def line_words(row: str, ends: Sequence[int]) -> list[str]:
    """The words of a printed line, as far as they are compared."""
    return [row[begin:end] or "-" for begin, end in zip((0, *ends), ends, strict=False)]


def turned(degrees: float, *, shift: complex = 0j, size: float = 1.0) -> Moved:
    """As a sheet lies askew on the glass."""
    middle, turn = complex(WIDTH, HEIGHT) / 2, size * cmath.exp(1j * math.radians(degrees))
    return lambda at: middle + turn * (at - middle) + shift


def photographed(at: complex) -> complex:
    """As a phone sees it that is held a little askew: what is farther away is smaller."""
    x, y = at.real / WIDTH - 0.5, at.imag / HEIGHT - 0.5
    depth = 1 + 0.12 * y + 0.06 * x
    return complex((x / depth * 0.85 + 0.5) * WIDTH, (y / depth * 0.85 + 0.5) * HEIGHT)
