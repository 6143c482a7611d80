"""A transcript's segments as they are kept: JSON lists in the order of ``Segment``'s fields, older ones shorter."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from gateway.storable import clean
from transcription.contract import PageShape, Segment, Word, WrittenWord

OF_SEGMENT = (
    "text", "start", "end", "page", "confidence", "unclear", "words", "speaker", "box", "written", "by_hand",
    "is_typed",
)  # fmt: skip
OF_WORD = ("text", "start", "end", "confidence")
OF_PAGE = ("number", "turn", "width", "height", "slant")
DIGITS = 5  # of a box: a hundredth of a millimetre of a page


def written(segments: Sequence[Segment]) -> str:
    """To be kept, without signs that no database stores in a text."""
    rows = [[_value(segment, name) for name in OF_SEGMENT] for segment in segments]
    return json.dumps(rows, separators=(",", ":"))


def read(kept: str, *, words_of: int | None = None) -> tuple[Segment, ...]:
    """The segments again, whichever version of this gateway kept them; only the first ``words_of`` with their words."""
    rows = [dict(zip(OF_SEGMENT, row, strict=False)) for row in json.loads(kept)]
    for row in rows[len(rows) if words_of is None else words_of :]:
        row["words"] = row["written"] = ()
    return tuple(
        Segment(
            **row | {"words": _words(row.get("words", ())), "written": _on_page(row.get("written", ()))} | _box(row)
        )
        for row in rows
    )


def written_pages(pages: Sequence[PageShape]) -> str:
    """The shapes of the pages, to be kept."""
    return json.dumps([[getattr(page, name) for name in OF_PAGE] for page in pages], separators=(",", ":"))


def read_pages(kept: str) -> tuple[PageShape, ...]:
    """The shapes again."""
    return tuple(PageShape(**dict(zip(OF_PAGE, row, strict=True))) for row in json.loads(kept))


def _value(segment: Segment, name: str) -> object:
    match name:
        case "words":
            return [[clean(word.text), word.start, word.end, word.confidence] for word in segment.words]
        case "written":
            return [[clean(word.text), _rounded(word.box), word.confidence] for word in segment.written]
        case "box":
            return _rounded(segment.box)
        case "text":
            return clean(segment.text)
    return getattr(segment, name)


def _rounded(box: Sequence[float] | None) -> list[float] | None:
    return [round(side, DIGITS) for side in box] if box else None


def _box(row: Mapping[str, Any]) -> dict[str, Any]:
    return {"box": tuple(row["box"]) if row.get("box") else None}


def _on_page(rows: Sequence[Sequence[Any]]) -> tuple[WrittenWord, ...]:
    return tuple(WrittenWord(text=text, box=tuple(box), confidence=sure) for text, box, sure in rows)


def _words(rows: Sequence[Sequence[object]]) -> tuple[Word, ...]:
    return tuple(Word(**dict(zip(OF_WORD, row, strict=True))) for row in rows)  # type: ignore[arg-type]
