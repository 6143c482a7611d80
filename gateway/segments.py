"""A transcript's segments as they are kept: JSON lists in the order of ``Segment``'s fields, older ones shorter."""

from __future__ import annotations

import json
from collections.abc import Sequence

from gateway.reading.parts import clean
from transcription.contract import Segment, Word

OF_SEGMENT = ("text", "start", "end", "page", "confidence", "unclear", "words", "speaker")
OF_WORD = ("text", "start", "end", "confidence")


def written(segments: Sequence[Segment]) -> str:
    """To be kept, without signs that no database stores in a text."""
    rows = [[_value(segment, name) for name in OF_SEGMENT] for segment in segments]
    return json.dumps(rows, separators=(",", ":"))


def read(kept: str) -> tuple[Segment, ...]:
    """The segments again, whichever version of this gateway kept them."""
    rows = [dict(zip(OF_SEGMENT, row, strict=False)) for row in json.loads(kept)]
    return tuple(Segment(**{**row, "words": _words(row.get("words", ()))}) for row in rows)


def _value(segment: Segment, name: str) -> object:
    if name == "words":
        return [[clean(word.text), word.start, word.end, word.confidence] for word in segment.words]
    return clean(segment.text) if name == "text" else getattr(segment, name)


def _words(rows: Sequence[Sequence[object]]) -> tuple[Word, ...]:
    return tuple(Word(**dict(zip(OF_WORD, row, strict=True))) for row in rows)  # type: ignore[arg-type]
