"""A scan as staff sort it: its letters with their pages, in the order of whoever sorts, saved or not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlmodel import Session, col, select

from gateway import reference, saying
from gateway.dividing.arrangement import NEW, OUT, Arrangement, Placed, as_text
from gateway.dividing.as_it_stands import Scan
from storage.message import Message
from storage.referral import Referral
from storage.sheet import Sheet, SheetKind

SAYS = {
    SheetKind.BLANK: "Blank", SheetKind.SEPARATOR: "Separator sheet", SheetKind.OURS: "A letter of ours",
    SheetKind.ENVELOPE: "Envelope",
}  # fmt: skip
DONE = {
    "saved": "The pages are saved as they stand here.",
    "arrived": "The day is saved. What is due follows it.",
}


@dataclass(frozen=True, kw_only=True)
class PageSeen:
    """One page; ``says`` is what it is beside a page of a letter, or why it is left out."""

    number: int
    turned: int
    is_envelope: bool
    says: str


@dataclass(frozen=True, kw_only=True)
class LetterSeen:
    """One letter; ``key`` is its message, or new. It has no ``state`` while it is read, or where it came back to us."""

    key: str
    place: int
    pages: tuple[PageSeen, ...]
    reference: str = ""
    state: str = ""
    is_read: bool = False


@dataclass(frozen=True, kw_only=True)
class ScanSeen:
    """``text`` is the arrangement shown and ``version`` that which it rests on; ``is_draft``: not saved as shown."""

    message: Message
    letters: tuple[LetterSeen, ...]
    left_out: tuple[PageSeen, ...]
    text: str
    version: str
    is_draft: bool
    last_sorted: str = ""

    @property
    def arrived(self) -> Message:
        """What the form about the day of arrival begins with."""
        return self.message

    @property
    def pages(self) -> int:
        """How many there are in all."""
        return len(self.left_out) + sum(len(letter.pages) for letter in self.letters)


@dataclass(frozen=True, kw_only=True)
class Said:
    """What is told above the pages: what was done, why it was not, or who sorted them ``meanwhile``."""

    words: str = ""
    references: Sequence[str] = ()
    refusal: str = ""
    meanwhile: str = ""

    @classmethod
    def done(cls, what: str, new: Sequence[str]) -> Said:
        """After something was saved; ``new`` are references, and what is none is not shown."""
        known = tuple(filter(None, map(reference.parse, new)))
        return cls(words=DONE.get(what, ""), references=known if what == "saved" else ())


def scan_seen(session: Session, scan: Scan, arranged: Arrangement) -> ScanSeen:
    """The scan with its pages in this order."""
    sheets = {sheet.number: sheet for sheet in scan.sheets}
    rows = _referrals(session, scan.letters)
    known = {letter.id: letter for letter in scan.letters}
    letters = tuple(
        _letter(place, known.get(each.message_id), tuple(_page(sheets, page) for page in each.pages), rows)
        for place, each in enumerate(arranged.letters, start=1)
    )
    return ScanSeen(
        message=scan.message, letters=letters, text=as_text(arranged), version=scan.version,
        left_out=tuple(_page(sheets, page, key=OUT) for page in arranged.left_out),
        is_draft=arranged != scan.arrangement, last_sorted=last_sorted(scan),
    )  # fmt: skip


def last_sorted(scan: Scan) -> str:
    """Such as casey at 10:20am on Monday 23 November; empty where nobody has."""
    last = scan.last_sorted
    return f"{last.moved_by} at {saying.moment(last.moved_at)}" if last and last.moved_at else ""


def _letter(
    place: int, letter: Message | None, pages: tuple[PageSeen, ...], rows: Mapping[int, Referral]
) -> LetterSeen:  # fmt: skip
    if letter is None:
        return LetterSeen(key=NEW, place=place, pages=pages)
    row = rows.get(letter.referral_id or 0)
    return LetterSeen(
        key=letter.id, place=place, pages=pages, reference=row.reference if row else letter.reference,
        state=row.state if row else "", is_read=letter.read_at is not None,
    )  # fmt: skip


def _page(sheets: Mapping[int, Sheet], page: Placed, *, key: str = "") -> PageSeen:
    sheet = sheets[page.number]
    says = SAYS.get(SheetKind(sheet.kind), "") if sheet.kind != SheetKind.ENVELOPE else ""
    if key == OUT and not says:
        says = f"Left out by {sheet.moved_by}" if sheet.message_id is None and sheet.moved_by else "Left out"
    return PageSeen(number=page.number, turned=page.turned, is_envelope=page.is_envelope, says=says)


def _referrals(session: Session, letters: Sequence[Message]) -> dict[int, Referral]:
    ids = {each.referral_id for each in letters if each.referral_id is not None}
    rows = session.exec(select(Referral).where(col(Referral.id).in_(ids))) if ids else ()
    return {row.id or 0: row for row in rows}
