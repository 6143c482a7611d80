"""A text made ready for the rules: its wrapped lines joined, and the parts that a letter has by custom."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import NamedTuple

from gateway.proposing.contract import Kind, Proposed, Said
from storage.claim import Entity

MOST = 60_000  # characters that are looked at: some thirty pages
OF_PAPER = frozenset({Kind.LETTER, Kind.DOCUMENT})
_WORD = re.compile(r"[^\W\d_](?:[^\W\d_]|['’\-](?=[^\W\d_]))*")
_SMALL, _CAPITAL = re.compile("[a-z]"), re.compile("[A-Z]")
_SHORT, _OF_WIDTH = 30, 0.7
_BLANKS = re.compile(r"[\t\r\x0b\x0c\xa0\u2028\u2029]")


@dataclass(frozen=True, kw_only=True)
class Line:
    """One line: its first character and one past its last, without blanks at its ends."""

    start: int
    end: int
    words: str


class Token(NamedTuple):
    """One word of letters: its first character, one past its last, and itself without case and a final 's."""

    start: int
    end: int
    plain: str


@dataclass(frozen=True, kw_only=True)
class Prepared:
    """``flowing`` has a character for each of ``said.text``: a line that was only wrapped ends in a blank there.

    What is quoted is blank too. All positions are of the text as it came.
    """

    said: Said
    flowing: str

    @cached_property
    def lines(self) -> tuple[Line, ...]:
        """Its lines, the empty ones too."""
        return tuple(_lines(self.said.text[:MOST]))

    @cached_property
    def words(self) -> tuple[Token, ...]:
        """Its words in order."""
        found = _WORD.finditer(self.flowing)
        return tuple(Token(each.start(), each.end(), _plain(each[0])) for each in found)

    @cached_property
    def is_capitals(self) -> bool:
        """Whether capitals say nothing, for there is little else."""
        small = len(_SMALL.findall(self.flowing))
        return small < 0.4 * max(1, small + len(_CAPITAL.findall(self.flowing)))

    @cached_property
    def is_of_paper(self) -> bool:
        """Whether it has lines as a page has them."""
        return self.said.kind in OF_PAPER

    def before(self, at: int, reach: int) -> str:
        """What stands in the same line or sentence before a place, at most so many characters."""
        return self.flowing[max(0, at - reach) : at].rpartition("\n")[2]

    def proposed(
        self, entity: Entity, field: str, start: int, end: int, *, no: int = 0, value: str = "", norm: str = "",
        sure: float = 0.8, is_open: bool = False,
    ) -> Proposed:  # fmt: skip
        """A value at a place; its value is the words there on one line, unless another is given."""
        words = self.said.text[start:end]
        return Proposed(
            entity=entity, entity_no=no, field=field, value=value or " ".join(words.split()), value_norm=norm,
            words=words, start=start, end=end, confidence=sure, identifies_referrer=not is_open,
        )  # fmt: skip


def _plain(word: str) -> str:
    folded = word.casefold()
    return folded[:-2] if folded.endswith(("'s", "’s")) else folded


def prepared(said: Said) -> Prepared:
    """The text made ready."""
    text = _BLANKS.sub(" ", said.text[:MOST])
    signs = list(text)
    for start, end in said.apart:
        signs[start:end] = "\n" * len(signs[start:end])
    flowing = "".join(signs)
    ends = _wrapped(tuple(_lines(flowing)))
    for end in ends:
        signs[end] = " "
    return Prepared(said=said, flowing="".join(signs) if ends else flowing)


def _lines(text: str) -> Iterator[Line]:
    reached = 0
    for raw in text.split("\n"):
        words = raw.strip()
        start = reached + (raw.index(words[0]) if words else 0)
        yield Line(start=start, end=start + len(words), words=words)
        reached += len(raw) + 1


def _wrapped(lines: tuple[Line, ...]) -> list[int]:
    """Where lines end that go on in the next: those about as long as the longest there are."""
    lengths = sorted(len(line.words) for line in lines if line.words)
    if not lengths:
        return []
    width = max(_SHORT, _OF_WIDTH * lengths[int(0.9 * (len(lengths) - 1))])
    return [
        place for line, after in pairwise(lines) if len(line.words) >= width and after.words
        for place in range(line.end, after.start)
    ]  # fmt: skip
