"""Where everything stands on the empty paper form: its printed words, and the places for answers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from gateway.standard_form.letters import Letters, letters_of
from gateway.standard_form.page_code import FOOT, LEFT, SIDE
from gateway.standard_form.paper import HEIGHT, Place, Printed
from gateway.standard_form.pdf_form import sheets_of
from gateway.standard_form.questions import Form
from gateway.standard_form.word_form import Ours

ASCENT, DESCENT = 0.75, 0.22  # of a line's size, above and below its baseline


@dataclass(frozen=True, kw_only=True)
class Area:
    """A box on the sheet, in points from its upper left corner."""

    left: float
    top: float
    right: float
    bottom: float

    @property
    def middle(self) -> complex:
        """Its middle: to the right is real, downwards imaginary."""
        return complex((self.left + self.right) / 2, (self.top + self.bottom) / 2)

    @property
    def corners(self) -> tuple[complex, ...]:
        """All four."""
        return tuple(complex(x, y) for x in (self.left, self.right) for y in (self.top, self.bottom))

    def holds(self, at: complex, *, beyond: float = 0.0, aside: float = 0.0) -> bool:
        """Whether a point lies in it, or at most so far above or below it, or beside it."""
        is_across = self.left - aside <= at.real <= self.right + aside
        return is_across and self.top - beyond <= at.imag <= self.bottom + beyond


@dataclass(frozen=True, kw_only=True)
class Line:
    """A printed line; ``of`` as ``Printed`` has it, ``words`` are the middles of its words."""

    letters: Letters
    words: tuple[complex, ...]
    area: Area
    of: str


@dataclass(frozen=True, kw_only=True)
class Room:
    """A place for an answer: the field's name, and what a box to choose stands for."""

    name: str
    value: str
    area: Area


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """One page of the empty form."""

    version: str
    number: int
    lines: tuple[Line, ...]
    rooms: tuple[Room, ...]
    code: Area = Area(left=LEFT, top=HEIGHT - FOOT - SIDE, right=LEFT + SIDE, bottom=HEIGHT - FOOT)


def sheets(form: Form, ours: Ours) -> tuple[Sheet, ...]:
    """Every page of the empty form; it takes a quarter of a second."""
    drawn = sheets_of(form, ours)
    return tuple(_sheet(form, number, drawn.printed, drawn.places) for number in range(1, drawn.page + 1))


def _sheet(form: Form, number: int, printed: Sequence[Printed], places: Sequence[Place]) -> Sheet:
    return Sheet(
        version=form.version, number=number,
        lines=tuple(_line(one) for one in printed if one.page == number),
        rooms=tuple(_room(one) for one in places if one.page == number),
    )  # fmt: skip


def _line(one: Printed) -> Line:
    letters = letters_of(one.text.split())
    base = HEIGHT - one.baseline
    middle = base - one.size * (ASCENT - DESCENT) / 2
    ends, at = [], 0
    for word in one.text.split():
        at = one.text.index(word, at)
        ends.append((one.x + one.width_to(at), one.x + one.width_to(at + len(word))))
        at += len(word)
    return Line(
        letters=letters, of=one.of, words=tuple(complex(sum(end) / 2, middle) for end in ends),
        area=Area(
            left=one.x, top=base - one.size * ASCENT, right=one.x + one.width_to(len(one.text)),
            bottom=base + one.size * DESCENT,
        ),
    )  # fmt: skip


def _room(one: Place) -> Room:
    top = HEIGHT - one.foot - one.height
    area = Area(left=one.x, top=top, right=one.x + one.width, bottom=top + one.height)
    return Room(name=one.name, value=one.value, area=area)
