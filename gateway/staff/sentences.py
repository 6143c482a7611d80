"""The words a value rests on in the sentence they stand in, so that a reader need not go and look for them."""

from __future__ import annotations

import re
from dataclasses import dataclass

REACH = 110
_ENDS = re.compile(r"[.!?…][\"”’)]?\s|\n\s*\n")


@dataclass(frozen=True, kw_only=True)
class Sentence:
    """What stands before the words, the words, and what stands after them, each on one line."""

    before: str
    words: str
    after: str


def sentence_of(text: str, words: str, start: int | None) -> Sentence | None:
    """The sentence around the words at a place of a text; None where they stand there no longer.

    A text that was corrected since has them elsewhere: they are found again where they stand once.
    """
    if not words or start is None:
        return None
    if text[start : start + len(words)] != words:
        start = text.find(words)
        if start < 0 or text.find(words, start + 1) >= 0:
            return None
    end = start + len(words)
    before = _ENDS.split(text[max(0, start - REACH) : start])[-1]
    after = text[end : end + REACH]
    ended = _ENDS.search(after)
    after = after[: ended.end()] if ended else after
    is_cut = start > REACH and len(before) >= REACH
    return Sentence(
        before=("…" if is_cut else "") + _one_line(before), words=_one_line(words),
        after=_one_line(after.rstrip()) + ("" if ended or end + REACH >= len(text) else "…"),
    )  # fmt: skip


def _one_line(words: str) -> str:
    return re.sub(r"\s+", " ", words)
