"""What the child that makes a searchable copy is told: every page with its words, in the units of that page."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

LENGTH = ">I"
"""Before everything else on its standard input: how many bytes of JSON come before the file."""


MOST_PAGES = 400
"""Of a copy that somebody waits for."""


@dataclass(frozen=True, kw_only=True)
class Behind:
    """A word behind the picture: its rectangle, turned clockwise about ``middle`` by ``slant`` degrees."""

    text: str
    x: float
    y: float
    width: float
    height: float
    slant: float
    middle: tuple[float, float]


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """Page ``number`` of the file, from 1, turned ``turn`` degrees clockwise, with the words of each of its lines."""

    number: int
    turn: int
    width: float
    height: float
    lines: tuple[tuple[Behind, ...], ...]


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """A copy as it is asked for: ``language`` is an ISO 639-1 code, ``made_at`` an ISO 8601 time."""

    title: str
    language: str
    made_at: str
    media_type: str
    sheets: tuple[Sheet, ...]

    def as_json(self) -> bytes:
        """To be told."""
        return json.dumps(asdict(self)).encode()

    @classmethod
    def from_json(cls, told: bytes) -> Wanted:
        """As it was told."""
        fields = json.loads(told)
        return cls(**{**fields, "sheets": tuple(map(_sheet, fields["sheets"]))})


def _sheet(told: Mapping[str, Any]) -> Sheet:
    lines = tuple(
        tuple(Behind(**{**word, "middle": (word["middle"][0], word["middle"][1])}) for word in line)
        for line in told["lines"]
    )
    return Sheet(**{**told, "lines": lines})
