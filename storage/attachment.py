"""One file of a message: a recording, a scan, a photo; its bytes in a sealed file, its text when it has been read."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum

from sqlmodel import Field, Session, SQLModel, col, select

from storage.columns import UtcDateTime, new_id
from storage.message import Message


class TextState(StrEnum):
    """How far the words of a part have got."""

    NONE = "none"  # nothing to read in this kind of file
    WAITING = "waiting"  # not transcribed yet
    DONE = "done"
    FAILED = "failed"  # a person reads or hears the original


class VirusState(StrEnum):
    """What a virus scanner said of a part; it marks, nothing is ever deleted for it."""

    CLEAN = "clean"
    FOUND = "found"
    NOT_CHECKED = "not_checked"  # too large for it, or it could not be asked in time


class Active(StrEnum):
    """What in a part could run on the machine of whoever opens it."""

    NONE = ""
    PROGRAM = "program"  # by its bytes or its name
    MACRO = "macro"  # in a document of an office program
    SCRIPT = "script"  # in a PDF
    PAGE = "page"  # a web page or drawing that a browser would run


class Attachment(SQLModel, table=True):
    """A part of a referral. ``sha256`` is empty until the bytes behind ``handle`` have been fetched.

    ``language`` is the one that is spoken or written (ISO 639-1), empty where unknown; ``progress`` how much of it has
    been read by machine so far, 0 to 1, None while nobody reads. ``heard_live``: it is the stream of a call, kept as
    the caller spoke; ``second_to`` names the part that holds the same and is shown first; ``voice_seconds`` is for how
    long there is more than silence in a part of a call. ``within`` names the file it was packed in; ``content_id`` is
    the id by which the mail's page shows it; ``active`` is what in it could run, empty for nothing; ``virus_state`` is
    what a virus scanner said, empty while nobody asked, and ``virus_name`` what it found, or why it could not look.
    ``is_put_together``: a letter made of pages of a scan (``storage.sheet``), not a file as it came.
    """

    id: str = Field(default_factory=new_id, primary_key=True)
    message_id: str = Field(index=True)
    referral_id: int = Field(index=True)
    position: int
    channel: str
    name: str
    media_type: str
    handle: str | None = Field(default=None, index=True)
    size: int | None = None
    sha256: str | None = Field(default=None, index=True)
    text: str = ""
    text_state: str = TextState.NONE
    confidence: float | None = None
    engine: str = ""
    segments: str = "[]"
    note: str = ""
    transcribed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    language: str = ""
    progress: float | None = None
    heard_live: bool = False
    voice_seconds: float | None = None
    second_to: str | None = None
    within: str = ""
    content_id: str = ""
    active: str = ""
    virus_state: str = ""
    virus_name: str = ""
    virus_checked_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    is_put_together: bool = False


def of_referrals(session: Session, referral_ids: Sequence[int]) -> list[Attachment]:
    """The parts of some referrals, in the order of their messages."""
    query = select(Attachment).where(col(Attachment.referral_id).in_(referral_ids))
    return list(session.exec(query.order_by(col(Attachment.position))))


def of_message(session: Session, message_id: str) -> list[Attachment]:
    """The parts of one message, in their order."""
    query = select(Attachment).where(Attachment.message_id == message_id)
    return list(session.exec(query.order_by(col(Attachment.position))))


def with_handle(session: Session, referral_id: int, handle: str) -> Attachment | None:
    """The part of this referral already known under a provider's handle."""
    return session.exec(
        select(Attachment).where(Attachment.referral_id == referral_id, Attachment.handle == handle)
    ).first()


def of_conversation(session: Session, conversation: str) -> list[Attachment]:
    """The parts that came with the events of one call, in the order of their messages."""
    query = select(Attachment).join(Message, col(Message.id) == col(Attachment.message_id))
    return list(session.exec(query.where(Message.conversation == conversation).order_by(col(Attachment.position))))
