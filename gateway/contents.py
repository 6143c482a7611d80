"""The exact bytes behind a message or a part, opened for somebody who may see them."""

from __future__ import annotations

from collections.abc import Iterator

from sqlmodel import Session

from storage.attachment import Attachment
from storage.blobs import BlobMissing, Blobs
from storage.message import Content, Message
from storage.sealing import Seal


class Contents:
    """Blocks on the disk: call it in a thread. Raises ``BlobMissing`` or ``SealBroken``."""

    def __init__(self, *, blobs: Blobs, seal: Seal) -> None:
        self._blobs, self._seal = blobs, seal

    def of_message(self, session: Session, row: Message) -> bytes:
        """What the wire gave, byte for byte."""
        content = session.get(Content, row.id)
        if content is None:
            raise BlobMissing("its row is gone")
        if content.body is None:
            return self._blobs.get(row.sha256)
        return self._seal.open(content.body, f"body:{row.id}")

    def pieces_of_message(self, session: Session, row: Message) -> Iterator[bytes]:
        """The same a piece at a time; those of a large one are read as they are asked for."""
        content = session.get(Content, row.id)
        if content is None:
            raise BlobMissing("its row is gone")
        if content.body is None:
            return self._blobs.pieces(row.sha256)
        return iter([self._seal.open(content.body, f"body:{row.id}")])

    def pieces_of_part(self, session: Session, row: Attachment) -> Iterator[bytes]:
        """The same a piece at a time."""
        if row.sha256 is None:
            raise BlobMissing("not fetched yet")
        message = session.get(Message, row.message_id)
        if message is not None and message.sha256 == row.sha256:
            return self.pieces_of_message(session, message)
        return self._blobs.pieces(row.sha256)

    def of_part(self, session: Session, row: Attachment) -> bytes:
        """A part's bytes; one that is the whole message is opened from there."""
        if row.sha256 is None:
            raise BlobMissing("not fetched yet")
        message = session.get(Message, row.message_id)
        if message is not None and message.sha256 == row.sha256:
            return self.of_message(session, message)
        return self._blobs.get(row.sha256)
