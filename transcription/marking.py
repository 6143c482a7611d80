"""Writes down what was heard so that nobody mistakes a guess for a word: unclear words and stretches in brackets."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

from transcription.contract import Segment, Word

NO_WORDS = "voice without words we can make out"


@dataclass(frozen=True, kw_only=True)
class Piece:
    """A stretch of a segment's text, every character of it as the engine gave it; `word` where it is one word."""

    text: str
    word: Word | None = None


def pieces(segment: Segment) -> tuple[Piece, ...]:
    """The segment's text cut at its words; joined again it is the text. One piece where the words do not fit it."""
    found: list[Piece] = []
    reached = 0
    for word in segment.words:
        at = segment.text.find(word.text, reached)
        if at < 0 or not word.text:
            return (Piece(text=segment.text),)
        if at > reached:
            found.append(Piece(text=segment.text[reached:at]))
        found.append(Piece(text=word.text, word=word))
        reached = at + len(word.text)
    rest = segment.text[reached:]
    return (*found, Piece(text=rest)) if rest else tuple(found)


def is_wordless(segment: Segment) -> bool:
    """Whether it only says that somebody spoke."""
    return segment.unclear and segment.text.endswith(NO_WORDS)


def marked(segment: Segment) -> str:
    """The segment as a line of the text that letters, exports and programs are given."""
    at = clock(segment.start or 0.0)
    if is_wordless(segment):
        return f"[{segment.text} at {at}]"
    if segment.unclear:
        return f"[unclear at {at}: {segment.text}]"
    return "".join(_runs(segment))


def clock(seconds: float) -> str:
    """Minutes and seconds as a player shows them, such as 2:05."""
    return f"{int(seconds) // 60}:{int(seconds) % 60:02d}"


def _runs(segment: Segment) -> Iterator[str]:
    """Neighbouring unclear words share one bracket, the blanks between them inside it."""
    cut = pieces(segment)
    unclear = [piece.word is not None and piece.word.is_unclear for piece in cut]
    inside = [
        is_unclear or (piece.word is None and 0 < number < len(cut) - 1 and unclear[number - 1] and unclear[number + 1])
        for number, (piece, is_unclear) in enumerate(zip(cut, unclear, strict=True))
    ]
    for is_unclear, run in groupby(zip(cut, inside, strict=True), key=lambda pair: pair[1]):
        text = "".join(piece.text for piece, _ in run)
        yield f"[unclear: {text}]" if is_unclear else text
