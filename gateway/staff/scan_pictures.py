"""Small pictures of the pages of a scan, a run of them drawn at a time, so that many are soon seen and moved."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable

from gateway.in_a_child import ChildFailed, Lengths, in_a_child
from gateway.staff.page_pictures import AT_ONCE, DRAWN, LARGEST, NoPicture, picture_of, plain_type

CHILD = "gateway.staff.scan_pictures_child"
AT_A_TIME = 8
SECONDS = 60.0
REMEMBERED = 400
"""Pictures of some ten thousand octets each."""

Content = Callable[[], bytes]
Drawn = tuple[str, int, int]
"""The file's sha256, the page, and how wide at most."""


class ScanPictures:
    """Remembers those drawn last, in memory alone. Who asks for a page of a run that is being drawn waits for it."""

    def __init__(self) -> None:
        self._drawn: OrderedDict[Drawn, bytes] = OrderedDict()
        self._lock = threading.Lock()
        self._runs: dict[Drawn, threading.Lock] = {}

    def of(self, sha256: str, media_type: str, page: int, *, last: int, wide: int, content: Content) -> bytes:
        """A JPEG of page ``page`` (from 1) of a file of ``last`` pages; raises ``NoPicture``. Blocks.

        ``content`` opens the file, and is asked only where the page was not drawn lately.
        """
        first = page - (page - 1) % AT_A_TIME
        with self._lock:
            run = self._runs.setdefault((sha256, first, wide), threading.Lock())
        try:
            with run:
                found = self._known((sha256, page, wide))
                if found is None:
                    pages = range(first, min(last, first + AT_A_TIME - 1) + 1)
                    self._draw(sha256, media_type, pages, wide, content)
                    found = self._known((sha256, page, wide))
        finally:
            with self._lock:
                self._runs.pop((sha256, first, wide), None)
        if not found:
            raise NoPicture("the page could not be drawn")
        return found

    def _known(self, key: Drawn) -> bytes | None:
        """Empty for a page of which there is no picture."""
        with self._lock:
            if key in self._drawn:
                self._drawn.move_to_end(key)
            return self._drawn.get(key)

    def _draw(self, sha256: str, media_type: str, pages: range, wide: int, content: Content) -> None:
        pictures = drawn_at_once(content, media_type, pages, wide)
        with self._lock:
            for page, picture in zip(pages, pictures, strict=True):
                self._drawn[sha256, page, wide] = picture
            while len(self._drawn) > REMEMBERED:
                self._drawn.popitem(last=False)


def drawn_at_once(content: Content, media_type: str, pages: range, wide: int) -> list[bytes]:
    """A picture of each, empty where there is none; one that ends the process does not take the others with it.

    No more files are open at once than are drawn.
    """
    if plain_type(media_type) not in DRAWN:
        raise NoPicture("not a kind of file that is pictured")
    given = (plain_type(media_type), str(pages[0]), str(pages[-1]), str(wide))
    with AT_ONCE:
        file = content()
        try:
            return _pieces(in_a_child(CHILD, *given, content=file, seconds=SECONDS), len(pages))
        except ChildFailed:
            if len(file) > LARGEST:
                return [b""] * len(pages)
    return [_alone(file, media_type, page, wide) for page in pages]


def _alone(content: bytes, media_type: str, page: int, wide: int) -> bytes:
    try:
        return picture_of(content, media_type, page, widest=wide)
    except NoPicture:
        return b""


def _pieces(told: bytes, count: int) -> list[bytes]:
    pieces = []
    for _ in range(count):
        pieces.append(Lengths.first_of(told))
        told = told[Lengths.FORM.size + len(pieces[-1]) :]
    return pieces
