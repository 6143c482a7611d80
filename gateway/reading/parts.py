"""The files of a message: shelved as sealed blobs before the transaction, written down in it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sqlmodel import Session

from channels.active_content import active_in
from channels.contract import Enclosure, Fetched
from channels.media_type import fetched_media_type
from channels.streams.voice import voice_seconds
from gateway.clock import Clock
from gateway.reading import first_heard
from gateway.storable import clean
from gateway.unread import NO_READER, not_to_be_read
from storage import attachment, direct, work
from storage.attachment import Attachment, TextState
from storage.blobs import Blobs
from storage.message import Message

FETCH_TRIES = 12
TRANSCRIBE_TRIES = 3


@dataclass(frozen=True, kw_only=True)
class Shelved:
    """One enclosure whose bytes are durable already, or whose handle will be fetched."""

    name: str
    media_type: str
    handle: str | None = None
    sha256: str | None = None
    size: int | None = None
    heard_live: bool = False
    voice_seconds: float | None = None
    within: str = ""
    content_id: str = ""
    active: str = ""
    is_put_together: bool = False


class Parts:
    """``can_read`` tells whether there is an engine for the words in a file, ``are_scanned`` whether for viruses."""

    def __init__(
        self, *, blobs: Blobs, clock: Clock, can_read: Callable[[str, str], bool], are_scanned: bool = False
    ) -> None:
        self._blobs, self._clock, self._can_read, self._are_scanned = blobs, clock, can_read, are_scanned

    def shelve(self, enclosures: Sequence[Enclosure]) -> list[Shelved]:
        """Seal and fsync every enclosure that came with its bytes (blocks: call it in a thread)."""
        return [self._shelve(enclosure) for enclosure in enclosures]

    def _shelve(self, enclosure: Enclosure) -> Shelved:
        if enclosure.content is None:
            return Shelved(name=enclosure.name, media_type=enclosure.media_type, handle=enclosure.handle)
        sha256 = self._blobs.put(enclosure.content)
        size = len(enclosure.content)
        return Shelved(
            name=enclosure.name, media_type=enclosure.media_type, sha256=sha256, size=size,
            heard_live=enclosure.heard_live,
            voice_seconds=voice_seconds(enclosure.content) if enclosure.heard_live else None,
            within=enclosure.within, content_id=enclosure.content_id,
            active=active_in(enclosure.content, name=enclosure.name, media_type=enclosure.media_type),
        )  # fmt: skip

    def write(
        self,
        session: Session,
        message: Message,
        referral_id: int,
        shelved: Sequence[Shelved],
        *,
        unreadable: str,
        not_read: str = "",
    ) -> int:
        """The rows and what is due for them; a handle known already is not written twice. Returns how many.

        ``not_read``: why there is nothing to read in them.
        """
        written = 0
        for position, item in enumerate(shelved):
            if item.handle and attachment.with_handle(session, referral_id, item.handle):
                continue
            row = Attachment(
                message_id=message.id, referral_id=referral_id, position=(message.ledger_no or 0) * 1000 + position,
                channel=message.channel, name=clean(item.name), media_type=clean(item.media_type), handle=item.handle,
                size=item.size, sha256=item.sha256, heard_live=item.heard_live, voice_seconds=item.voice_seconds,
                within=clean(item.within), content_id=clean(item.content_id), active=item.active,
                is_put_together=item.is_put_together,
            )  # fmt: skip
            self._route(session, row, unreadable, not_read)
            direct.add(session, row)
            written += 1
        if any(item.heard_live for item in shelved):
            first_heard.settle(session, message.conversation)
        return written

    def arrived(
        self, session: Session, part_id: str, got: Fetched, sha256: str, *, voice: float | None, active: str
    ) -> None:
        """The bytes of a fetched part are durable: write that down and have it transcribed."""
        row = session.get_one(Attachment, part_id)
        row.sha256, row.size, row.voice_seconds = sha256, len(got.content), voice
        row.media_type = fetched_media_type(got.content, claimed=got.media_type or row.media_type)
        row.active = active
        self._route(session, row, "")
        session.add(row)
        session.flush()
        first_heard.settle(session, session.get_one(Message, row.message_id).conversation)

    def _route(self, session: Session, row: Attachment, unreadable: str, not_read: str = "") -> None:
        now = self._clock()
        if unreadable:
            row.text_state, row.note = TextState.FAILED, f"Could not be read: {unreadable}."
        elif row.sha256 is None:
            row.text_state = TextState.WAITING
            work.enqueue(session, "reading", "fetch", row.id, at=now, tries=FETCH_TRIES)
        elif why := not_read or not_to_be_read(row.channel, row.media_type, row.name):
            row.text_state, row.note = TextState.NONE, why
        elif self._can_read(row.media_type, row.name):
            row.text_state, row.note = TextState.WAITING, "Not transcribed yet."
            work.enqueue(session, "transcribing", "transcribe", row.id, at=now, tries=TRANSCRIBE_TRIES)
        else:
            row.text_state, row.note = TextState.NONE, NO_READER
        if self._are_scanned and row.sha256 is not None and not row.heard_live:
            work.enqueue(session, "scanning", "virus", row.id, at=now)


def original(message: Message) -> list[Shelved]:
    """The message itself as a part, for one that could not be read; its bytes are kept already."""
    return [Shelved(name="original", media_type=message.media_type, sha256=message.sha256, size=message.size)]


__all__ = ["Parts", "Shelved", "clean", "original"]
