"""A searchable copy of a scan: pictures of its pages with the words behind them, as PDF/A-2b, beside the original."""

from __future__ import annotations

import struct
import threading
from collections.abc import Sequence
from datetime import UTC, datetime

from gateway.in_a_child import ChildFailed, in_a_child
from gateway.searchable.sheets import LENGTH, MOST_PAGES, Behind, Sheet, Wanted
from gateway.staff.page_pictures import DRAWN, plain_type
from gateway.staff.page_places import LineAt, PageSeen

LARGEST = 256 * 1024 * 1024
SECONDS, SECONDS_A_PAGE = 30.0, 3.0
AT_ONCE = threading.BoundedSemaphore(1)


class NotSearchable(Exception):
    """No copy can be made: the file is broken, locked, too large or too long, or of no kind that has pages."""


def searchable(
    content: bytes, media_type: str, pages: Sequence[PageSeen], *, title: str, language: str, made_at: datetime
) -> bytes:
    """The copy, the same bytes for the same words at the same time; raises ``NotSearchable``. Blocks.

    ``title`` is shown by readers and must name nobody; ``language`` is an ISO 639-1 code, or empty.
    """
    kind = plain_type(media_type)
    if kind not in DRAWN or len(content) > LARGEST or len(pages) > MOST_PAGES:
        raise NotSearchable("not a kind of file of which a copy is made")
    told = Wanted(
        title=title, language=language or "en", made_at=made_at.astimezone(UTC).isoformat(timespec="seconds"),
        media_type=kind, sheets=tuple(map(_sheet, pages)),
    ).as_json()  # fmt: skip
    seconds = SECONDS + SECONDS_A_PAGE * len(pages)
    try:
        with AT_ONCE:
            return in_a_child(
                "gateway.searchable.child", str(int(seconds)), content=struct.pack(LENGTH, len(told)) + told + content,
                seconds=seconds,
            )  # fmt: skip
    except ChildFailed:
        raise NotSearchable("the copy could not be made") from None


def _sheet(page: PageSeen) -> Sheet:
    lines = [tuple(_behind(each.at)) for each in page.lines if each.at]
    return Sheet(
        number=page.number, turn=page.shape.turn if page.shape else 0, width=page.size[0], height=page.size[1],
        lines=tuple(lines),
    )  # fmt: skip


def _behind(at: LineAt) -> list[Behind]:
    return [
        Behind(
            text=word.text, x=word.frame.x, y=word.frame.y, width=word.frame.width, height=word.frame.height,
            slant=at.slant, middle=at.middle,
        )
        for word in at.words
    ]  # fmt: skip
