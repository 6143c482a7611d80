"""Looks at a scan page by page; no more than one page is in memory at once."""

from __future__ import annotations

from collections.abc import Callable
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
    try:
        with pages_of(content, media_type) as (count, pages):
            counted(count)
            seen = tuple(_seen(number, page) for number, page in enumerate(pages, start=1))
    except CannotLook as problem:
        return Seen(why_not=problem.why, count=problem.count)
    if not any(page.width for page in seen):
        return Seen(why_not=NotLookedAt.CANNOT_OPEN, count=count)
    return Seen(pages=seen, count=count)


def _seen(number: int, page: Drawn) -> SeenPage:
    """One that cannot be drawn, or only in part, is a page with something on it: a person looks."""
    grey = page.grey
    if grey is None:
        return SeenPage(number=number, width=0, height=0)
    codes = codes_on(grey) if np.ptp(grey) else ()
    may_be_blank = page.is_whole and not codes and min(grey.shape) >= SMALLEST
    nothing_on_it = may_be_blank and is_blank(grey, has_lines)
    return SeenPage(number=number, width=page.width, height=page.height, is_blank=nothing_on_it, codes=codes)


def has_lines(page: Grey) -> bool:
    """Whether the detector of the reading pipeline finds lines of writing on a page."""
    return bool(_detector()(page))


@cache
def _detector() -> Callable[[Grey], int]:
    """It takes half a second to load: only where a page is nearly blank."""
    from transcription.scans.detector import LineDetector

    lines = LineDetector().lines
    return lambda page: len(lines(cv2.cvtColor(page, cv2.COLOR_GRAY2BGR).astype("uint8")))
