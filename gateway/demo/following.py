"""Follows what happens inside the gateway by asking its database, and says each thing once, in one line."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlmodel import Session, col, select

from storage.attachment import Attachment, TextState
from storage.message import Message
from storage.notice import Notice, NoticeKind, NoticeState
from storage.referral import Referral

BY = {
    "sms": "acknowledged by text",
    "email": "acknowledged by email",
    "letter": "acknowledged by letter, in the print folder",
    "voice": "acknowledged: the reference was read out",
    "web": "acknowledged: the page shows the reference",
}
REACHED = {"voice": "the caller stayed to the end of the reference", "sms": "the text was delivered"}
FILES = {"audio": "the recording", "image": "a picture"}


class Tone(StrEnum):
    """How a line is to be taken."""

    ARRIVED = "arrived"
    WELL = "well"
    READ = "read"
    PERSON = "person"  # somebody has something to do


@dataclass(frozen=True, kw_only=True)
class Happening:
    """One line: when, about which referral, by which channel, and what; nothing of what anybody wrote."""

    at: datetime
    reference: str
    channel: str
    what: str
    tone: Tone


@dataclass(frozen=True, kw_only=True)
class Row:
    """A row and its referral; none while a message is unread."""

    row: Message | Notice | Attachment
    about: Referral | None


class Follower:
    """Remembers what it has said. ``hears``: a speech model is at hand."""

    def __init__(self, *, hears: bool) -> None:
        self._hears, self._said = hears, set[tuple[str, str]]()

    def look(self, session: Session, now: datetime) -> list[Happening]:
        """What is new since the last look, in order of time; ``now`` is for what is kept without a time."""
        found = [*_messages(session), *_notices(session), *_parts(session)]
        news = [said for one in found for said in self._news(one, now)]
        return sorted(news, key=lambda happening: happening.at)

    def _news(self, one: Row, now: datetime) -> Iterator[Happening]:
        for step, happening in _steps(one, now, hears=self._hears):
            key = (one.row.id, step)
            if key not in self._said:
                self._said.add(key)
                yield happening


def _messages(session: Session) -> Sequence[Row]:
    query = select(Message, Referral).outerjoin(Referral, col(Referral.id) == col(Message.referral_id))
    return [Row(row=row, about=about) for row, about in session.exec(query.where(col(Message.ledger_no).is_not(None)))]


def _notices(session: Session) -> Sequence[Row]:
    query = select(Notice, Referral).join(Referral, col(Referral.id) == col(Notice.referral_id))
    return [Row(row=row, about=about) for row, about in session.exec(query)]


def _parts(session: Session) -> Sequence[Row]:
    query = select(Attachment, Referral).join(Referral, col(Referral.id) == col(Attachment.referral_id))
    return [Row(row=row, about=about) for row, about in session.exec(query)]


def _steps(one: Row, now: datetime, *, hears: bool) -> Iterator[tuple[str, Happening]]:
    """Every step a row has come, the earlier ones included, each under a name of its own."""
    match one.row:
        case Message() as row:
            yield from _of_message(row, one.about)
        case Notice() as row if one.about:
            yield from _of_notice(row, one.about)
        case Attachment() as row if one.about:
            yield from _of_part(row, one.about, now, hears=hears)


def _of_message(row: Message, about: Referral | None) -> Iterator[tuple[str, Happening]]:
    def happening(what: str, tone: Tone) -> Happening:
        return Happening(at=row.captured_at, reference=row.reference, channel=row.channel, what=what, tone=tone)

    yield "received", happening(f"received, number {row.ledger_no} in the ledger", Tone.ARRIVED)
    if about and about.reference != row.reference:
        yield "joined", happening(f"joins {about.reference}", Tone.ARRIVED)
    if row.unreadable:
        yield "unreadable", happening("no machine can read it: a person looks at the original", Tone.PERSON)


def _of_notice(row: Notice, about: Referral) -> Iterator[tuple[str, Happening]]:
    def happening(at: datetime | None, what: str, tone: Tone) -> Happening:
        when = at or row.created_at
        return Happening(at=when, reference=about.reference, channel=about.channel, what=what, tone=tone)

    if row.kind == NoticeKind.STAFF_TASK:
        yield "task", happening(None, f"a person owes: {row.reason}", Tone.PERSON)
        return
    is_receipt, name = row.kind == NoticeKind.RECEIPT, row.kind.replace("_", " ")
    if row.state in (NoticeState.SENT, NoticeState.DELIVERED):
        sent = BY[row.channel] if is_receipt and row.channel in BY else f"{name} notice sent by {row.channel}"
        yield "sent", happening(row.sent_at, sent, Tone.WELL)
    if row.state == NoticeState.DELIVERED:
        yield "delivered", happening(row.delivered_at, REACHED.get(row.channel, f"{name} delivered"), Tone.WELL)
    if row.state == NoticeState.CANCELLED:
        yield "none", happening(None, f"no {name} by machine: {row.reason}", Tone.PERSON)
    if row.state == NoticeState.FAILED:
        yield "failed", happening(None, f"the {name} could not be delivered: {row.reason}", Tone.PERSON)


def _of_part(row: Attachment, about: Referral, now: datetime, *, hears: bool) -> Iterator[tuple[str, Happening]]:
    def happening(what: str, tone: Tone) -> Happening:
        when = row.transcribed_at or now
        return Happening(at=when, reference=about.reference, channel=row.channel, what=what, tone=tone)

    file = FILES.get(row.media_type.partition("/")[0], "a document")
    if row.text_state == TextState.DONE and row.text:
        yield "read", happening(f"the words of {file} were read by machine", Tone.READ)
    elif row.text_state == TextState.DONE:
        yield "read", happening(f"{file} has no words in it", Tone.READ)
    elif row.text_state == TextState.FAILED:
        yield "unread", happening(f"{file} cannot be read by machine: a person looks at the original", Tone.PERSON)
    elif row.text_state == TextState.WAITING and row.sha256 and file == FILES["audio"] and not hears:
        yield "waits", happening("the recording is kept and plays; not transcribed yet: no speech model", Tone.READ)
