"""Pages as an engine reads them: lines of words, each with its place."""

from __future__ import annotations

from collections.abc import Sequence

from transcription.contract import Box, PageShape, Segment, Transcript, WrittenWord, mean_confidence

WIDE, HIGH, SIGN, ROW = 1000, 1400, 0.012, 0.02


def a_line(text: str, *, row: int = 0, page: int = 1, sure: Sequence[float] = (), by_hand: bool = False) -> Segment:
    """A line from the left edge on, a letter 12 pixels wide; ``sure``: of each word, else all are certain."""
    written, left, top = [], 0.1, 0.1 + row * 2 * ROW
    for number, word in enumerate(text.split()):
        box: Box = (round(left, 5), round(top, 5), round(left + SIGN * len(word), 5), round(top + ROW, 5))
        written.append(WrittenWord(text=word, box=box, confidence=sure[number] if sure else 0.99))
        left = box[2] + SIGN
    least = min((word.confidence for word in written), default=1.0)
    whole: Box = (0.1, round(top, 5), written[-1].box[2], round(top + ROW, 5))
    return Segment(
        text=text, page=page, confidence=least, unclear=least < 0.3, box=whole, written=tuple(written), by_hand=by_hand
    )


def a_letter(*lines: Segment, pages: Sequence[PageShape] = ()) -> Transcript:
    """What was read of a letter of these lines."""
    numbers = sorted({line.page or 1 for line in lines})
    texts = ["\n".join(line.text for line in lines if line.page == number) for number in numbers]
    shapes = tuple(pages) or tuple(PageShape(number=number, width=WIDE, height=HIGH) for number in numbers)
    return Transcript(
        text="\n\n".join(texts), segments=lines, engine="rapidocr 3.10", language="en",
        confidence=mean_confidence(lines), pages=shapes,
    )  # fmt: skip
