"""Finds what stands under a mail and says nothing new: a signature under dashes, a phone's own line, a disclaimer."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import islice

from channels.email import quote_marks as marks

LONGEST_SIGNATURE = 12
LONGEST_LINE = 120
LONGEST_DISCLAIMER, MOST_LETTERS = 30, 4000
LONGEST_ENDING = LONGEST_SIGNATURE + LONGEST_DISCLAIMER
_SENTENCE = re.compile(r"(?:\w+\W+){3,}\w+[.!?…]\s*$")
_PERSON_ADDS = re.compile(r"(?i)\W*p\.? ?s\b")
_CONTACT = re.compile(r"@|www\.|https?:|\d{3}")


def ending_spans(lines: Sequence[str], quotes: Sequence[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Line numbers from, and up to, of each; only outside ``quotes``, in order and apart from each other."""
    for first, last in _stretches(len(lines), quotes):
        at = first
        while at < last:
            end = _end_of_ending(lines, at, last)
            if end:
                yield at, end
            at = end or at + 1


def _stretches(count: int, quotes: Sequence[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    at = 0
    for first, last in quotes:
        yield at, first
        at = last
    yield at, count


def _end_of_ending(lines: Sequence[str], at: int, last: int) -> int:
    """Where an ending that begins at this line ends; 0 where none begins."""
    line = lines[at].strip()
    if not line:
        return 0
    if len(line) <= LONGEST_LINE and marks.SENT_FROM.fullmatch(line):
        return at + 1
    if marks.DASHES.fullmatch(line):
        return _end_of_signature(lines, at, last)
    begins = at == 0 or not lines[at - 1].strip()
    return _end_of_disclaimer(lines, at, last) if begins else 0


def _end_of_signature(lines: Sequence[str], at: int, last: int) -> int:
    """To the end of the stretch, unless somebody goes on to say something there."""
    said = list(islice((n for n in range(at + 1, last) if lines[n].strip()), LONGEST_ENDING + 1))
    if len(said) > LONGEST_ENDING:
        return 0
    own = [n for n in said if not _is_disclaimer_line(lines, n)]
    if not said or len(own) > LONGEST_SIGNATURE or any(_says_something(lines[n].strip()) for n in own):
        return 0
    return said[-1] + 1


def _says_something(line: str) -> bool:
    is_said = _SENTENCE.search(line) is not None and not _CONTACT.search(line)
    return len(line) > LONGEST_LINE or is_said or _is_spoken(line)


def _is_spoken(words: str) -> bool:
    return _PERSON_ADDS.match(words) is not None or marks.A_PERSON_SPEAKS.search(words) is not None


def _is_disclaimer_line(lines: Sequence[str], number: int) -> bool:
    """It belongs to a paragraph that is a disclaimer."""
    first = number
    while first and lines[first - 1].strip() and not marks.DASHES.fullmatch(lines[first - 1].strip()):
        first -= 1
    return _end_of_disclaimer(lines, first, len(lines)) > number


def _end_of_disclaimer(lines: Sequence[str], at: int, last: int) -> int:
    """The end of a paragraph that says at least two things of a disclaimer, and nothing else; 0 if it is none."""
    end = at
    while end < last and lines[end].strip() and end - at <= LONGEST_DISCLAIMER:
        end += 1
    paragraph = " ".join(line.strip() for line in lines[at:end])
    if end - at > LONGEST_DISCLAIMER or len(paragraph) > MOST_LETTERS or _is_spoken(paragraph):
        return 0
    said = {found.lower() for found in marks.DISCLAIMS.findall(paragraph)}
    is_all = all(marks.OF_MAIL.search(one) or marks.DISCLAIMS.search(one) for one in _sentences(paragraph))
    return end if len(said) >= 2 and is_all else 0


def _sentences(paragraph: str) -> Iterator[str]:
    return (one for one in re.split(r"(?<=[.!?])\s+", paragraph) if len(one.split()) > 1)
