"""Writes down what a message was: a new referral or more for an older one, and the acknowledgement owed."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime

from sqlmodel import Session

from channels.contract import Answerable, Inbound, Purpose
from channels.note import UNFINISHED
from gateway import arrival, notices, promised, working_days
from gateway.budgets import Budgets, fingerprint
from gateway.clock import Clock
from gateway.ladder import hasten, promise, start_clock
from gateway.life_cycle import Event, after
from gateway.owing import About, Owing
from gateway.reaching import Reaching
from gateway.reading import first_heard, for_worker, joining, of_a_note, of_the_desk
from gateway.reading.answering import Answering, Read
from gateway.reading.as_read import sealed_proof, written_folds
from gateway.reading.asked import AskedAbout
from gateway.reading.of_a_call import READ_IT, OfACall
from gateway.reading.parts import Parts, Shelved, clean
from gateway.reading.quoted import Quoted
from gateway.reading.remembering import Remembering
from gateway.reading.same_file import link_same_file
from gateway.reopening import reopen
from gateway.sender_proof import mark_of
from gateway.texts_as_one import comes_before
from gateway.unopened import came_before
from storage import audit, direct, notice, searching
from storage import message as messages
from storage.attachment import Attachment, TextState
from storage.message import Message
from storage.notice import Notice, NoticeKind, NoticeState
from storage.referral import Kind, Referral, State
from storage.sealing import Seal

SUMMARY = 160
SUMMARY_SUBJECT = 70
ANSWERS = re.compile(r"(?i)(?:re|aw|sv|antw|odp)(?:\[\d+\])?:")
LIVE = (NoticeState.OWED, NoticeState.SENT, NoticeState.DELIVERED)
READ_MORE = "Read what was added"
WHICH_ONE = "Read what was added, and check whether it is about this report or another of theirs"
MACHINE_SPOKE = "look at an automatic message that came after it was closed"
OUR_OWN = "A letter of ours that came back: its words are ours and are not read."
NOT_OURS = "a report on a notice that is not ours"
ANOTHERS = "tell the sender the reference of this referral, for the one they were told is another's"
BEING_FETCHED = "The recording is at the provider and is being fetched"
UNOPENED = "ask the sender for what could not be opened: a part of the mail is encrypted, damaged or too much"
SEE_ORIGINAL = "See the original: it could not be read by machine"


class OpeningUnread(Exception):
    """News of a call whose opening message has not been read yet: read it a moment later."""


class Recording:
    """All of it in the transaction it is given."""

    def __init__(
        self, *, seal: Seal, clock: Clock, parts: Parts, owing: Owing, reaching: Reaching, budgets: Budgets
    ) -> None:
        self._seal, self._clock, self._parts, self._owing = seal, clock, parts, owing
        self._remembering = Remembering(seal=seal, clock=clock)
        self._asked = AskedAbout(seal=seal, owing=owing, clock=clock)
        self._quoted = Quoted(owing=owing, clock=clock)
        self._of_a_call = OfACall(owing=owing, clock=clock)
        self._answering = Answering(owing=owing, reaching=reaching, budgets=budgets, clock=clock)

    def record(
        self, session: Session, message: Message, inbound: Inbound, shelved: Sequence[Shelved], unreadable: str
    ) -> None:
        """A message as read, or as unreadable: it stands in the queue when this commits."""
        if message.conversation is not None:
            messages.hold_talk(session, message.conversation)
        known = self._remembering.know(session, message, inbound)
        read = Read(
            message=message, inbound=inbound, who=known.who, unreadable=unreadable, is_from_new=known.is_new,
            words_hash=fingerprint(self._seal, inbound),
        )  # fmt: skip
        earlier = None if known.is_new else known.who
        joined = joining.find(session, message, inbound, earlier, threads=self._threads(inbound))
        if joined is None and message.ledger_no is None:
            raise OpeningUnread
        row = joined.referral if joined else self._open(session, read)
        self._mark_read(session, read, row)
        added = self._parts.write(session, message, row.id or 0, shelved, unreadable=unreadable)
        searching.index(session, row.id or 0)
        if first_heard.is_live(inbound):
            self._note(session, row, first_heard.said(inbound))
        if joined is None:
            self._note(session, row, f"Received by {message.channel.replace('_', ' ')}, number {message.ledger_no}")
        elif joined.same_event:
            self._same_event(session, read, row, added)
        else:
            self._join(session, read, row, joined)
        self._remembering.heed(session, row, inbound, known)
        self._asked.heed(session, row, message)
        of_a_note.heed(session, row, inbound, self._clock())
        link_same_file(session, row, message, self._clock())
        if joined is None or not joined.same_event:
            self._quoted.heed(session, row, inbound, is_new=joined is None)
        self._answering.answer(session, row, read, is_owed=self._owes_receipt(session, read, row, joined))
        if inbound.unopened and inbound.answerable is not Answerable.MACHINE and not (joined and joined.is_repeat):
            self._owing.write(session, row, notices.task(UNOPENED, self._clock()), About())
        if joined and joined.same_event and message.reference == row.reference:
            self._of_a_call.look_for_unheard(session, row, read)
        if joined is None and row.kind == Kind.MESSAGE_FOR_WORKER and message.conversation is None:
            self._answering.promise_answer(session, row, read)

    def ask_for_locked(self, session: Session, mail: Message, inbound: Inbound) -> None:
        """A file of it proved to be locked: as for what was found to be so when the mail itself was read."""
        is_machine = inbound.answerable is Answerable.MACHINE
        if mail.referral_id is None or inbound.unopened or is_machine or came_before(session, mail):
            return
        row = session.get_one(Referral, mail.referral_id)
        self._owing.write(session, row, notices.task(UNOPENED, self._clock()), About())

    def record_report(
        self, session: Session, message: Message, told: Notice | None, shelved: Sequence[Shelved] = ()
    ) -> None:
        """A delivery report that was matched, or one that belongs to nothing we know; ``shelved`` is what shows it."""
        if told is None:
            self.set_aside(session, message, NOT_OURS)
            return
        direct.update(session, "message", message.id, read_at=self._clock(), referral_id=told.referral_id)
        if shelved:
            row = session.get_one(Referral, told.referral_id)
            self._parts.write(session, message, told.referral_id, shelved, unreadable="", not_read=OUR_OWN)
            self._note(session, row, f"The {told.kind.replace('_', ' ')} letter came back")

    def set_aside(self, session: Session, message: Message, why: str) -> None:
        """A report that belongs to nothing and says nothing readable: kept, and said so, but no referral of its own."""
        direct.update(session, "message", message.id, read_at=self._clock(), unreadable=why)

    def miss_part(self, session: Session, part_id: str, why: str) -> None:
        """A part will never come: the item says so and a person owes the sender a question about it."""
        part = session.get_one(Attachment, part_id)
        part.text_state, part.note = TextState.FAILED, f"Could not be fetched: {why}."
        session.add(part)
        row = session.get_one(Referral, part.referral_id)
        task = notices.task(f"ask the sender for what they sent along: it could not be fetched ({why})", self._clock())
        self._owing.write(session, row, task, About())
        self._note(session, row, f"A part could not be fetched ({why}); a person owes it")

    def _open(self, session: Session, read: Read) -> Referral:
        message, start = read.message, arrival.clock_start(read.message)
        look_by = working_days.look_by(start)
        given = promised.own_reference(session, message.reference)
        row = Referral(
            reference=given, ledger_no=message.ledger_no or 0, channel=message.channel,
            kind=_kind(read), received_at=start, captured_at=message.captured_at,
            look_by=look_by, due_at=look_by, next_action=SEE_ORIGINAL if read.unreadable else READ_IT,
            child_known=bool(read.inbound.facts.get("child")), summary=_summary(read),
            identity_id=read.who_id, last_message_at=message.received_at,
            child_told_us=read.inbound.facts.get("child_told_us") == "yes",
        )  # fmt: skip
        if message.conversation is not None:
            self._of_a_call.add(row, read)
        start_clock(row, look_by, start)
        of_the_desk.set_apart_if_so(row, read.inbound, start)
        if read.inbound.answerable is not Answerable.MACHINE:
            promise(row, self._told(read, look_by))
        direct.add(session, row)
        if given != message.reference:
            task = notices.task(f"{ANOTHERS}: it was {message.reference}", self._clock())
            self._owing.write(session, row, task, About(identity=read.who, message=message))
        return row

    def _told(self, read: Read, look_by: datetime) -> datetime:
        """What the receipt says: unless the door said it, nobody is promised a time that has passed."""
        has_time = look_by > self._clock() or read.inbound.answered_by_door
        return look_by if has_time else working_days.look_by(self._clock())

    def _mark_read(self, session: Session, read: Read, row: Referral) -> None:
        direct.update(
            session, "message", read.message.id, read_at=self._clock(), referral_id=row.id,
            text=clean(read.inbound.text), subject=clean(_subject(read)), unreadable=read.unreadable,
            identity_id=read.who_id, thread_id=self._threads(read.inbound).own, words_hash=read.words_hash,
            folds=written_folds(read.inbound.folds), spam=clean(read.inbound.spam),
            sealed_proof=sealed_proof(self._seal, read.message.id, read.inbound.proof),
            sender_mark=mark_of(read.inbound.proof),
            has_page=read.inbound.has_page,
        )  # fmt: skip
        if known := arrival.told_of(read.message):
            self._note(session, row, f"The day of arrival: {known}")

    def _join(self, session: Session, read: Read, row: Referral, joined: joining.Joined) -> None:
        """A later message of the same or another sender: what is closed is opened again, what waited goes on.

        A request about texts is heeded and one that came twice is kept: neither gives anybody something to do.
        """
        self._note(session, row, f"More came by {read.message.channel.replace('_', ' ')}: {joined.why}")
        self._add_facts(read, row)
        arrival.came_earlier(session, row, read.message, self._clock())
        if joined.is_repeat or read.inbound.stop_texts or read.inbound.start_texts:
            return
        if read.inbound.answerable is Answerable.MACHINE:
            if row.state == State.CLOSED:
                self._owing.write(session, row, notices.task(MACHINE_SPOKE, self._clock()), About())
            return
        look_by = working_days.look_by(arrival.clock_start(read.message))
        if reopen(session, row, Event.NEW_MESSAGE, "a message came after it was closed", self._clock()):
            promise(row, self._told(read, look_by))
        elif row.state == State.AWAITING_INFORMATION:
            row.state = after(Event.NEW_MESSAGE, row.state)
            start_clock(row, look_by, self._clock())
            promise(row, notices.next_notice_by(look_by))
            self._note(session, row, "Back in triage: an answer may have come")
        if row.state != State.RECEIVED:
            row.next_action = WHICH_ONE if joined.is_guess else READ_MORE
            hasten(row, look_by)
        for_worker.say_if_away(session, row, self._clock())

    def _same_event(self, session: Session, read: Read, row: Referral, added: int) -> None:
        """Webhooks of one call tell of it piece by piece."""
        self._add_facts(read, row)
        if added and not first_heard.is_live(read.inbound):
            self._note(session, row, BEING_FETCHED)
        if read.inbound.facts.get("ended"):
            self._note(session, row, "The call ended")
        if read.message.reference == row.reference:
            self._own_event(session, read, row)

    def _own_event(self, session: Session, read: Read, row: Referral) -> None:
        """Of the call that opened it. One that joined an older referral says nothing of who told us of that one."""
        self._of_a_call.add(row, read)
        row.identity_id = row.identity_id or read.who_id

    def _add_facts(self, read: Read, row: Referral) -> None:
        row.last_message_at = max(row.last_message_at, read.message.received_at)
        row.child_known = row.child_known or bool(read.inbound.facts.get("child"))
        if not row.summary or comes_before(read.inbound.text, row.summary):
            row.summary = _summary(read)

    def _owes_receipt(self, session: Session, read: Read, row: Referral, joined: joining.Joined | None) -> bool:
        if joined is None:
            return True
        if joined.is_repeat or read.inbound.stop_texts or read.inbound.start_texts:
            return False
        if read.inbound.answers_notice or read.inbound.by_hand == UNFINISHED:
            return True
        if joined.same_event and read.message.reference == row.reference:
            return self._of_a_call.owes_receipt(session, row, read)
        if read.message.conversation and not self._of_a_call.owes_for_addition(session, row, read):
            return False
        if read.message.purpose == Purpose.REPORT:
            return read.inbound.texts_are_safe
        since = self._clock() - notices.SAME_TALK
        live = [n for n in self._receipts(session, row) if n.state in LIVE and n.created_at >= since]
        return not any(joined.same_event or n.identity_id == read.who_id for n in live)

    def _threads(self, inbound: Inbound) -> joining.Threads:
        own = thread_key(self._seal, inbound.reply_handle.get("message_id"))
        return joining.Threads(own=own, answered=tuple(thread_key(self._seal, one) or "" for one in inbound.replies_to))

    def _receipts(self, session: Session, row: Referral) -> list[Notice]:
        return [n for n in notice.of_referrals(session, [row.id or 0]) if n.kind == NoticeKind.RECEIPT]

    def _note(self, session: Session, row: Referral, what: str) -> None:
        audit.record(session, at=self._clock(), who="frontdoor", what=what, referral_id=row.id)


def thread_key(seal: Seal, message_id: str | None) -> str | None:
    """A mail's own id names its sender's domain: kept as a keyed hash, by which a later mail still finds it."""
    return seal.blind(f"thread:{message_id}") if message_id else None


def _kind(read: Read) -> Kind:
    if read.unreadable:
        return Kind.UNCLEAR
    return Kind.MESSAGE_FOR_WORKER if read.inbound.facts.get("for_worker") else Kind.CONCERN


def _subject(read: Read) -> str:
    """Of a mail, where its words do not say it already; that of a mailed voicemail names who rang, and is left out."""
    subject = read.inbound.subject.strip()
    return subject if read.message.channel == "email" and subject != read.inbound.text.strip() else ""


def _summary(read: Read) -> str:
    """The first new words, after a mail's subject; a machine's of what was said are not them, and come later."""
    if read.inbound.facts.get("words_by") == "machine":
        return ""
    about, words = _in_one_line(_subject(read)), _in_one_line(read.inbound.new_words or read.inbound.subject)
    if ANSWERS.match(about) or about == words:
        about = ""
    return _shortened(": ".join(filter(None, [_shortened(about, SUMMARY_SUBJECT), words])), SUMMARY)


def _in_one_line(words: str) -> str:
    return " ".join(clean(words).split())


def _shortened(words: str, longest: int) -> str:
    return words if len(words) <= longest else words[: longest - 1].rstrip() + "…"
