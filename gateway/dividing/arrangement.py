"""Pure: the pages of a scan as they stand in letters, written as text so that a form can carry them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

NEW, OUT = "new", "out"
PAGE = re.compile(r"([0-9]{1,6})(?:\+(90|180|270))?(e?)")
LONGEST = 200_000


class NotWhole(Exception):
    """A page is missing or there twice, or a letter that the scan does not have: nothing of it can be saved."""


@dataclass(frozen=True, kw_only=True)
class Placed:
    """Page ``number`` of the scan, turned clockwise by 0, 90, 180 or 270 degrees, and whether it is the envelope."""

    number: int
    turned: int = 0
    is_envelope: bool = False


@dataclass(frozen=True, kw_only=True)
class Letter:
    """The pages of one letter, in order; ``message_id`` is empty for one that is new."""

    message_id: str = ""
    pages: tuple[Placed, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Arrangement:
    """Every page of a scan, each once: in a letter or left out."""

    letters: tuple[Letter, ...]
    left_out: tuple[Placed, ...] = ()

    def numbers(self) -> list[int]:
        """Every page there is, in the order they stand."""
        return [page.number for pages in (*(each.pages for each in self.letters), self.left_out) for page in pages]

    def letter_of(self, number: int) -> int | None:
        """The place of the letter that has this page; None where it is left out."""
        holds = (n for n, each in enumerate(self.letters) if number in {page.number for page in each.pages})
        return next(holds, None)


def tidy(given: Arrangement) -> Arrangement:
    """New letters without a page fall away, envelopes stand last in their letters, what is left out in scan order."""
    letters = tuple(
        replace(each, pages=tuple(sorted(each.pages, key=lambda page: page.is_envelope)))
        for each in given.letters
        if each.pages or each.message_id
    )
    left_out = sorted((replace(page, is_envelope=False) for page in given.left_out), key=lambda page: page.number)
    return Arrangement(letters=letters, left_out=tuple(left_out))


def as_text(given: Arrangement) -> str:
    """One line for each letter, then what is left out: ``<id or new> 1 2+90 3e``, turned so far, e the envelope."""
    lines = [_line(each.message_id or NEW, each.pages) for each in given.letters]
    return "\n".join([*lines, _line(OUT, given.left_out)])


def from_text(text: str, known: Arrangement) -> Arrangement:
    """What ``as_text`` wrote, of the same pages and letters as ``known``; raises ``NotWhole``.

    A letter of ``known`` that is not named has no page left.
    """
    if len(text) > LONGEST:
        raise NotWhole("it is too long")
    letters, left_out = list[Letter](), tuple[Placed, ...]()
    for key, *words in filter(None, map(str.split, text.splitlines())):
        pages = tuple(_page(word) for word in words)
        if key == OUT:
            left_out += pages
        else:
            letters.append(Letter(message_id="" if key == NEW else key, pages=pages))
    named = Counter(each.message_id for each in letters if each.message_id)
    ids = [each.message_id for each in known.letters]
    letters += [Letter(message_id=each) for each in ids if each not in named]
    found = Arrangement(letters=tuple(letters), left_out=left_out)
    if (
        set(named) - set(ids)
        or max(named.values(), default=1) > 1
        or sorted(found.numbers()) != sorted(known.numbers())
    ):
        raise NotWhole("pages or letters are missing or there twice")
    return tidy(found)


def _line(key: str, pages: Sequence[Placed]) -> str:
    words = (
        f"{page.number}{f'+{page.turned}' if page.turned else ''}{'e' if page.is_envelope else ''}" for page in pages
    )
    return " ".join((key, *words))


def _page(word: str) -> Placed:
    found = PAGE.fullmatch(word)
    if found is None:
        raise NotWhole("that is no page")
    return Placed(number=int(found[1]), turned=int(found[2] or 0), is_envelope=bool(found[3]))
