"""Words as a row of letters and digits, to find printed words among those that a machine has read."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

_ALIKE = str.maketrans({"i": "l", "1": "l", "|": "l", "!": "l", "0": "o"})
_NO_LETTER = re.compile(r"[\W_]+")


@dataclass(frozen=True, kw_only=True)
class Letters:
    """The letters of some words without the blanks between them; ``ends`` tells how many there are up to each word.

    A machine may part words otherwise than they were printed, or run two into one.
    """

    row: str
    ends: tuple[int, ...]

    def begins_word(self, place: int) -> bool:
        """Whether a word begins with the letter at this place."""
        return place == 0 or place in self.ends


def letters_of(words: Sequence[str]) -> Letters:
    """Of words in order; signs that machines take for one another count as one."""
    each = [letters(word) for word in words]
    return Letters(row="".join(each), ends=tuple(accumulate(map(len, each))))


def letters(word: str) -> str:
    """The letters of one word, in small ones."""
    return _NO_LETTER.sub("", word.casefold().translate(_ALIKE))


def found_in(wanted: Letters, among: Letters) -> list[int]:
    """Every place in a row of letters at which another begins, where a word begins there."""
    places, at = [], among.row.find(wanted.row)
    while at >= 0 and wanted.row:
        if among.begins_word(at):
            places.append(at)
        at = among.row.find(wanted.row, at + 1)
    return places
