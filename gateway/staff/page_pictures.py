"""Makes a picture of a page, so that staff see a scan beside its words: in a child process with narrow limits."""

from __future__ import annotations

import threading

from gateway.in_a_child import ChildFailed, in_a_child

PICTURED = frozenset({"application/pdf", "image/tiff", "image/heic", "image/heif", "image/bmp"})
"""What no browser shows as it is."""

DRAWN = PICTURED | {"image/png", "image/jpeg", "image/gif", "image/webp"}
"""What has pages that can be pictured."""

AT_ONCE = threading.BoundedSemaphore(2)
SECONDS = 20.0
LARGEST = 200 * 1024 * 1024
"""Bytes: as large as a scan may be whose pages are known one by one."""
WIDEST = 1400


class NoPicture(Exception):
    """This page cannot be pictured: the file is broken, locked, too large, or has no such page."""


def plain_type(media_type: str) -> str:
    """Without its parameters, in small letters."""
    return media_type.partition(";")[0].strip().lower()


def picture_of(content: bytes, media_type: str, page: int, *, turn: int = 0, widest: int = WIDEST) -> bytes:
    """A JPEG of page ``page`` (from 1) turned ``turn`` degrees clockwise (0, 90, 180, 270); raises ``NoPicture``.

    ``widest``: pixels it is wide at most. Blocks.
    """
    if plain_type(media_type) not in DRAWN or len(content) > LARGEST:
        raise NoPicture("not a kind of file that is pictured")
    given = (plain_type(media_type), str(page), str(turn), str(widest))
    try:
        with AT_ONCE:
            return in_a_child("gateway.staff.page_picture_child", *given, content=content, seconds=SECONDS)
    except ChildFailed:
        raise NoPicture("the page could not be drawn") from None
