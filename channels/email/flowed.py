"""Joins the lines of mail that was broken for sending only (RFC 3676, ``format=flowed``)."""

from __future__ import annotations

import re

_QUOTED = re.compile(r"^>+")
_SIGNATURE = "-- "


def unflowed(text: str, *, del_sp: bool = False) -> str:
    """Paragraphs on one line each. ``del_sp``: the space at which a line was broken is no part of the words."""
    lines: list[list[str]] = []
    open_depth: int | None = None
    for line in text.split("\n"):
        marks = _QUOTED.match(line)
        depth = marks.end() if marks else 0
        words = line[depth:].removeprefix(" ")
        if open_depth == depth and words != _SIGNATURE:
            lines[-1].append(words)
        else:
            lines.append([">" * depth + (" " if depth and words else ""), words])
        flows = words.endswith(" ") and words != _SIGNATURE
        open_depth = depth if flows else None
        if flows and del_sp:
            lines[-1][-1] = words[:-1]
    return "\n".join("".join(pieces) for pieces in lines)
