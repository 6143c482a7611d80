"""A part as its pages are read: which version has places, one page of it, and where that version stands."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from sqlmodel import Session

from gateway import segments
from gateway.deciding import NotFound
from gateway.part_view import PartView, part_view
from gateway.staff.page_pictures import DRAWN, plain_type
from gateway.staff.page_places import PageSeen, numbers_of, page_seen
from storage import transcript
from storage.attachment import Attachment
from storage.referral import Referral
from storage.transcript import Transcript
from transcription.contract import Box, Segment, WrittenWord

ROW = 46  # letters, where the words stand beside the picture
BOX = re.compile(r"[0-9.]{1,12}(?:,[0-9.]{1,12}){3}")


@dataclass(frozen=True, kw_only=True)
class PagePiece:
    """A stretch of a line; ``word`` where it is one whose place is known."""

    text: str
    word: WrittenWord | None = None


@dataclass(frozen=True, kw_only=True)
class PartRead:
    """One page of a part. ``version`` is the one whose words have places; ``is_shown``: it is the one shown elsewhere.

    ``numbers`` are those of all its pages.
    """

    part: PartView
    reference: str
    version: Transcript
    is_shown: bool
    page: PageSeen
    numbers: Sequence[int]

    @property
    def before(self) -> int | None:
        """The page before this one."""
        return max((number for number in self.numbers if number < self.page.number), default=None)

    @property
    def after(self) -> int | None:
        """The page behind this one."""
        return min((number for number in self.numbers if number > self.page.number), default=None)


def part_read(session: Session, part_id: str, page: int | None = None, marked: Box | None = None) -> PartRead:
    """A page, the first if none is named; raises ``NotFound`` also of a part that has no pages to be read."""
    row = session.get(Attachment, part_id)
    versions = transcript.of_parts(session, [part_id])
    version = _with_places(versions)
    if row is None or row.sha256 is None or version is None or plain_type(row.media_type) not in DRAWN:
        raise NotFound(part_id)
    lines, shapes = segments.read(version.segments), segments.read_pages(version.pages)
    numbers = numbers_of(lines, shapes)
    number = numbers[0] if page is None else page
    if number not in numbers:
        raise NotFound(part_id)
    return PartRead(
        part=part_view(row, versions, with_lines=False), reference=session.get_one(Referral, row.referral_id).reference,
        version=version, is_shown=version is transcript.to_be_shown(versions),
        page=page_seen(number, lines, shapes, marked), numbers=numbers,
    )  # fmt: skip


def lines_of(session: Session, part_id: str, version: int) -> tuple[Segment, ...]:
    """The lines of one version; none if there is no such version."""
    row = next((one for one in transcript.of_parts(session, [part_id]) if one.version == version), None)
    return segments.read(row.segments) if row else ()


def is_read_in_pages(part: PartView) -> bool:
    """Whether a person can read it beside its picture."""
    has_lines = bool(part.pages) or any(segment.page for segment in part.segments)
    return part.sha256 is not None and has_lines and plain_type(part.media_type) in DRAWN


def turn_of(part: PartView, page: int) -> int:
    """Degrees clockwise until this page stands upright."""
    return next((shape.turn for shape in part.pages if shape.number == page), 0)


def rows_for(text: str) -> int:
    """How many rows a field needs so that the whole line is seen in it."""
    return sum(1 + len(line) // ROW for line in text.split("\n"))


def is_searchable(part: PartView) -> bool:
    """Whether the words shown have places, so that they can stand behind pictures of their pages."""
    return part.searchable is not None


def pieces_on_page(line: Segment) -> tuple[PagePiece, ...]:
    """The line cut at its words, every character of it kept; in one piece where the words do not fit it."""
    found, reached = [], 0
    for word in line.written:
        at = line.text.find(word.text, reached)
        if at < 0 or not word.text:
            return (PagePiece(text=line.text),)
        found += [PagePiece(text=line.text[reached:at]), PagePiece(text=word.text, word=word)]
        reached = at + len(word.text)
    return (*(piece for piece in found if piece.text), PagePiece(text=line.text[reached:]))


def pages_shown(session: Session, part_id: str) -> list[PageSeen]:
    """Every page with the words that are shown, where they have places; none where they have not."""
    shown = transcript.to_be_shown(transcript.of_parts(session, [part_id]))
    shapes = segments.read_pages(shown.pages) if shown else ()
    lines = segments.read(shown.segments) if shown and shapes else ()
    return [page_seen(number, lines, shapes) for number in numbers_of(lines, shapes)] if shapes else []


def box_asked_for(typed: str) -> Box | None:
    """Four parts of a page as an address has them, ``0.1,0.2,0.3,0.4``; nothing of anything else."""
    if not BOX.fullmatch(typed):
        return None
    try:
        left, top, right, bottom = (min(1.0, float(side)) for side in typed.split(","))
    except ValueError:
        return None
    return (left, top, right, bottom) if left < right and top < bottom else None


def place_address(part_id: str, page: int | None, box: Sequence[float] | None) -> str:
    """Where a page is read beside its picture, with a place on it pointed at."""
    address = f"/parts/{part_id}/read/{page or 1}"
    return f"{address}?box={','.join(f'{side:.4f}' for side in box)}#marked" if box else address


def _with_places(versions: Sequence[Transcript]) -> Transcript | None:
    """The version shown, unless it was typed as a whole and an older one knows where its words stand."""
    shown = transcript.to_be_shown(versions)
    if shown is None or shown.pages != "[]" or shown.segments != "[]":
        return shown
    return transcript.to_be_shown([one for one in versions if one.pages != "[]"]) or shown


IN_TEMPLATES = {
    "is_read_in_pages": is_read_in_pages, "is_searchable": is_searchable, "place_address": place_address,
    "pieces_on_page": pieces_on_page, "turn_of": turn_of, "rows_for": rows_for,
}  # fmt: skip
