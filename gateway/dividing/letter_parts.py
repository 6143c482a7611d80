"""Gives a letter another file once its pages were moved: the part it had is kept and stands behind the new one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import PurePath

from sqlmodel import Session

from gateway.reading.parts import TRANSCRIBE_TRIES, clean
from gateway.unread import NO_READER
from storage import attachment, claim, direct, searching, work
from storage.attachment import Attachment, TextState
from storage.claim import ClaimStatus
from storage.message import Message

MOST_NAMED = 12
NOT_READ_YET = "Not transcribed yet."
NOT_READ_ANY_MORE = "Not read: its pages were sorted before."
PDF = "application/pdf"


@dataclass(frozen=True, kw_only=True)
class LetterFile:
    """A file whose bytes are kept already; ``is_put_together``: made of pages, not as it came."""

    sha256: str
    size: int
    media_type: str
    is_put_together: bool


class LetterParts:
    """``can_read`` tells whether there is an engine for the words in a file, ``are_scanned`` whether for viruses."""

    def __init__(self, *, can_read: Callable[[str, str], bool], are_scanned: bool) -> None:
        self._can_read, self._are_scanned = can_read, are_scanned

    def put_in_place(
        self, session: Session, letter: Message, referral_id: int, file: LetterFile, *, name: str, at: datetime
    ) -> Attachment:
        """The new part, to be read; what stood there before is second to it, and what nobody settled of it is gone."""
        every, before = attachment.of_message(session, letter.id), parts_shown(session, letter)
        position = max([(letter.ledger_no or 0) * 1000 - 1, *(part.position for part in every)]) + 1
        row = Attachment(
            message_id=letter.id, referral_id=referral_id, position=position, channel=letter.channel,
            name=clean(name), media_type=file.media_type, size=file.size,
            sha256=file.sha256, is_put_together=file.is_put_together,
        )  # fmt: skip
        self._have_it_read(session, row, at)
        direct.add(session, row)
        put_behind(session, before, row)
        return row

    def _have_it_read(self, session: Session, row: Attachment, at: datetime) -> None:
        if self._can_read(row.media_type, row.name):
            row.text_state, row.note = TextState.WAITING, NOT_READ_YET
            work.enqueue(session, "transcribing", "transcribe", row.id, at=at, tries=TRANSCRIBE_TRIES)
        else:
            row.text_state, row.note = TextState.NONE, NO_READER
        if self._are_scanned:
            work.enqueue(session, "scanning", "virus", row.id, at=at)


def parts_shown(session: Session, letter: Message) -> list[Attachment]:
    """The parts of a letter that stand behind no other, in order."""
    return [part for part in attachment.of_message(session, letter.id) if part.second_to is None]


def put_behind(session: Session, parts: list[Attachment], first: Attachment) -> None:
    """Their words are said by another part now: what was read from them and nobody has settled falls away.

    What was not read yet is not read any more, so that nothing is proposed from pages that are elsewhere.
    """
    searching.index(session, first.referral_id)
    for part in parts:
        part.second_to = first.id
        if part.text_state == TextState.WAITING:
            work.cancel_for(session, "transcribing", part.id)
            part.text_state, part.note = TextState.NONE, NOT_READ_ANY_MORE
        session.add(part)
        for stated in claim.of_part(session, part.id):
            if stated.status == ClaimStatus.PROPOSED:
                stated.status = ClaimStatus.SUPERSEDED
                session.add(stated)


def named(scan_name: str, numbers: Sequence[int]) -> str:
    """The name of the scan, and which pages of it these are: what is put together is a PDF, whatever was scanned."""
    return f"{PurePath(scan_name).stem or 'scan'}, {pages_in_words(numbers)}.pdf"


def pages_in_words(numbers: Sequence[int]) -> str:
    """Such as page 3, pages 3 to 7, pages 3, 9 and 4; of many that do not follow one another only how many."""
    if len(numbers) == 1:
        return f"page {numbers[0]}"
    if list(numbers) == list(range(numbers[0], numbers[0] + len(numbers))):
        return f"pages {numbers[0]} to {numbers[-1]}"
    if len(numbers) > MOST_NAMED:
        return f"{len(numbers)} pages"
    return f"pages {', '.join(map(str, numbers[:-1]))} and {numbers[-1]}"
