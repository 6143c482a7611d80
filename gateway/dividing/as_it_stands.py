"""A scan as it stands: the message that brought it, its pages, and the letters they are in."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass

from sqlmodel import Session

from gateway.dividing.arrangement import Arrangement, Letter, Placed
from gateway.dividing.letter_file import PageRef
from storage import message as messages
from storage import sheet as sheets
from storage.message import Message
from storage.sheet import Sheet, SheetKind

POST = "letter"


@dataclass(frozen=True, kw_only=True)
class Scan:
    """``letters`` in order of their numbers, the first of them mostly the message of the scan itself."""

    message: Message
    sheets: tuple[Sheet, ...]
    letters: tuple[Message, ...]

    @property
    def version(self) -> str:
        """Another one as soon as anybody has moved, turned or marked a page."""
        said = [(s.number, s.message_id, s.place, s.turned, s.kind) for s in self.sheets]
        return hashlib.sha256(repr(said).encode()).hexdigest()[:16]

    @property
    def arrangement(self) -> Arrangement:
        """Its pages as they stand."""
        letters = (
            Letter(message_id=each.id, pages=_placed(s for s in self.sheets if s.message_id == each.id))
            for each in self.letters
        )
        return Arrangement(letters=tuple(letters), left_out=tuple(_one(s) for s in self.sheets if s.message_id is None))

    def refs(self, pages: Iterable[Placed]) -> tuple[PageRef, ...]:
        """The pages as the maker of files knows them."""
        of = {sheet.number: sheet for sheet in self.sheets}
        return tuple(
            PageRef(sha256=of[p.number].sha256, media_type=of[p.number].media_type, number=p.number, turned=p.turned)
            for p in pages
        )

    @property
    def last_sorted(self) -> Sheet | None:
        """The page that somebody moved last."""
        by_hand = [s for s in self.sheets if s.moved_at is not None]
        return max(by_hand, key=lambda s: s.moved_at or self.message.received_at, default=None)


def scan_of(session: Session, scan_id: str, *, lock: bool = False) -> Scan | None:
    """The scan that this message brought, or None; ``lock`` holds its pages until the transaction ends."""
    brought = session.get(Message, scan_id)
    if brought is None or brought.channel != POST or brought.scan_id not in (None, brought.id):
        return None
    pages = sheets.held(session, scan_id) if lock else sheets.of_scan(session, scan_id)
    letters = messages.of_scans(session, [scan_id])
    found = letters if any(each.id == scan_id for each in letters) else [brought, *letters]
    return Scan(message=brought, sheets=tuple(pages), letters=tuple(found))


def _placed(pages: Iterable[Sheet]) -> tuple[Placed, ...]:
    return tuple(map(_one, sorted(pages, key=lambda page: (page.place, page.number))))


def _one(page: Sheet) -> Placed:
    return Placed(number=page.number, turned=page.turned, is_envelope=page.kind == SheetKind.ENVELOPE)
