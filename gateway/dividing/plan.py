"""Which pages of a scan make a letter: by the separator sheets between them, else by the blank pages."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from channels.letter import codes
from channels.letter.codes import Code, OnPaper
from storage.sheet import SheetKind
from transcription.sheets.contract import SeenPage


class Split(StrEnum):
    """What parts letters, as whoever hands a scan in says."""

    CODES_AND_BLANKS = "codes_and_blanks"
    CODES = "codes"
    NO = "no"


@dataclass(frozen=True, kw_only=True)
class Page:
    """A page and what it is; ``code`` is what a code of ours (or another program's separator) on it says."""

    number: int
    kind: SheetKind
    code: Code | None = None
    text: str = ""


@dataclass(frozen=True, kw_only=True)
class PlannedLetter:
    """The numbers of its pages in order; ``arrived_on`` as the sheet before it says; ``code`` of ours on it."""

    pages: tuple[int, ...]
    arrived_on: date | None = None
    came_back: bool = False
    code: str = ""


@dataclass(frozen=True, kw_only=True)
class Plan:
    """At least one letter, in the order scanned; every page of ``pages`` is in one of them or left out."""

    pages: tuple[Page, ...]
    letters: tuple[PlannedLetter, ...]

    @property
    def is_the_file(self) -> bool:
        """Whether the one letter is all of the file, with nothing left out."""
        return len(self.letters) == 1 and len(self.letters[0].pages) == len(self.pages)


def plan(seen: Sequence[SeenPage], split: Split = Split.CODES_AND_BLANKS, *, came_back: bool = False) -> Plan:
    """How these pages (at least one) are divided; ``came_back``: all of it is our own post returned.

    Separators part where there are any, else blank pages do; not the blank backs of what was scanned on both sides.
    Of a file that is one letter with only blank pages beside it nothing is left out: it stays as it came. So does one
    in which there is nothing else: a person looks.
    """
    pages = tuple(_page(each) for each in seen)
    letters = _divided(pages, split, came_back=came_back)
    if not letters or split is Split.NO or (len(letters) == 1 and not _has_separators(pages)):
        letters = (_whole(pages, letters or (_said_by_all(pages, came_back=came_back),)),)
    return Plan(pages=pages, letters=letters)


def _page(seen: SeenPage) -> Page:
    text, code = next(((text, code) for text in seen.codes if (code := codes.read(text))), ("", None))
    if code is not None:
        kind = SheetKind.OURS if code.says is OnPaper.LETTER else SheetKind.SEPARATOR
    else:
        kind = SheetKind.BLANK if seen.is_blank else SheetKind.PAGE
    return Page(number=seen.number, kind=kind, code=code, text=text)


def _has_separators(pages: Sequence[Page]) -> bool:
    return any(page.kind is SheetKind.SEPARATOR for page in pages)


def _divided(pages: Sequence[Page], split: Split, *, came_back: bool) -> tuple[PlannedLetter, ...]:
    parting = _parting_blanks(pages, split)
    return tuple(letter for letter in _letters(pages, parting, came_back=came_back) if letter.pages)


def _parting_blanks(pages: Sequence[Page], split: Split) -> frozenset[int]:
    """Of what was scanned on both sides and written on one, a blank back says nothing; an empty sheet does."""
    if split is not Split.CODES_AND_BLANKS or _has_separators(pages):
        return frozenset()
    blank = [page.number for page in pages if page.kind is SheetKind.BLANK]
    has_blank_backs = len(pages) % 2 == 0 and all(page.kind is SheetKind.BLANK for page in pages[1::2])
    return frozenset(number for number in blank if number % 2 or not has_blank_backs)


def _letters(pages: Sequence[Page], parting: Collection[int], *, came_back: bool) -> Iterator[PlannedLetter]:
    """Some of them may have no pages."""
    letter = PlannedLetter(pages=(), came_back=came_back)
    for page in pages:
        if page.kind is SheetKind.SEPARATOR:
            yield letter
            letter = _behind(page, came_back=came_back)
        elif page.kind is SheetKind.BLANK:
            if page.number in parting:
                yield letter
                letter = replace(letter, pages=(), code="")
        else:
            if letter.came_back and page.kind is SheetKind.OURS:
                yield letter
                letter = replace(letter, pages=(), code="")
            letter = replace(letter, pages=(*letter.pages, page.number), code=letter.code or _own_code(page))
    yield letter


def _behind(separator: Page, *, came_back: bool) -> PlannedLetter:
    """What is known of the letter behind it. A day is of that letter alone: the next sheet says its own, or none."""
    code = separator.code
    is_returned = code is not None and code.says is OnPaper.RETURNED
    return PlannedLetter(
        pages=(), arrived_on=code.arrived_on if code else None, came_back=came_back or is_returned
    )  # fmt: skip


def _own_code(page: Page) -> str:
    return page.text if page.kind is SheetKind.OURS else ""


def _whole(pages: Sequence[Page], letters: Sequence[PlannedLetter]) -> PlannedLetter:
    """All of the file as one letter, with what its separators say of it."""
    known = letters[0]
    code = known.code or next((page.text for page in pages if page.kind is SheetKind.OURS), "")
    return replace(known, pages=tuple(page.number for page in pages), code=code)


def _said_by_all(pages: Sequence[Page], *, came_back: bool) -> PlannedLetter:
    known = PlannedLetter(pages=())
    for page in pages:
        if page.kind is SheetKind.SEPARATOR:
            known = _behind(page, came_back=came_back)
    return replace(known, came_back=came_back)
