"""Writes down what a message was: a new referral or more for an older one, and the acknowledgement owed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import Session

from channels.contract import Address, AddressClass, Inbound, Purpose
from gateway import notices, working_days
from gateway.clock import Clock
from gateway.delivery import HEARD
from gateway.notices import Safety
from gateway.owing import About, Owing
from gateway.reading import joining
from gateway.reading.parts import Parts, Shelved, clean
from storage import audit, identity, notice
from storage.identity import Identity
from storage.message import Message
from storage.notice import Notice, NoticeKind, NoticeState
from storage.referral import Kind, Referral, State
from storage.sealing import Seal

SUMMARY = 160
LIVE = (NoticeState.OWED, NoticeState.SENT, NoticeState.DELIVERED)
READ_IT = "Read it and decide who acts"
READ_MORE = "Read what was added"
SEE_ORIGINAL = "See the original: it could not be read by machine"


class OpeningUnread(Exception):
    """News of a call whose opening message has not been read yet: read it a moment later."""


class Recording:
    """All of it in the transaction it is given."""

    def __init__(self, *, seal: Seal, clock: Clock, parts: Parts, owing: Owing) -> None:
        self._seal, self._clock, self._parts, self._owing = seal, clock, parts, owing

    def record(
        self, session: Session, message: Message, inbound: Inbound, shelved: Sequence[Shelved], unreadable: str
    ) -> None:
        """A message as read, or as unreadable: it stands in the queue when this commits."""
        now = self._clock()
        who = self._remember(session, inbound, now)
        joined = joining.find(session, message, inbound, who)
        if joined is None and message.ledger_no is None:
            raise OpeningUnread
        row = joined.referral if joined else self._open(session, message, inbound, who, unreadable)
        self._mark_read(session, message, row, inbound, who, unreadable)
        added = self._parts.write(session, message, row.id or 0, shelved, unreadable=unreadable)
        if joined is None:
            self._note(session, row, f"Received by {message.channel.replace('_', ' ')}, number {message.ledger_no}")
        else:
            self._join(session, row, message, inbound, who, joined, added)
        if who and inbound.stop_texts:
            who.texts_stopped_at = now
            self._note(session, row, "The sender asked for no more texts")
        if who and inbound.texts_are_safe:
            who.open_words_at = now
        if self._owes_receipt(session, message, inbound, row, joined, who):
            for owed in notices.receipt(inbound, safety_of(who), now, came_by=message.channel):
                self._owing.write(session, row, owed, About(identity=who, message=message, inbound=inbound))
        session.add(row)

    def record_report(self, session: Session, message: Message, told: Notice | None) -> None:
        """A delivery report that was matched, or one that belongs to nothing we know."""
        stored = session.get_one(Message, message.id)
        stored.read_at, stored.referral_id = self._clock(), told.referral_id if told else None
        stored.unreadable = "" if told else "a report on a notice that is not ours"
        session.add(stored)

    def _remember(self, session: Session, inbound: Inbound, now: datetime) -> Identity | None:
        sender = inbound.sender
        if not sender.value or sender.kind in (AddressClass.NONE, AddressClass.WITHHELD):
            return None
        return identity.remember(
            session, self._seal, address_class=sender.kind, value=clean(sender.value),
            name=clean(inbound.sender_name), at=now,
        )  # fmt: skip

    def _open(
        self, session: Session, message: Message, inbound: Inbound, who: Identity | None, unreadable: str
    ) -> Referral:
        look_by = working_days.look_by(message.received_at)
        row = Referral(
            reference=message.reference, ledger_no=message.ledger_no or 0, channel=message.channel,
            kind=_kind(inbound, unreadable), received_at=message.received_at, captured_at=message.captured_at,
            look_by=look_by, due_at=look_by, next_action=SEE_ORIGINAL if unreadable else READ_IT,
            child_known=bool(inbound.facts.get("child")), summary=_summary(inbound), identity_id=who.id if who else None,
            last_message_at=message.received_at,
        )  # fmt: skip
        session.add(row)
        session.flush()
        return row

    def _mark_read(
        self, session: Session, message: Message, row: Referral, inbound: Inbound, who: Identity | None, unreadable: str
    ) -> None:
        stored = session.get_one(Message, message.id)
        stored.read_at, stored.referral_id = self._clock(), row.id
        stored.text, stored.unreadable = clean(inbound.text), unreadable
        stored.identity_id = who.id if who else None
        stored.thread_id = inbound.reply_handle.get("message_id")
        session.add(stored)

    def _join(
        self, session: Session, row: Referral, message: Message, inbound: Inbound, who: Identity | None,
        joined: joining.Joined, added: int,
    ) -> None:  # fmt: skip
        row.last_message_at = max(row.last_message_at, message.received_at)
        row.child_known = row.child_known or bool(inbound.facts.get("child"))
        row.summary = row.summary or _summary(inbound)
        if joined.same_event:
            row.identity_id = row.identity_id or (who.id if who else None)
            if message.purpose == Purpose.MESSAGE:
                row.channel = message.channel
            self._call_news(session, row, message, inbound, added)
            return
        self._note(session, row, f"More came by {message.channel.replace('_', ' ')}: {joined.why}")
        look_by = working_days.look_by(message.received_at)
        if row.state == State.CLOSED:
            row.state, row.closed_at = State.REOPENED, None
            self._note(session, row, "Reopened: a message came after it was closed")
        elif row.state == State.AWAITING_INFORMATION:
            row.state = State.IN_TRIAGE
            self._note(session, row, "Back in triage: an answer may have come")
        if row.state != State.RECEIVED:
            row.next_action, row.due_at = READ_MORE, look_by

    def _call_news(self, session: Session, row: Referral, message: Message, inbound: Inbound, added: int) -> None:
        """Webhooks of one call tell of it piece by piece; the end of it may show that the reference went unheard."""
        if added:
            self._note(session, row, "The recording is at the provider and is being fetched")
        if message.channel != "phone" or row.identity_id is None:
            return
        self._note(session, row, "The call ended")
        told = [n for n in notice.of_referrals(session, [row.id or 0]) if n.kind == NoticeKind.RECEIPT]
        if any(n.channel == "voice" and n.state == NoticeState.SENT for n in told) and len(told) == 1:
            owed = notices.task(HEARD, self._clock())
            self._owing.write(session, row, owed, About(message=message, inbound=inbound))

    def _owes_receipt(
        self, session: Session, message: Message, inbound: Inbound, row: Referral,
        joined: joining.Joined | None, who: Identity | None,
    ) -> bool:  # fmt: skip
        if joined is None:
            return True
        if message.purpose == Purpose.REPORT:
            return inbound.texts_are_safe
        since = self._clock() - notices.SAME_TALK
        earlier = [n for n in notice.of_referrals(session, [row.id or 0]) if n.kind == NoticeKind.RECEIPT]
        live = [n for n in earlier if n.state in LIVE and n.created_at >= since]
        return not any(joined.same_event or n.identity_id == (who.id if who else None) for n in live)

    def _note(self, session: Session, row: Referral, what: str) -> None:
        audit.record(session, at=self._clock(), who="frontdoor", what=what, referral_id=row.id)


def safety_of(who: Identity | None) -> Safety:
    """What is known about writing to this address."""
    if who is None:
        return Safety()
    return Safety(texts_stopped=who.texts_stopped_at is not None, texts_are_safe=who.open_words_at is not None)


def address_of(seal: Seal, who: Identity | None) -> Address:
    """The address in the clear, for sending."""
    if who is None:
        return Address(kind=AddressClass.NONE)
    return Address(kind=AddressClass(who.address_class), value=identity.address_of(seal, who))


def _kind(inbound: Inbound, unreadable: str) -> Kind:
    if unreadable:
        return Kind.UNCLEAR
    return Kind.MESSAGE_FOR_WORKER if inbound.facts.get("for_worker") else Kind.CONCERN


def _summary(inbound: Inbound) -> str:
    words = " ".join(clean(inbound.text or inbound.subject).split())
    return words if len(words) <= SUMMARY else words[: SUMMARY - 1].rstrip() + "…"
