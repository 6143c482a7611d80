"""Looks at a scan page by page; no more than one page is in memory at once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache

import cv2
import numpy as np

from transcription.sheets.blank import is_blank
from transcription.sheets.codes import codes_on
from transcription.sheets.contract import NotLookedAt, Seen, SeenPage
from transcription.sheets.pages import CannotLook, Drawn, Grey, pages_of

SMALLEST = 100
"""Pixels: a page is drawn larger, and a picture that is smaller is no page."""


def look_at(content: bytes, media_type: str, *, counted: Callable[[int], None] = lambda _: None) -> Seen:
    """What is on every page of a PDF, TIFF or picture; ``counted`` is told how many there are before the first."""
    count = 0
    try:
        with pages_of(content, media_type) as (count, pages):
            counted(count)
            return Seen(pages=tuple(_seen(pages)), count=count)
    except CannotLook as problem:
        return Seen(why_not=problem.why, count=problem.count or count)


def _seen(pages: Iterator[Drawn]) -> Iterator[SeenPage]:
    for number, page in enumerate(pages, start=1):
        codes = codes_on(page.grey) if np.ptp(page.grey) else ()
        nothing_on_it = not codes and min(page.grey.shape) >= SMALLEST and is_blank(page.grey, has_lines)
        yield SeenPage(number=number, width=page.width, height=page.height, is_blank=nothing_on_it, codes=codes)


def has_lines(page: Grey) -> bool:
    """Whether the detector of the reading pipeline finds lines of writing on a page."""
    return bool(_detector()(page))


@cache
def _detector() -> Callable[[Grey], int]:
    """It takes half a second to load: only where a page is nearly blank."""
    from transcription.scans.detector import LineDetector

    lines = LineDetector().lines
    return lambda page: len(lines(cv2.cvtColor(page, cv2.COLOR_GRAY2BGR).astype("uint8")))


__all__ = ["NotLookedAt", "look_at"]
