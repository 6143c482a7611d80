"""The passage of a text in which the words stand that were asked for, with these marked."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from storage.searching_words import LETTERS

BEFORE, AFTER = 60, 140
LONGEST_SEARCHED = 100_000
PLACES_LOOKED_AT = 12
BETWEEN_LETTERS, BETWEEN_DIGITS = "['’ʼ`´‘‐‑-]?", r"[ ()./‐‑–-]{0,3}"
SPACES = re.compile(r"\s+")


@dataclass(frozen=True, kw_only=True)
class Piece:
    """A stretch of the passage; ``is_found``: it is what was asked for."""

    text: str
    is_found: bool = False


def passage(texts: Iterable[str], words: Sequence[str]) -> tuple[Piece, ...]:
    """Of some texts the stretch in which most of the words stand; the first words there are where none stands."""
    form = _form(tuple(words))
    best: tuple[int, str, int] | None = None
    first = ""
    for text in texts:
        first = first or text
        for count, at in _places(text[:LONGEST_SEARCHED], form):
            if best is None or count > best[0]:
                best = (count, text, at)
        if best is not None and best[0] >= len(words):
            break
    if best is None or form is None:
        return _pieces(first[: BEFORE + AFTER], first, None) if first else ()
    _, text, at = best
    begins = _word_begin(text, max(0, at - BEFORE))
    return _pieces(text[begins : at + AFTER], text, form, begins=begins)


def _places(text: str, form: re.Pattern[str] | None) -> Iterator[tuple[int, int]]:
    """How many of the words stand near each of the first places where one does."""
    if form is None:
        return
    found = [each for _, each in zip(range(PLACES_LOOKED_AT), form.finditer(_plain(text)), strict=False)]
    for each in found:
        near = {other.lastindex for other in found if 0 <= other.start() - each.start() < AFTER}
        yield len(near), each.start()


def _pieces(
    stretch: str, text: str, form: re.Pattern[str] | None, *, begins: int = 0
) -> tuple[Piece, ...]:  # fmt: skip
    pieces, reached = [], 0
    for found in form.finditer(_plain(stretch)) if form else ():
        if found.start() > reached:
            pieces.append(Piece(text=stretch[reached : found.start()]))
        pieces.append(Piece(text=stretch[found.start() : found.end()], is_found=True))
        reached = found.end()
    rest = stretch[reached:]
    goes_on = begins + len(stretch) < len(text)
    if goes_on and " " in rest:
        rest = rest.rpartition(" ")[0]
    pieces.append(Piece(text=f"{rest}{'…' if goes_on else ''}"))
    if begins:
        pieces.insert(0, Piece(text="…"))
    in_one_line = (Piece(text=SPACES.sub(" ", each.text), is_found=each.is_found) for each in pieces)
    return tuple(each for each in in_one_line if each.text)


def _word_begin(text: str, at: int) -> int:
    return at if at == 0 else text.find(" ", at, at + BEFORE) + 1 or at


@lru_cache(maxsize=200)
def _form(words: tuple[str, ...]) -> re.Pattern[str] | None:
    """Finds a word or a longer one that begins so, however its apostrophes, hyphens or blanks are set."""
    if not words:
        return None
    each = (f"({_apart(word)}[^\\W_]*)" for word in words)
    return re.compile(rf"(?<![^\W_])(?:{'|'.join(each)})")


def _apart(word: str) -> str:
    if word.isdigit() and len(word) >= 9 and word.startswith("0"):
        return r"(?:\+44 ?\(?0?\)?|0044 ?|0)" + BETWEEN_DIGITS + BETWEEN_DIGITS.join(word[1:])
    return (BETWEEN_DIGITS if word.isdigit() else BETWEEN_LETTERS).join(map(re.escape, word))


class _OneForOne(dict[int, str]):
    """A sign in the writing of the index that is as long as it was, so that places stay what they are."""

    def __missing__(self, code: int) -> str:
        sign = chr(code)
        bare = [part for part in unicodedata.normalize("NFKD", sign) if unicodedata.category(part) != "Mn"]
        plain = "".join(bare).casefold().translate(LETTERS)
        self[code] = plain[0] if plain else sign
        return self[code]


ONE_FOR_ONE = _OneForOne()


def _plain(text: str) -> str:
    return text.lower() if text.isascii() else text.translate(ONE_FOR_ONE)
