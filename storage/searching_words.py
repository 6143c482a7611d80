"""How words are written in the search index: without case, accents or marks, and numbers, dates and codes once more."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

LONGEST_WORD = 40
LEAST_PART = 3
SHORTEST_NUMBER, LONGEST_NUMBER = 10, 15
ENDS, ON, BY = "xend", "xon", "xby"
"""What the tokens begin with for the end of a number (its digits backwards), a day, and a channel."""

LETTERS = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i", "ħ": "h", "ŧ": "t"}
)
WORD = re.compile(r"[^\W_]+(?:['’ʼ`´‘‐‑-][^\W_]+)*")
DIGITS = re.compile(r"\d")
YEAR = re.compile(r"(?<!\d)\d{4}(?!\d)")
HYPHENS = re.compile("[‐‑-]")
APOSTROPHES = re.compile("['’ʼ`´‘]")
NUMBER = re.compile(r"(?<![\w.])(?:\+|00)?\(?\d[\d ()./‐‑–-]{7,22}\d(?!\w)")
POSTCODE = re.compile(r"(?<![^\W_])([a-z]{1,2}\d[a-z\d]?) ?(\d[a-z]{2})(?![^\W_])")
REFERENCE = re.compile(r"(?<![^\W_])([a-z]{3})[ ‐‑–-]?(\d{4})[ ‐‑–-]?([a-z]{2})(?![^\W_])")
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = r"(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?,?"
DAY_FIRST = re.compile(r"(?<!\d)(\d{1,2})[./\-](\d{1,2})[./\-](\d{4}|\d{2})(?!\d)")
YEAR_FIRST = re.compile(r"(?<!\d)(\d{4})-(\d{2})-(\d{2})(?!\d)")
DAY_MONTH = re.compile(rf"(?<!\d)(\d{{1,2}})(?:st|nd|rd|th)?(?: of)? {_MONTH} (\d{{4}})(?!\d)")
MONTH_DAY = re.compile(rf"(?<![a-z]){_MONTH} (\d{{1,2}})(?:st|nd|rd|th)?,? (\d{{4}})(?!\d)")
CENTURY_TURNS_AT = 40


@dataclass(frozen=True, kw_only=True)
class Written:
    """A text as the index has it: ``words`` in their order, ``also`` what stands for them in another writing."""

    words: tuple[str, ...]
    also: frozenset[str]


def folded(text: str) -> str:
    """Small letters without accents: zoe of Zoë, strasse of Straße."""
    if text.isascii():
        return text.lower()
    bare = "".join(sign for sign in unicodedata.normalize("NFKD", text) if unicodedata.category(sign) != "Mn")
    return bare.casefold().translate(LETTERS)


def written(text: str) -> Written:
    """What a text is found by."""
    plain = folded(text)
    words: list[str] = []
    also: set[str] = set()
    for word in WORD.findall(plain):
        if word.isalnum():
            words.append(word[:LONGEST_WORD])
        else:
            _take(word, words, also)
    if DIGITS.search(plain):
        also.update(_codes(plain))
    return Written(words=tuple(words), also=frozenset(also))


def _take(word: str, words: list[str], also: set[str]) -> None:
    """O'Rourke is orourke and rourke; Smith-Jones is smith, jones and smithjones; child's is child, too."""
    pieces = HYPHENS.split(word)
    for piece in pieces:
        parts = APOSTROPHES.split(piece)
        words.append("".join(parts)[:LONGEST_WORD])
        if len(parts) > 1:
            also.update(part[:LONGEST_WORD] for part in parts if len(part) >= LEAST_PART)
    if len(pieces) > 1:
        also.add("".join(filter(str.isalnum, word))[:LONGEST_WORD])


def _codes(plain: str) -> Iterator[str]:
    for found in NUMBER.finditer(plain):
        if digits := national(found.group()):
            yield digits
            yield ends_with(digits)
    for found in POSTCODE.finditer(plain):
        yield "".join(found.groups())
        yield found[1]
    for found in REFERENCE.finditer(plain):
        yield "".join(found.groups())
    for day in days(plain):
        yield on(day)


def national(number: str) -> str:
    """The digits of a telephone number as they are dialled here: 07700900123 of +44 7700 900123; empty of none."""
    digits = "".join(filter(str.isdigit, number))
    if number.lstrip("(").startswith("+44") or digits.startswith("0044"):
        digits = "0" + digits.removeprefix("00").removeprefix("44").lstrip("0")
    return digits if SHORTEST_NUMBER <= len(digits) <= LONGEST_NUMBER and digits.isascii() else ""


def ends_with(digits: str) -> str:
    """The token that begins with the last digits of a number, backwards."""
    return f"{ENDS}{digits[::-1]}"


def on(day: date) -> str:
    """The token of a day, however it is written."""
    return f"{ON}{day:%Y%m%d}"


def days(plain: str) -> Iterator[date]:
    """The days that a folded text names; day before month, as people here write them."""
    for day, month, year in (found.groups() for found in DAY_FIRST.finditer(plain)):
        yield from _day(year, month, day)
    for year, month, day in (found.groups() for found in YEAR_FIRST.finditer(plain)):
        yield from _day(year, month, day)
    if not YEAR.search(plain):
        return
    for day, month, year in (found.groups() for found in DAY_MONTH.finditer(plain)):
        yield from _day(year, MONTHS.index(month) + 1, day)
    for month, day, year in (found.groups() for found in MONTH_DAY.finditer(plain)):
        yield from _day(year, MONTHS.index(month) + 1, day)


def _day(year: str, month: int | str, day: str) -> Iterator[date]:
    whole = int(year) if len(year) == 4 else int(year) + (2000 if int(year) < CENTURY_TURNS_AT else 1900)
    try:
        yield date(whole, int(month), int(day))
    except ValueError:
        return
