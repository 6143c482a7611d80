"""Makes a picture of a page, so that staff see a scan beside its words: in a child process with narrow limits."""

from __future__ import annotations

import threading

from gateway.in_a_child import ChildFailed, in_a_child

PICTURED = frozenset({"application/pdf", "image/tiff", "image/heic", "image/heif", "image/bmp"})
AT_ONCE = threading.BoundedSemaphore(2)
SECONDS = 20.0
LARGEST = 64 * 1024 * 1024


class NoPicture(Exception):
    """This page cannot be pictured: the file is broken, locked, too large, or has no such page."""


def picture_of(content: bytes, media_type: str, page: int) -> bytes:
    """A JPEG of page ``page`` (from 1), at most 1400 pixels wide; raises ``NoPicture``. Blocks."""
    if media_type not in PICTURED or len(content) > LARGEST:
        raise NoPicture("not a kind of file that is pictured")
    child = "gateway.staff.page_picture_child"
    try:
        with AT_ONCE:
            return in_a_child(child, media_type, str(page), content=content, seconds=SECONDS)
    except ChildFailed:
        raise NoPicture("the page could not be drawn") from None
