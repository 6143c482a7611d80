"""Pure: the steps by which a person sorts the pages of a scan, each giving the arrangement as it is afterwards."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from gateway.dividing.arrangement import Arrangement, Letter, NotWhole, Placed, tidy


def turned(given: Arrangement, number: int, by: int) -> Arrangement:
    """A page turned further clockwise by some degrees."""
    return _each(given, lambda page: replace(page, turned=(page.turned + by) % 360) if page.number == number else page)


def marked(given: Arrangement, number: int) -> Arrangement:
    """A page said to be the envelope, or not to be it after all."""
    return tidy(
        _each(given, lambda page: replace(page, is_envelope=not page.is_envelope) if page.number == number else page)
    )  # fmt: skip


def begun(given: Arrangement, number: int) -> Arrangement:
    """A new letter begins with this page: it and what follows it in its letter."""
    at = given.letter_of(number)
    if at is None:
        return _with(given, (*given.letters, Letter(pages=(_found(given, number),))), number)
    letter = given.letters[at]
    begins = _place(letter, number)
    if begins == 0:
        return given
    rest = Letter(pages=letter.pages[begins:])
    shorter = replace(letter, pages=letter.pages[:begins])
    return tidy(replace(given, letters=(*given.letters[:at], shorter, rest, *given.letters[at + 1 :])))


def joined(given: Arrangement, number: int) -> Arrangement:
    """This page and what follows it in its letter go to the end of the letter before."""
    at = given.letter_of(number)
    if not at:
        return given
    letter, before = given.letters[at], given.letters[at - 1]
    begins = _place(letter, number)
    longer = replace(before, pages=before.pages + letter.pages[begins:])
    shorter = replace(letter, pages=letter.pages[:begins])
    return tidy(replace(given, letters=(*given.letters[: at - 1], longer, shorter, *given.letters[at + 1 :])))


def moved(given: Arrangement, number: int, letter: int, place: int) -> Arrangement:
    """A page put into the letter at ``letter`` (from 0), at ``place`` (from 1) or its end; behind the last, a new one.

    Letters are counted as they stand, also those that have no page left.
    """
    page = _found(given, number)
    without = _without(given, number)
    if not 0 <= letter < len(without.letters):
        return tidy(replace(without, letters=(*without.letters, Letter(pages=(page,)))))
    into = without.letters[letter]
    at = max(0, min(place - 1, len(into.pages)))
    longer = replace(into, pages=(*into.pages[:at], page, *into.pages[at:]))
    return tidy(replace(without, letters=(*without.letters[:letter], longer, *without.letters[letter + 1 :])))


def left_out(given: Arrangement, number: int) -> Arrangement:
    """A page that belongs to no letter."""
    page = _found(given, number)
    without = _without(given, number)
    return tidy(replace(without, left_out=(*without.left_out, page)))


def put_back(given: Arrangement, number: int) -> Arrangement:
    """A page that was left out goes behind the one that was scanned before it, or to the front of the first letter."""
    before = [page.number for each in given.letters for page in each.pages if page.number < number]
    last = max(before, default=None)
    at = given.letter_of(last) if last is not None else 0
    if last is None or at is None:
        return moved(given, number, 0, 1)
    return moved(given, number, at, _place(given.letters[at], last) + 2)


def _found(given: Arrangement, number: int) -> Placed:
    every = (page for pages in (*(each.pages for each in given.letters), given.left_out) for page in pages)
    page = next((each for each in every if each.number == number), None)
    if page is None:
        raise NotWhole("there is no such page")
    return page


def _without(given: Arrangement, number: int) -> Arrangement:
    """Letters stay where they are, also one that has no page left."""
    letters = (replace(each, pages=tuple(p for p in each.pages if p.number != number)) for each in given.letters)
    return Arrangement(letters=tuple(letters), left_out=tuple(p for p in given.left_out if p.number != number))


def _with(given: Arrangement, letters: tuple[Letter, ...], number: int) -> Arrangement:
    return tidy(Arrangement(letters=letters, left_out=tuple(p for p in given.left_out if p.number != number)))


def _each(given: Arrangement, do: Callable[[Placed], Placed]) -> Arrangement:
    letters = tuple(replace(each, pages=tuple(map(do, each.pages))) for each in given.letters)
    return Arrangement(letters=letters, left_out=tuple(map(do, given.left_out)))


def _place(letter: Letter, number: int) -> int:
    return next(place for place, page in enumerate(letter.pages) if page.number == number)
