"""What is seen of the pages of a scan at a first look, and how a process tells it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum

MOST_PAGES = 1000
"""A file with more pages is not looked at: it is no post, and would keep other letters waiting."""


class NotLookedAt(StrEnum):
    """Why a file was not looked at, page by page."""

    CANNOT_OPEN = "cannot be opened"  # damaged, locked, empty, or a picture that would unpack to gigabytes
    TOO_MANY_PAGES = "too many pages"
    NO_PAGES = "no pages"  # a kind of file that is not made of pages or pictures


@dataclass(frozen=True, kw_only=True)
class SeenPage:
    """A page: ``number`` from 1, ``width`` and ``height`` as the file gives them, in points or pixels.

    ``is_blank``: nothing was written on it. ``codes`` is what the machine-readable codes on it say, as they say it.
    """

    number: int
    width: float
    height: float
    is_blank: bool = False
    codes: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Seen:
    """Every page of a file in order, or why it was not looked at; ``count`` is how many it has, where that is known."""

    pages: tuple[SeenPage, ...] = ()
    count: int = 0
    why_not: NotLookedAt | None = None

    def as_json(self) -> str:
        """The form in which a process tells it."""
        return json.dumps(asdict(self))

    @classmethod
    def from_json(cls, told: str | bytes) -> Seen:
        """Raises ValueError, KeyError or TypeError for what is no such form."""
        given = json.loads(told)
        why_not = NotLookedAt(given["why_not"]) if given["why_not"] else None
        return cls(pages=tuple(_page(each) for each in given["pages"]), count=int(given["count"]), why_not=why_not)


def _page(given: Mapping[str, object]) -> SeenPage:
    codes = given["codes"]
    return SeenPage(
        number=int(str(given["number"])), width=float(str(given["width"])), height=float(str(given["height"])),
        is_blank=bool(given["is_blank"]), codes=tuple(str(each) for each in codes) if isinstance(codes, list) else (),
    )  # fmt: skip
