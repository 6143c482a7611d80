"""What of a part a page shows at once: the first lines of a long transcript, and what a blurred picture is."""

from __future__ import annotations

from collections.abc import Sequence

from gateway.part_view import PartView, SegmentView
from gateway.staff.plain_words import size_of_file

LINES_AT_ONCE = 60
KINDS_OF_PICTURE = {
    "image/png": "PNG", "image/jpeg": "JPEG", "image/gif": "GIF", "image/webp": "WebP", "image/tiff": "TIFF",
    "image/bmp": "BMP", "image/heic": "HEIC", "application/pdf": "PDF",
}  # fmt: skip


def lines_shown(part: PartView, whole_of: object = "") -> Sequence[SegmentView]:
    """All lines of a scan, and of the part named ``whole_of``; else the first ``LINES_AT_ONCE`` of what was heard."""
    is_heard = bool(part.segments) and part.segments[0].start is not None
    return part.segments[:LINES_AT_ONCE] if is_heard and whole_of != part.id else part.segments


def what_it_is(part: PartView, came_by: str) -> str:
    """Such as Picture (JPEG), 240 KB, by email: what can be said of it without looking at it."""
    kind = KINDS_OF_PICTURE.get(part.media_type.partition(";")[0].strip().lower(), "")
    pages = len({segment.page for segment in part.segments if segment.page})
    what = f"Scan of {pages} pages" if pages > 1 else "Picture"
    named = f"{what} ({kind})" if kind else what
    return ", ".join(filter(None, (named, size_of_file(part.size), f"by {came_by.lower()}" if came_by else "")))


IN_TEMPLATES = {"lines_shown": lines_shown, "what_it_is": what_it_is}
