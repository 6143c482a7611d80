"""One file of a message as programs and pages see it, with its words, their times, and every version of them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from pydantic import BaseModel, Field
from sqlmodel import Session

from gateway import segments
from gateway.searchable.sheets import MOST_PAGES
from gateway.staff.page_pictures import DRAWN, plain_type
from storage import transcript
from storage.attachment import Active, Attachment, VirusState
from storage.transcript import Transcript
from transcription.contract import PageShape

PageBox = tuple[float, float, float, float]
"""Left, top, right, bottom as parts, 0 to 1, of the width and height of a page (``PageShapeView``)."""


class WordView(BaseModel):
    """One spoken word as the engine gave it: seconds of the recording; ``unclear``: do not rely on it unheard."""

    text: str
    start: float
    end: float
    confidence: float
    unclear: bool = Field(validation_alias="is_unclear")


class WrittenWordView(BaseModel):
    """One word on a page; ``unclear``: do not rely on it unseen."""

    text: str
    box: PageBox
    confidence: float
    unclear: bool = Field(validation_alias="is_unclear")


class PageShapeView(BaseModel):
    """A page whose words have places: boxes are parts of it once it was turned ``turn`` degrees clockwise.

    ``width`` and ``height`` are of the page so turned; ``slant``: degrees by which its lines still run downwards.
    """

    number: int
    turn: int
    width: float
    height: float
    slant: float


class SegmentView(BaseModel):
    """A stretch of a transcript: seconds of the recording, or the page; ``speaker`` where two are told apart.

    ``box`` is where it stands on its page, ``written`` its words with their places, ``by_hand``: handwriting;
    ``is_typed``: a person put these words in place of the machine's.
    """

    text: str
    start: float | None
    end: float | None
    page: int | None
    confidence: float | None
    unclear: bool
    words: list[WordView] = []
    speaker: int | None = None
    box: PageBox | None = None
    written: list[WrittenWordView] = []
    by_hand: bool = False
    is_typed: bool = False


class TranscriptView(BaseModel):
    """One version of the words of a part; the part itself carries the one that ``is_shown``."""

    version: int
    engine: str
    model: str
    language: str
    language_confidence: float | None
    text: str
    translation: str
    confidence: float | None
    note: str
    made_at: datetime
    made_by: str
    checked_by: str
    checked_at: datetime | None
    is_shown: bool = False


class PartView(BaseModel):
    """One file of a message. ``heard_live``: kept while they spoke; ``second_to``: the part that says it better.
    ``stands_with``: the message of the same call that is shown, where its own is only news of that call.

    ``progress``: how much of it has been heard by machine so far, 0 to 1; null while nobody does.
    ``within``: the name of the file it was packed in; ``content_id``: by which the mail's page shows it. ``active``:
    what in it could run, ``program``, ``macro``, ``script`` or ``page``, empty for nothing. ``virus_state``: ``clean``,
    ``found`` or ``not_checked``, empty while nobody asked; ``virus_name``: what was found, or why it was not checked.
    ``pages``: the shapes of the pages on which the words shown have places; ``searchable``: the address of a PDF/A of
    those pages with the words behind them, null where there is none.
    """

    id: str
    message_id: str
    name: str
    media_type: str
    size: int | None
    sha256: str | None
    text: str
    text_state: str
    confidence: float | None
    engine: str
    note: str
    heard_live: bool
    second_to: str | None
    language: str
    progress: float | None
    translation: str
    segments: list[SegmentView]
    transcripts: list[TranscriptView]
    pages: list[PageShapeView] = []
    searchable: str | None = None
    stands_with: str | None = None
    within: str = ""
    content_id: str = ""
    active: str = ""
    virus_state: str = ""
    virus_name: str = ""
    virus_checked_at: datetime | None = None


OF_PART = [name for name in PartView.model_fields if name in Attachment.model_fields and name != "segments"]


def part_view(
    row: Attachment, versions: Sequence[Transcript], stands_with: str | None = None, *, with_lines: bool = True,
    words_of: int | None = None,
) -> PartView:  # fmt: skip
    """A part as programs and pages see it, with every version of its words; ``with_lines``: and its segments.

    ``words_of``: of so many segments with each word's time or place; None: of all.
    """
    shown = transcript.to_be_shown(versions)
    told = [TranscriptView.model_validate(one, from_attributes=True) for one in versions]
    pages = [PageShapeView.model_validate(page, from_attributes=True) for page in _pages(shown)]
    return PartView(
        **{name: getattr(row, name) for name in OF_PART},
        stands_with=stands_with,
        segments=[
            SegmentView.model_validate(one, from_attributes=True)
            for one in (segments.read(row.segments, words_of=words_of) if with_lines else ())
        ],
        translation=shown.translation if shown else "",
        pages=pages,
        searchable=f"/api/v1/parts/{row.id}/searchable" if _has_copy(row, len(pages)) else None,
        transcripts=[one.model_copy(update={"is_shown": one.version == getattr(shown, "version", 0)}) for one in told],
    )


def _has_copy(row: Attachment, pages: int) -> bool:
    is_safe = row.virus_state != VirusState.FOUND and row.active != Active.PROGRAM
    return row.sha256 is not None and is_safe and 0 < pages <= MOST_PAGES and plain_type(row.media_type) in DRAWN


def _pages(shown: Transcript | None) -> Sequence[PageShape]:
    return segments.read_pages(shown.pages) if shown else ()


def versions_of(session: Session, parts: Sequence[Attachment]) -> dict[str, list[Transcript]]:
    """Every version of the words of some parts, by the part's id, asked for in one question."""
    found: dict[str, list[Transcript]] = {}
    for version in transcript.of_parts(session, [part.id for part in parts]):
        found.setdefault(version.attachment_id, []).append(version)
    return found
