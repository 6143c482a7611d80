"""Where the lines and words of a page stand on its picture, in the units its drawing is made in."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import cos, radians, sin
from statistics import median

from transcription.contract import Box, PageShape, Segment, WrittenWord

BASELINE = 0.28  # of a word's height below its middle
LETTER = 0.52  # of the size of its letters: how wide a letter is on average
SMALLEST, LARGEST = 0.8, 1.3  # of a word's height: the size of its letters
STEEPEST = 30.0  # degrees; beyond, an upright box no longer tells how long its slanted word is
A4 = (1000.0, 1414.0)


@dataclass(frozen=True, kw_only=True)
class Frame:
    """A rectangle of the drawing."""

    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, kw_only=True)
class WordAt:
    """A word where it stands once its line is turned level."""

    text: str
    frame: Frame
    is_unclear: bool


@dataclass(frozen=True, kw_only=True)
class LineAt:
    """A line on the picture, turned about its middle by ``slant`` degrees; ``size`` is that of its letters."""

    frame: Frame
    slant: float
    middle: tuple[float, float]
    baseline: float
    size: float
    words: tuple[WordAt, ...]


@dataclass(frozen=True, kw_only=True)
class LineSeen:
    """A line of a page: ``number`` is its place among the segments of its version, ``at`` where it stands, if known."""

    number: int
    line: Segment
    at: LineAt | None


@dataclass(frozen=True, kw_only=True)
class PageSeen:
    """One page upright; without a ``shape`` nothing of it has a place. ``marked``: what was asked to be pointed at."""

    number: int
    shape: PageShape | None
    size: tuple[float, float]
    lines: tuple[LineSeen, ...]
    marked: Frame | None


def numbers_of(segments: Iterable[Segment], shapes: Iterable[PageShape]) -> list[int]:
    """The pages there are, at least one."""
    found = {shape.number for shape in shapes} | {segment.page for segment in segments if segment.page}
    return sorted(found) or [1]


def page_seen(
    number: int, segments: Sequence[Segment], shapes: Sequence[PageShape], marked: Box | None = None
) -> PageSeen:  # fmt: skip
    """What stands on a page; lines of no page, such as comments beside them all, stand on the last."""
    last = numbers_of(segments, shapes)[-1]
    shape = next((one for one in shapes if one.number == number), None)
    size = (shape.width, shape.height) if shape and shape.width and shape.height else A4
    lines = tuple(
        LineSeen(number=n, line=line, at=_line_at(line, size, shape.slant) if shape and line.box else None)
        for n, line in enumerate(segments)
        if (line.page or last) == number
    )
    frame = _frame(marked, size) if marked and shape else None
    return PageSeen(number=number, shape=shape, size=size, lines=lines, marked=frame)


def _line_at(line: Segment, size: tuple[float, float], slant: float) -> LineAt:
    box = line.box or (0.0, 0.0, 1.0, 1.0)
    slant = slant if abs(slant) <= STEEPEST else 0.0
    whole = _frame(box, size)
    middle = (whole.x + whole.width / 2, whole.y + whole.height / 2)
    words = line.written or (WrittenWord(text=line.text, box=box, confidence=line.confidence or 1.0),)
    frames = [_levelled(_frame(word.box, size), slant, middle) for word in words]
    height = median(frame.height for frame in frames)
    centre = median(frame.y + frame.height / 2 for frame in frames)
    left, right = min(frame.x for frame in frames), max(frame.x + frame.width for frame in frames)
    return LineAt(
        frame=Frame(x=left, y=centre - height / 2, width=right - left, height=height),
        slant=round(slant, 2), middle=middle, baseline=round(centre + BASELINE * height, 1),
        size=round(_size_of_letters(words, frames, height), 1),
        words=tuple(
            WordAt(text=word.text, frame=frame, is_unclear=word.is_unclear)
            for word, frame in zip(words, frames, strict=True)
        ),
    )  # fmt: skip


def _size_of_letters(words: Sequence[WrittenWord], frames: Sequence[Frame], height: float) -> float:
    """As large as makes words about as wide as they are there, so that few are pressed or stretched."""
    natural = median(frame.width / (LETTER * max(1, len(word.text))) for word, frame in zip(words, frames, strict=True))
    return min(max(natural, SMALLEST * height), LARGEST * height)


def _frame(box: Box, size: tuple[float, float]) -> Frame:
    left, top, right, bottom = box
    wide, high = size
    return Frame(
        x=left * wide, y=top * high, width=max(1.0, (right - left) * wide), height=max(1.0, (bottom - top) * high)
    )


def _levelled(upright: Frame, slant: float, about: tuple[float, float]) -> Frame:
    """The word itself within its upright box: turned back about the middle of its line, without the box's corners."""
    across, down = cos(radians(slant)), sin(radians(slant))
    steep = abs(down)
    flat = across**2 - steep**2
    width = max(0.3 * upright.width, (upright.width * across - upright.height * steep) / flat)
    height = max(0.3 * upright.height, (upright.height * across - upright.width * steep) / flat)
    dx = upright.x + upright.width / 2 - about[0]
    dy = upright.y + upright.height / 2 - about[1]
    x, y = about[0] + dx * across + dy * down, about[1] - dx * down + dy * across
    return Frame(x=x - width / 2, y=y - height / 2, width=width, height=height)
