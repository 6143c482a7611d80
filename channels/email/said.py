"""What is found on the way through a mail: its words, whose they are, and its files, in the order they stand there."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import islice

from channels.contract import Enclosure

_BETWEEN = "\n\n"
_INVITES, _MOST_LOOKED_AT = "Words: ", 10
_WORD = re.compile(r"\w+")
_FEW_WORDS, _COMPARED, _MOST_LETTERS = 7, 1000, 50_000
_UNPARTED = 12  # letters: so long a run may be a sentence in a script without blanks, broken elsewhere in the other


class Origin(StrEnum):
    """Where words in the text of a mail come from."""

    WRITTEN = "written"  # the mail's own parts
    ATTACHED = "attached"  # a mail inside it: never a quotation, whatever it looks like
    REMARK = "remark"  # ours, in square brackets: what could not be shown


@dataclass(frozen=True, kw_only=True)
class Said:
    """Words of one part."""

    words: str
    origin: Origin = Origin.WRITTEN


@dataclass(frozen=True, kw_only=True)
class Span:
    """Characters ``start`` to ``end`` of ``Found.text`` and where they come from."""

    start: int
    end: int
    origin: Origin


@dataclass(kw_only=True)
class Found:
    """What a mail holds. Every text file counts as an enclosure as well when nobody wrote anything else."""

    said: list[Said] = field(default_factory=list)
    enclosures: list[Enclosure] = field(default_factory=list)

    @property
    def text(self) -> str:
        """All the words, one part after the other."""
        return _BETWEEN.join(each.words for each in self.said if each.words)

    @property
    def spans(self) -> tuple[Span, ...]:
        """Which part of ``text`` comes from where, in order."""
        spans: list[Span] = []
        at = 0
        for each in self.said:
            if each.words:
                spans.append(Span(start=at, end=at + len(each.words), origin=each.origin))
                at += len(each.words) + len(_BETWEEN)
        return tuple(spans)

    @property
    def is_silent(self) -> bool:
        """Whether nobody but us has said anything."""
        return not any(each.words and each.origin is not Origin.REMARK for each in self.said)

    def say(self, words: str, origin: Origin = Origin.WRITTEN) -> None:
        """Add words."""
        self.said.append(Said(words=words, origin=origin))

    def remark(self, remarks: Iterable[str]) -> None:
        """Add remarks of ours, each once."""
        known = {each.words for each in self.said if each.origin is Origin.REMARK}
        for words in remarks:
            if words not in known:
                self.say(words, Origin.REMARK)
                known.add(words)

    def says_already(self, words: str) -> bool:
        """Whether the same words stand there, however their lines are broken."""
        return _flat(words) in _flat(self.text)

    def without_what_is_said(self, invitation: str) -> str:
        """An invitation without its words where they stand here already, as they mostly do; its first are looked at."""
        said, looked_at, kept = _flat(self.text), 0, []
        for line in invitation.split("\n"):
            is_looked_at = line.startswith(_INVITES) and looked_at < _MOST_LOOKED_AT
            looked_at += is_looked_at
            if not (is_looked_at and _flat(line.removeprefix(_INVITES)) in said):
                kept.append(line)
        return "\n".join(kept)


def says_something_else(form: str, other: str) -> bool:
    """Whether fewer than half of the words of one form of a mail stand in the other, where it has more than a few."""
    said = list(islice((found[0].casefold() for found in _WORD.finditer(form)), _COMPARED))
    known = {found[0].casefold() for found in _WORD.finditer(other)}
    flat = _flat(other).casefold()[:_MOST_LETTERS]
    new = sum(word not in known and (len(word) < _UNPARTED or word not in flat) for word in said)
    return new > _FEW_WORDS and 2 * new > len(said)


def _flat(words: str) -> str:
    return "".join(words.split())
