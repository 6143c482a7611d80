"""Everything received, in strict order of receipt: immutable, chained by hash, its bytes kept sealed."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import Column, Index, LargeBinary, UniqueConstraint, bindparam, text
from sqlmodel import Field, Session, SQLModel, col, or_, select

from storage import direct
from storage.columns import UtcDateTime, locked, new_id

NO_HASH = "0" * 64
UNREAD = text("read_at IS NULL AND ledger_no IS NOT NULL")
SAYS = text("words_hash <> ''")
HAS_SENDER = text("identity_id IS NOT NULL")
POST = text("channel = 'letter'")


class ArrivedBasis(StrEnum):
    """How it is known on which day a letter reached the council (domain.md 2.1, receipt_basis)."""

    STAFF_ENTERED = "staff_entered"
    DATE_STAMP = "date_stamp"
    POSTMARK = "postmark"
    SEPARATOR = "separator_sheet"
    FOLDER = "scan_folder"


class LedgerHead(SQLModel, table=True):
    """The last number given and its hash; locked by whoever keeps a message, so numbers have no gaps."""

    __tablename__ = "ledger_head"

    id: int = Field(default=1, primary_key=True)
    ledger_no: int = 0
    chain_hash: str = NO_HASH


class Message(SQLModel, table=True):
    """One thing received. Reports of a provider about something known have no ledger number.

    ``reference`` is the one promised at the door; the referral it ends in may be another, older one.
    The first block never changes (the database refuses it); the second is what reading made of it: ``folds`` is JSON,
    ``[[start, end, kind], …]`` in characters of ``text``, of what is quoted or repeated and shown folded;
    ``sealed_proof`` what is known of who really sent it, ``sender_mark`` the few words of it that all staff may see;
    ``subject`` what a mail says there, where that is not all of its words;
    ``spam`` why it may be unwanted mail; ``has_page``: it was laid out as a page beside its words.
    ``scan_id``: of a letter, the message that brought the file it was scanned in (its own id, if that one is it).
    ``arrived_on``: the day a letter reached the council, where it is known: the clock runs from then; ``arrived_basis``
    is ``ArrivedBasis``, ``arrived_by`` who said so.
    """

    __table_args__ = (
        UniqueConstraint("channel", "source_key"),
        Index("message_unread", "ledger_no", sqlite_where=UNREAD, postgresql_where=UNREAD),
        Index("message_post", "ledger_no", sqlite_where=POST, postgresql_where=POST),
        Index("message_file", "sha256", sqlite_where=POST, postgresql_where=POST),
        Index("message_of_sender", "identity_id", sqlite_where=HAS_SENDER, postgresql_where=HAS_SENDER),
        Index("message_says", "words_hash", "read_at", sqlite_where=SAYS, postgresql_where=SAYS),
    )

    id: str = Field(default_factory=new_id, primary_key=True)
    ledger_no: int | None = Field(default=None, unique=True)
    prev_hash: str = ""
    chain_hash: str = ""
    channel: str
    source_key: str
    conversation: str | None = Field(default=None, index=True)
    reference: str = Field(index=True)
    purpose: str
    media_type: str
    sha256: str
    size: int
    received_at: datetime = Field(sa_type=UtcDateTime)
    captured_at: datetime = Field(sa_type=UtcDateTime)

    referral_id: int | None = Field(default=None, index=True)
    read_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    text: str = ""
    subject: str = ""
    unreadable: str = ""
    identity_id: str | None = None
    thread_id: str | None = Field(default=None, index=True)
    words_hash: str = ""
    folds: str = "[]"
    sealed_proof: bytes | None = Field(default=None, sa_column=Column(LargeBinary))
    spam: str = ""
    sender_mark: str = ""
    has_page: bool = False
    scan_id: str | None = Field(default=None, index=True)
    arrived_on: date | None = None
    arrived_basis: str = ""
    arrived_by: str = ""


class Content(SQLModel, table=True):
    """The sealed bytes of a message: small bodies here (one fsync with their row), large ones in a sealed file."""

    message_id: str = Field(primary_key=True)
    envelope: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    body: bytes | None = Field(default=None, sa_column=Column(LargeBinary))


def link_hash(prev_hash: str, ledger_no: int, channel: str, received_at: str, sha256: str) -> str:
    """sha256 over the previous link and what must not change of this message (64 hex digits)."""
    return hashlib.sha256(f"{prev_hash}|{ledger_no}|{channel}|{received_at}|{sha256}".encode()).hexdigest()


def received_text(at: datetime) -> str:
    """The form of a time that goes into the chain: UTC, microseconds."""
    return at.strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def of_referrals(session: Session, referral_ids: Sequence[int]) -> list[Message]:
    """The messages of some referrals, in order of receipt."""
    query = select(Message).where(col(Message.referral_id).in_(referral_ids), col(Message.ledger_no).is_not(None))
    return list(session.exec(query.order_by(col(Message.ledger_no))))


def scans_lately(session: Session, limit: int) -> list[Message]:
    """The messages that brought post last, the newest first; the letters divided from a scan are not among them."""
    brought = or_(col(Message.scan_id).is_(None), Message.scan_id == Message.id)
    query = select(Message).where(POST, col(Message.ledger_no).is_not(None), brought)
    return list(session.exec(query.order_by(col(Message.ledger_no).desc()).limit(limit)))


def of_scans(session: Session, scan_ids: Sequence[str]) -> list[Message]:
    """The letters that were found in some scans, in order of their numbers."""
    query = select(Message).where(col(Message.scan_id).in_(scan_ids))
    return list(session.exec(query.order_by(col(Message.ledger_no)))) if scan_ids else []


def scans_of_file(session: Session, sha256: str) -> list[list[str]]:
    """The ids of the letters of each scan that came as these bytes, in order of receipt."""
    query = select(Message.id, Message.scan_id).where(
        POST, Message.sha256 == sha256, col(Message.ledger_no).is_not(None)
    )
    scans: dict[str, list[str]] = {}
    for id_, scan_id in session.exec(query.order_by(col(Message.ledger_no))):
        scans.setdefault(scan_id or id_, []).append(id_)
    return list(scans.values())


def referral_of(session: Session, message_id: str, *, lock: bool) -> int | None:
    """The referral it ended in, None before it is read; ``lock`` waits for whoever reads it now."""
    query = select(col(Message.referral_id)).where(Message.id == message_id)
    return session.exec(query.with_for_update() if lock else query).one()


def sender_marks(session: Session, referral_ids: Sequence[int]) -> dict[int, tuple[str, ...]]:
    """What is marked of the senders of some referrals, each mark once, in order of receipt."""
    query = select(Message.referral_id, Message.sender_mark).where(
        col(Message.referral_id).in_(referral_ids), Message.sender_mark != ""
    )
    marks: dict[int, tuple[str, ...]] = {}
    for referral_id, mark in session.exec(query.order_by(col(Message.ledger_no))):
        known = marks.get(referral_id or 0, ())
        marks[referral_id or 0] = known if mark in known else (*known, mark)
    return marks


def of_same_talk(session: Session, ids: Sequence[str], shown: Sequence[Message]) -> dict[str, str]:
    """For those of the ids that are not shown themselves: the first message of the same conversation that is."""
    hidden = set(ids) - {each.id for each in shown}
    first: dict[tuple[int | None, str], str] = {}
    for each in shown:
        if each.conversation:
            first.setdefault((each.referral_id, each.conversation), each.id)
    rows = session.exec(select(Message).where(col(Message.id).in_(hidden))).all() if hidden else ()
    found = {each.id: first.get((each.referral_id, each.conversation or "")) for each in rows}
    return {id_: place for id_, place in found.items() if place}


def waiting_to_be_read(session: Session, limit: int = 500, *, after: int = 0) -> list[Message]:
    """Messages kept but not read yet, with ledger numbers above ``after``: they stand in the queue all the same."""
    query = select(Message).where(UNREAD, col(Message.ledger_no) > after)
    return list(session.exec(query.order_by(col(Message.ledger_no)).limit(limit)))


def ended_in(session: Session, told: Sequence[str]) -> int | None:
    """The id of the referral that a message with one of these promised references ended in."""
    if not told:
        return None
    query = select(Message.referral_id).where(col(Message.reference).in_(told), col(Message.referral_id).is_not(None))
    return session.exec(query.order_by(col(Message.captured_at)).limit(1)).first()


def numbered(session: Session, told: Sequence[str]) -> list[Message]:
    """Every message of somebody, read or not, that was promised one of these references, in order of receipt."""
    query = select(Message).where(col(Message.reference).in_(told), col(Message.ledger_no).is_not(None))
    return list(session.exec(query.order_by(col(Message.ledger_no))))


_IN_THREAD = "SELECT id FROM message WHERE referral_id IS NOT NULL"
_KEPT = select(Message, Content).join(Content, col(Content.message_id) == col(Message.id))
_KEPT = _KEPT.where(Message.id == bindparam("message_id"))


def id_of(session: Session, channel: str, source_key: str) -> str | None:
    """The id of the message that came as this event."""
    return session.exec(select(Message.id).where(Message.channel == channel, Message.source_key == source_key)).first()


def held_arrival(session: Session, message_id: str) -> tuple[date | None, str, str]:
    """The day it arrived, how that is known and who said so; nobody else says it until the transaction ends."""
    known = select(col(Message.arrived_on), col(Message.arrived_basis), col(Message.arrived_by))
    on, basis, by = session.exec(known.where(Message.id == message_id).with_for_update()).one()
    return on, basis, by


def with_content(session: Session, message_id: str) -> tuple[Message, Content]:
    """A message and its sealed bytes, in one question."""
    message, content = session.exec(_KEPT, params={"message_id": message_id}).one()
    return message, content


def envelopes(session: Session, ids: Sequence[str]) -> dict[str, bytes]:
    """The sealed envelopes of some messages by their ids, without the bodies."""
    query = select(Content.message_id, Content.envelope).where(col(Content.message_id).in_(ids))
    return dict(session.exec(query).all()) if ids else {}


def earlier_in_thread(session: Session, keys: Sequence[str]) -> Message | None:
    """The newest read message that carries one of these thread ids (mail ids), if it has a referral."""
    if not keys:
        return None
    in_thread = f"{_IN_THREAD} AND thread_id IN ({direct.marks(len(keys))}) ORDER BY ledger_no DESC LIMIT 1"
    found = direct.ask(session, in_thread, keys)
    return session.get(Message, found[0][0]) if found else None


def hold_talk(session: Session, conversation: str) -> None:
    """Whoever else reads a message of this conversation waits until this transaction ends."""
    first = (
        select(Message.id)
        .where(Message.conversation == conversation)
        .order_by(col(Message.captured_at), col(Message.id))
    )
    session.exec(locked(first.limit(1))).all()


def is_told_of_otherwise(session: Session, one: Message) -> bool:
    """Whether anything else is kept of the conversation of this message."""
    query = select(Message.id).where(Message.conversation == one.conversation, Message.id != one.id)
    return session.exec(query.limit(1)).first() is not None


def opening_of(session: Session, conversation: str) -> Message | None:
    """The message that opened a conversation and already has its referral."""
    query = select(Message).where(Message.conversation == conversation, col(Message.referral_id).is_not(None))
    return session.exec(query.limit(1)).first()
