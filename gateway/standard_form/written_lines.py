"""Words that stand in one place of a page as lines, each with its box, how sure a machine is, and if it is by hand."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from gateway.standard_form.laying_over import LaidOver
from gateway.standard_form.seen import Seen
from transcription.contract import Box, Segment

SAME_LINE = 6.0
"""Points by which the middles of words on one line may differ from one to the next."""


def lines_of(words: Iterable[Seen], over: LaidOver, segments: Sequence[Segment]) -> list[Segment]:
    """From the top down, each from the left; ``segments`` are those the words were read in."""
    rows: list[list[Seen]] = []
    for word in sorted(words, key=lambda one: (over.over(one.middle).imag, over.over(one.middle).real)):
        if rows and abs(over.over(word.middle).imag - over.over(rows[-1][-1].middle).imag) <= SAME_LINE:
            rows[-1].append(word)
        else:
            rows.append([word])
    return [_line(sorted(row, key=lambda one: over.over(one.middle).real), segments) for row in rows]


def joined(lines: Iterable[Segment], between: str) -> str:
    """The words of some lines."""
    return between.join(line.text for line in lines)


def around(boxes: Sequence[Box]) -> Box | None:
    """The least box that holds all of these; None for none."""
    if not boxes:
        return None
    lefts, tops, rights, bottoms = zip(*boxes, strict=True)
    return min(lefts), min(tops), max(rights), max(bottoms)


def _line(row: Sequence[Seen], segments: Sequence[Segment]) -> Segment:
    written = tuple(seen.word for seen in row)
    letters = sum(max(len(word.text), 1) for word in written)
    sure = sum(word.confidence * max(len(word.text), 1) for word in written) / letters
    read = [segments[seen.segment] for seen in row]
    return replace(
        read[0], text=" ".join(word.text for word in written), written=written, words=(),
        box=around([word.box for word in written]), confidence=round(sure, 3),
        unclear=any(one.unclear for one in read), by_hand=any(one.by_hand for one in read),
    )  # fmt: skip
