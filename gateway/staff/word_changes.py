"""What changed from one version of some words to the next: line by line, and within a changed line word by word."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

from storage import transcript
from storage.transcript import Transcript

AROUND = 2
"""Unchanged lines that are shown before and after a changed one."""

MOST_WORDS = 2000
"""Changed at one place, up to which they are held against each other word by word."""


class Kind(StrEnum):
    """What became of a stretch of words; ``SKIPPED``: as many unchanged lines as its number are not shown."""

    SAME = "same"
    GONE = "gone"
    NEW = "new"
    SKIPPED = "skipped"


@dataclass(frozen=True, kw_only=True)
class Change:
    """A stretch of words, its line ends within it."""

    kind: Kind
    words: str = ""
    lines: int = 0


def rested_on(versions: Sequence[Transcript], number: int) -> Transcript | None:
    """The version that was shown when version ``number`` was made."""
    made = next((one for one in versions if one.version == number), None)
    earlier = [one for one in versions if made and one.version < number]
    vouched = [one for one in earlier if made and one.checked_at and one.checked_at <= made.made_at]
    return transcript.to_be_shown(vouched or [one for one in earlier if not one.checked_at] or earlier)


def changes(before: str, after: str) -> list[Change]:
    """Everything that differs, with the lines around it; joined without ``GONE`` and gaps they are the new text."""
    old, new = before.splitlines(keepends=True), after.splitlines(keepends=True)
    found: list[Change] = []
    codes = SequenceMatcher(None, old, new).get_opcodes()
    for number, (how, first, last, start, end) in enumerate(codes):
        if how == "equal":
            found += _around(new[start:end], is_first=number == 0, is_last=number == len(codes) - 1)
        else:
            found += _within("".join(old[first:last]), "".join(new[start:end]))
    return found


def _around(lines: Sequence[str], *, is_first: bool, is_last: bool) -> Iterator[Change]:
    head = [] if is_first else lines[:AROUND]
    tail = [] if is_last else lines[max(len(head), len(lines) - AROUND) :]
    left_out = len(lines) - len(head) - len(tail)
    if head:
        yield Change(kind=Kind.SAME, words="".join(head))
    if left_out:
        yield Change(kind=Kind.SKIPPED, lines=left_out)
    if tail:
        yield Change(kind=Kind.SAME, words="".join(tail))


def _within(old: str, new: str) -> Iterator[Change]:
    was, now = re.findall(r"\S+|\s+", old), re.findall(r"\S+|\s+", new)
    if len(was) + len(now) > MOST_WORDS:
        codes = [("replace", 0, len(was), 0, len(now))]
    else:
        codes = [*SequenceMatcher(None, was, now, autojunk=False).get_opcodes()]
    for how, first, last, start, end in codes:
        if how == "equal":
            yield Change(kind=Kind.SAME, words="".join(now[start:end]))
            continue
        if first < last:
            yield Change(kind=Kind.GONE, words="".join(was[first:last]))
        if start < end:
            yield Change(kind=Kind.NEW, words="".join(now[start:end]))
