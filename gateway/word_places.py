"""Where the words of a line that a person put right stand: words that stayed keep their place, new ones share it."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import SequenceMatcher

from transcription.contract import Box, WrittenWord


def places_of(text: str, before: Sequence[WrittenWord], line: Box) -> tuple[WrittenWord, ...]:
    """The words of ``text`` with their places, all of them certain; ``before``: what was read on the ``line``."""
    words, known = text.split(), [word.text for word in before]
    found: list[WrittenWord] = []
    for how, first, last, start, end in SequenceMatcher(None, known, words, autojunk=False).get_opcodes():
        if how == "equal":
            found += [WrittenWord(text=word.text, box=word.box) for word in before[first:last]]
        elif how != "delete":
            found += _shared(words[start:end], _room(before, first, last, line))
    return tuple(found)


def _room(before: Sequence[WrittenWord], first: int, last: int, line: Box) -> Box:
    """What the words from ``first`` to ``last`` took up; between two words, the gap there is and half of either."""
    if first < last:
        boxes = [word.box for word in before[first:last]]
        lefts, tops, rights, bottoms = zip(*boxes, strict=True)
        return min(lefts), min(tops), max(rights), max(bottoms)
    left = _middle(before[first - 1].box) if first else line[0]
    right = _middle(before[first].box) if first < len(before) else line[2]
    return min(left, right), line[1], max(left, right), line[3]


def _middle(box: Box) -> float:
    return (box[0] + box[2]) / 2


def _shared(words: Sequence[str], room: Box) -> list[WrittenWord]:
    """One after the other from left to right, each as wide as it is long, a blank between two."""
    left, top, right, bottom = room
    step = (right - left) / max(1, len(" ".join(words)))
    found = []
    for word in words:
        found.append(WrittenWord(text=word, box=(left, top, left + step * len(word), bottom)))
        left += step * (len(word) + 1)
    return found
