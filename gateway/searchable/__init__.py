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
FOOT, FEWEST_ROWS = 0.2, 16  # of a page's height, and the rows that are as high as a sixteenth of that
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
    placed = [tuple(_behind(each.at)) for each in page.lines if each.at]
    unplaced = [row for each in page.lines if not each.at for row in each.line.text.splitlines() if row.strip()]
    return Sheet(
        number=page.number, turn=page.shape.turn if page.shape else 0, width=page.size[0], height=page.size[1],
        lines=(*placed, *_at_the_foot(unplaced, page.size)),
    )  # fmt: skip


def _behind(at: LineAt) -> list[Behind]:
    return [
        Behind(
            text=word.text, x=word.frame.x, y=word.frame.y, width=word.frame.width, height=word.frame.height,
            slant=at.slant, middle=at.middle,
        )
        for word in at.words
    ]  # fmt: skip


def _at_the_foot(rows: Sequence[str], size: tuple[float, float]) -> list[tuple[Behind, ...]]:
    """Words of which nobody knows where they stand are found at the foot of their page."""
    wide, high = size
    height = FOOT * high / max(FEWEST_ROWS, len(rows))
    tops = [high - height * (len(rows) - number) for number in range(len(rows))]
    sign = height / 2
    return [
        (
            Behind(
                text=row, x=0, y=top, width=min(wide, sign * len(row)), height=height, slant=0, middle=(0, top),
            ),
        )
        for row, top in zip(rows, tops, strict=True)
    ]  # fmt: skip
