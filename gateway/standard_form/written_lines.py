"""Words that stand in one place of a page as lines, each with its box, how sure a machine is, and if it is by hand."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from gateway.standard_form.laying_over import LaidOver
from gateway.standard_form.seen import Seen
from transcription.contract import Box, Segment

SAME_LINE = 6.0
"""Points by which pieces of one line may stand higher or lower than one another."""


def lines_of(words: Iterable[Seen], over: LaidOver, segments: Sequence[Segment]) -> list[Segment]:
    """From the top down, each from the left; ``segments`` are those the words were read in.

    What the machine read as one line stays one, for people write uphill; pieces side by side are joined.
    """
    read: dict[int, list[_Placed]] = {}
    for word in words:
        read.setdefault(word.segment, []).append(_Placed.of(word, over))
    rows: list[list[_Placed]] = []
    for piece in sorted(read.values(), key=_level):
        if rows and abs(_level(piece) - _level(rows[-1])) <= SAME_LINE and _are_apart(piece, rows[-1]):
            rows[-1] += piece
        else:
            rows.append(piece)
    return [_line([each.seen for each in sorted(row, key=lambda one: one.left)], segments) for row in rows]


@dataclass(frozen=True, kw_only=True)
class _Placed:
    """A word with its ends and its height on the sheet, in points."""

    seen: Seen
    left: float
    right: float
    level: float

    @classmethod
    def of(cls, seen: Seen, over: LaidOver) -> _Placed:
        left, right = over.over(seen.left).real, over.over(seen.right).real
        return cls(seen=seen, left=left, right=right, level=over.over(seen.middle).imag)


def _level(row: Sequence[_Placed]) -> float:
    return sum(each.level for each in row) / len(row)


def _are_apart(one: Sequence[_Placed], other: Sequence[_Placed]) -> bool:
    """Whether one stands wholly before the other."""
    ends = max(each.right for each in one), max(each.right for each in other)
    begins = min(each.left for each in one), min(each.left for each in other)
    return ends[0] <= begins[1] or ends[1] <= begins[0]


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
