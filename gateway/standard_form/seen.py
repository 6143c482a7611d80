"""The words and ticks of one page of a scan, where they stand on it in points as if it were as high as the sheet."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from gateway.standard_form.letters import Letters, letters_of
from gateway.standard_form.page_code import SheetCode
from gateway.standard_form.page_code import read as read_code
from gateway.standard_form.paper import HEIGHT, WIDTH
from transcription.contract import Box, FormField, PageShape, Segment, Transcript, WrittenWord

CODE, TICK = "code", "tick"
"""Kinds of fields that a machine finds on pages: what a printed code says, and boxes to tick."""


@dataclass(frozen=True, kw_only=True)
class Seen:
    """One word: its middle and ends on the page, and the number of the segment it is of."""

    word: WrittenWord
    segment: int
    left: complex
    middle: complex
    right: complex


@dataclass(frozen=True, kw_only=True)
class SeenLine:
    """The words of a segment that has any, and their letters."""

    letters: Letters
    words: tuple[Seen, ...]


@dataclass(frozen=True, kw_only=True)
class SeenTick:
    """A box to tick: its middle on the page, and whether it is ticked."""

    field: FormField
    middle: complex

    @property
    def is_ticked(self) -> bool:
        """Whether somebody ticked, crossed or filled it."""
        return self.field.value == "yes"


@dataclass(frozen=True, kw_only=True)
class SeenCode:
    """The code of a sheet of our form, and its middle on the page."""

    of: SheetCode
    middle: complex


@dataclass(frozen=True, kw_only=True)
class SeenPage:
    """One page, ``wide`` points across; ``code`` is None where none of our form was read."""

    number: int
    wide: float
    lines: tuple[SeenLine, ...]
    ticks: tuple[SeenTick, ...]
    code: SeenCode | None

    @property
    def corners(self) -> tuple[complex, ...]:
        """From the upper left one clockwise."""
        return 0j, complex(self.wide, 0), complex(self.wide, HEIGHT), complex(0, HEIGHT)

    @property
    def rows(self) -> list[str]:
        """The letters of each line."""
        return [line.letters.row for line in self.lines]

    @property
    def words(self) -> Iterator[Seen]:
        """All of them."""
        return (word for line in self.lines for word in line.words)


def pages_of(read: Transcript) -> list[SeenPage]:
    """The pages of a transcript whose words have places, in order."""
    shapes = {shape.number: shape for shape in read.pages}
    lines: dict[int, list[SeenLine]] = {}
    fields: dict[int, list[FormField]] = {}
    for field in read.fields:
        fields.setdefault(field.page or 0, []).append(field)
    for place, segment in enumerate(read.segments):
        if segment.page and segment.written:
            wide = _wide(shapes.get(segment.page))
            lines.setdefault(segment.page, []).append(_line(segment, place, wide))
    return [_page(number, _wide(shapes.get(number)), lines[number], fields.get(number, ())) for number in sorted(lines)]


def _wide(shape: PageShape | None) -> float:
    return HEIGHT * shape.width / shape.height if shape and shape.width and shape.height else WIDTH


def _line(segment: Segment, place: int, wide: float) -> SeenLine:
    words = tuple(_seen(word, place, wide) for word in segment.written)
    return SeenLine(letters=letters_of([word.text for word in segment.written]), words=words)


def _page(number: int, wide: float, lines: Sequence[SeenLine], fields: Sequence[FormField]) -> SeenPage:
    codes = (
        SeenCode(of=of, middle=_points(field.box, wide)[1])
        for field in fields
        if field.kind == CODE and field.box and (of := read_code(field.value))
    )
    ticks = tuple(
        SeenTick(field=field, middle=_points(field.box, wide)[1])
        for field in fields
        if field.kind == TICK and not field.name and field.box
    )
    return SeenPage(number=number, wide=wide, lines=tuple(lines), code=next(codes, None), ticks=ticks)


def _seen(word: WrittenWord, segment: int, wide: float) -> Seen:
    left, middle, right = _points(word.box, wide)
    return Seen(word=word, segment=segment, left=left, middle=middle, right=right)


def _points(box: Box, wide: float) -> tuple[complex, complex, complex]:
    """The middle of its left edge, its own middle, and that of its right edge."""
    left, top, right, bottom = box
    level = (top + bottom) / 2 * HEIGHT
    return complex(left * wide, level), complex((left + right) / 2 * wide, level), complex(right * wide, level)
