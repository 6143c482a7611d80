"""Reads a person's name at a place of a text, or before one: titles, initials, double names and names in capitals."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from gateway.proposing.rules.vocabulary import ALSO_NAMES, NOT_NAMES, ORGANISATIONS, PARTICLES, TITLES

MOST_WORDS, MOST_NAMES = 5, 6
_AND = re.compile(r"(?P<aside> ?\([^)\n]{1,30}\)|, (?:aged )?\d{1,2},?)?(?P<by>,? (?:and|&) |, )")
_TITLES = "|".join(sorted(TITLES, key=len, reverse=True))
_TITLE = re.compile(rf"(?:(?:{_TITLES})\b\.?(?: \(Retd\))?(?: \d{{1,6}})? ?){{1,2}}", re.IGNORECASE)
_COUPLE = re.compile(r"(?:Mr|Dr) (?:and|&) (?:Mrs|Ms|Dr) ", re.IGNORECASE)
_WORD = re.compile(r"[^\W\d_](?:[^\W\d_]|['’\-](?=[^\W\d_])){0,30}")
_OWNED = re.compile(r"['’]s$", re.IGNORECASE)
_OPENING = re.compile(r"[ \"“‘'(]{0,3}")
_REACH = 80


@dataclass(frozen=True, kw_only=True)
class Name:
    """A name at a place: ``start`` to ``end`` with its title, ``value`` without the title where enough is left."""

    start: int
    end: int
    value: str
    is_titled: bool

    @property
    def norm(self) -> str:
        """The name as it is usually written, where it is all in capitals or in none; else empty."""
        return self.value.title() if self.value.isupper() or self.value.islower() else ""

    @property
    def first(self) -> str:
        """Its first word, to tell it again by."""
        return self.value.split()[0].casefold()


def name_at(text: str, at: int, *, in_capitals: bool = False, anyhow: bool = False) -> Name | None:
    """The name that begins here; ``anyhow``: also in small letters, where only a name can follow."""
    opening = _OPENING.match(text, at)
    start = opening.end() if opening else at
    title = _COUPLE.match(text, start) or _TITLE.match(text, start)
    at = title.end() if title else start
    spans: list[tuple[int, int]] = []
    while len(spans) < MOST_WORDS and (word := _WORD.match(text, at)):
        end = word.end() - 2 if (is_owned := bool(_OWNED.search(word[0]))) else word.end()
        has_dot = word.end() - word.start() == 1 and word[0].isupper() and text[word.end() : word.end() + 1] == "."
        fits = _fits(text[word.start() : end], is_first=not spans, in_capitals=in_capitals, anyhow=anyhow)
        if not has_dot and not fits:
            break
        spans.append((word.start(), end + has_dot))
        at = word.end() + has_dot
        if is_owned or text[at : at + 1] != " ":
            break
        at += 1
        if anyhow and text[spans[0][0]].islower() and len(spans) == 2:
            break
    return _name(text, start, spans, bool(title))


def names_listed(text: str, at: int, *, many: bool, in_capitals: bool = False, anyhow: bool = False) -> Iterator[Name]:
    """The name that begins here and those that follow it with "and"; of ``many``, with commas too."""
    name = name_at(text, at, in_capitals=in_capitals, anyhow=anyhow)
    for _ in range(MOST_NAMES):
        if name is None:
            return
        yield name
        joined = _AND.match(text, name.end)
        if joined is None or (joined["by"] == ", " and not many):
            return
        name = name_at(text, joined.end(), in_capitals=in_capitals)
        if name is not None and name.is_titled:
            return


def name_before(text: str, end: int, *, in_capitals: bool = False) -> Name | None:
    """The name that ends here."""
    since = max(0, end - _REACH)
    window = text[since:end].rpartition("\n")[2]
    starts = [end - len(window) + word.start() for word in _WORD.finditer(window)]
    longest = None
    for start in reversed(starts[-MOST_WORDS - 1 :]):
        found = name_at(text, start, in_capitals=in_capitals)
        if found is None or found.end != end:
            if text[start:end].partition(" ")[0].rstrip(".").casefold() not in PARTICLES:
                break
            continue
        longest = found
    return longest


def _fits(word: str, *, is_first: bool, in_capitals: bool, anyhow: bool) -> bool:
    plain = word.casefold()
    if plain in PARTICLES and not is_first and not word[0].isupper():
        return True
    if word[0].islower():
        return anyhow and plain not in NOT_NAMES and len(word) > 1
    if plain in NOT_NAMES:
        return plain in ALSO_NAMES and is_first and not in_capitals
    return True


def _name(text: str, start: int, spans: list[tuple[int, int]], is_titled: bool) -> Name | None:
    while spans and text[slice(*spans[-1])].casefold() in PARTICLES and text[spans[-1][0]].islower():
        spans.pop()
    if len(spans) > 2 and text[slice(*spans[-1])].isupper() and not text[slice(*spans[0])].isupper():
        spans.pop()  # letters after a name, such as those of a degree
    long = [span for span in spans if span[1] - span[0] > 2 or (text[span[1] - 1] != "." and span[1] - span[0] > 1)]
    if not long:
        return None
    end = spans[-1][1]
    after = _WORD.match(text, end + 1) if text[end : end + 1] == " " else None
    if after is not None and after[0][0].isupper() and after[0].casefold() in ORGANISATIONS:
        return None
    value = text[spans[0][0] : end] if len(spans) > 1 or not is_titled else text[start:end]
    return Name(start=start, end=end, value=" ".join(value.split()), is_titled=is_titled)
