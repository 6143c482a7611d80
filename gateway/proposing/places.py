"""Where characters of a text stand on a page or in a recording: the box of their words, or the seconds they last."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from transcription.contract import Box, Segment

DIGITS = 5
_AHEAD = 400  # characters: how far on a word is looked for, past what only the text has (marks, labels, times)


@dataclass(frozen=True, kw_only=True)
class Piece:
    """Characters of the text that are one word, or a line whose words have no places; with what is known of it."""

    start: int
    end: int
    page: int | None
    box: Box | None
    first: float | None
    last: float | None
    sure: float | None


class Places:
    """The words of a text by their characters; ``within`` names a text of its own, such as a mail's subject."""

    def __init__(self, text: str, segments: Sequence[Segment], *, within: str = "") -> None:
        self._pieces = list(_pieces(text, segments))
        self._within: dict[str, object] = {"within": within} if within else {}
        self._starts = [piece.start for piece in self._pieces]

    def place(self, start: int, end: int) -> dict[str, object]:
        """``from`` and ``to``, and where it is known the page with a box around the words there, or the seconds."""
        here = self._between(start, end)
        place: dict[str, object] = {"from": start, "to": end, **self._within}
        page = next((piece.page for piece in here if piece.page is not None), None)
        if page is not None:
            place["page"] = page
            boxes = [piece.box for piece in here if piece.page == page and piece.box is not None]
            if boxes:
                place["box"] = _around(boxes)
        seconds = [at for piece in here for at in (piece.first, piece.last) if at is not None]
        if seconds:
            place |= {"start": min(seconds), "end": max(seconds)}
        return place

    def sure(self, start: int, end: int) -> float:
        """How sure the engine is of the least sure word there, 0 to 1; 1 where it is text already."""
        return min((piece.sure for piece in self._between(start, end) if piece.sure is not None), default=1.0)

    def _between(self, start: int, end: int) -> list[Piece]:
        first = max(0, bisect_right(self._starts, start) - 1)
        found = []
        for piece in self._pieces[first:]:
            if piece.start >= end:
                break
            if piece.end > start:
                found.append(piece)
        return found


def _pieces(text: str, segments: Sequence[Segment]) -> Iterator[Piece]:
    """Word after word, each looked for behind the one before it."""
    reached = 0
    for segment in segments:
        whole = text.find(segment.text, reached, reached + _AHEAD + len(segment.text)) if segment.text else -1
        at = whole if whole >= 0 else reached
        until = whole + len(segment.text) if whole >= 0 else reached + _AHEAD + len(segment.text)
        found = False
        for words, box, first, last, sure in _words(segment):
            start = text.find(words, at, until) if words else -1
            if start >= 0:
                found, at = True, start + len(words)
                yield Piece(start=start, end=at, page=segment.page, box=box, first=first, last=last, sure=sure)
        if whole >= 0 and not found:
            yield Piece(
                start=whole, end=until, page=segment.page, box=segment.box, first=segment.start, last=segment.end,
                sure=segment.confidence,
            )  # fmt: skip
        reached = until if whole >= 0 else at


def _words(segment: Segment) -> Iterator[tuple[str, Box | None, float | None, float | None, float | None]]:
    for written in segment.written:
        yield written.text.strip(), written.box, None, None, written.confidence
    for word in segment.words if not segment.written else ():
        yield word.text.strip(), None, word.start, word.end, word.confidence


def _around(boxes: Sequence[Box]) -> list[float]:
    sides = list(zip(*boxes, strict=True))
    around = (min(sides[0]), min(sides[1]), max(sides[2]), max(sides[3]))
    return [round(side, DIGITS) for side in around]
