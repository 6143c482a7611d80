"""What the events of one call say piece by piece: what the caller chose, how far it got, and what is owed by that."""

from __future__ import annotations

from sqlmodel import Session

from channels.calls.keeping import PHONE, VOICEMAIL
from channels.calls.reading import NOT_TOLD, SPOKE, WITHHELD
from channels.contract import Purpose
from gateway import languages, notices
from gateway.clock import Clock
from gateway.delivery import HEARD
from gateway.owing import About, Owing
from gateway.reading.answering import Read
from storage import notice
from storage.message import Message
from storage.notice import Notice, NoticeKind, NoticeState
from storage.referral import Kind, Reached, Referral, State

BY_HAND = "acknowledge by hand: "
WHILE_IT_LASTS = frozenset({f"{BY_HAND}{NOT_TOLD}", f"a person answers: {NOT_TOLD}", WITHHELD})
"""Said of a call that may still go on: none of it is so once its caller has heard the reference."""
CALL_BACK = "Call them back: they do not want to be recorded"
INTERPRETER = "Find an interpreter for {language}, never a family member or a child; then read it and decide who acts"
READ_IT = "Read it and decide who acts"
TALKED = "Listen to the talk, or ask the duty worker who took the call, and decide who acts"
TALKED_UNRECORDED = "Ask the duty worker who took the call: it was not recorded. Then decide who acts"
FIND_OUT_WHY = "Find out why they rang: nothing was left. Ring back only if that is safe"
FIND_OUT_UNSEEN = "Listen to what was heard of the call: nothing was left and no number was shown. Decide who acts"
FIND_OUT_UNHEARD = "They would not be recorded, left nothing and showed no number. Decide who acts"
FOR_A_WORKER = "Hear whom it is for and pass it on; the duty worker has it until then"
IN_ORDER = tuple(Reached)
LIVE = (NoticeState.OWED, NoticeState.SENT, NoticeState.DELIVERED)


class OfACall:
    """All of it in the transaction it is given, which holds the referral."""

    def __init__(self, *, owing: Owing, clock: Clock) -> None:
        self._owing, self._clock = owing, clock

    def add(self, row: Referral, read: Read) -> None:
        """What this event adds to what is known of the call, however late it comes.

        What was only heard while it was on is no message that somebody left.
        """
        facts = read.inbound.facts
        row.child_told_us = row.child_told_us or facts.get("child_told_us") == "yes"
        row.recording_refused = row.recording_refused or facts.get("recording") == "refused"
        row.language = row.language or facts.get("language", "")
        row.asked_for = facts.get("asked_for", "") or row.asked_for
        row.reached = max(row.reached, _reached(read), key=lambda each: IN_ORDER.index(Reached(each)))
        if row.reached == Reached.MESSAGE:
            row.channel = VOICEMAIL
        elif "streamed_seconds" in facts:
            row.channel = PHONE
        if "ended" in facts:
            row.call_seconds = int(facts.get("seconds", "0"))
        if row.state == State.RECEIVED:
            row.next_action = _next_action(row, read)
        if row.kind == Kind.CONCERN and read.message.purpose == Purpose.MESSAGE and facts.get("for_worker"):
            row.kind = Kind.MESSAGE_FOR_WORKER

    def owes_receipt(self, session: Session, row: Referral, read: Read) -> bool:
        """Whether this event decides how its caller is told: nothing is owed twice, and the best news counts."""
        if any(each.state in LIVE for each in self._receipts(session, row)):
            return read.inbound.texts_are_safe and read.message.purpose == Purpose.REPORT
        if read.inbound.answered_by_door or read.inbound.by_hand == SPOKE:
            self._take_back(session, row)
            return True
        if read.inbound.by_hand:
            return not any((task.reason or "").startswith(BY_HAND) for task in self._tasks(session, row))
        if read.inbound.cannot_answer:
            return not self._receipts(session, row)
        return read.message.purpose == Purpose.MESSAGE or read.inbound.texts_are_safe

    def look_for_unheard(self, session: Session, row: Referral, read: Read) -> None:
        """A call that is over, whose caller is not known to have stayed for the reference: a person finds out."""
        if row.call_seconds is None or row.identity_id is None:
            return
        told = [each for each in self._receipts(session, row) if each.state in LIVE]
        unheard = len(told) == 1 and told[0].channel == "voice" and told[0].state == NoticeState.SENT
        if unheard and not any(task.reason == HEARD for task in self._tasks(session, row)):
            self._owing.write(session, row, notices.task(HEARD, self._clock()), About(message=read.message))

    def owes_for_addition(self, session: Session, row: Referral, read: Read) -> bool:
        """The same for a call that joined an older report: its own tasks count, and no other's are touched."""
        own = [each for each in self._tasks(session, row) if self._is_of(session, each, read)]
        if read.inbound.answered_by_door:
            for each in own:
                if each.reason in WHILE_IT_LASTS and each.state == NoticeState.OWED:
                    session.delete(each)
            session.flush()
        return not (read.inbound.by_hand and any((task.reason or "").startswith(BY_HAND) for task in own))

    def _is_of(self, session: Session, task: Notice, read: Read) -> bool:
        of = session.get(Message, task.message_id) if task.message_id else None
        return of is not None and of.conversation == read.message.conversation

    def _take_back(self, session: Session, row: Referral) -> None:
        """What was owed while nobody had been told anything yet: never sent, and not so any more."""
        for each in (*self._receipts(session, row), *self._tasks(session, row)):
            if each.reason in WHILE_IT_LASTS and each.state in (NoticeState.OWED, NoticeState.CANCELLED):
                session.delete(each)
        session.flush()

    def _receipts(self, session: Session, row: Referral) -> list[Notice]:
        return [n for n in notice.of_referrals(session, [row.id or 0]) if n.kind == NoticeKind.RECEIPT]

    def _tasks(self, session: Session, row: Referral) -> list[Notice]:
        return [n for n in notice.of_referrals(session, [row.id or 0]) if n.kind == NoticeKind.STAFF_TASK]


def _reached(read: Read) -> Reached:
    if said := read.inbound.facts.get("reached"):
        return Reached(said)
    was_left = read.message.purpose == Purpose.MESSAGE and "streamed_seconds" not in read.inbound.facts
    if was_left and read.message.channel == VOICEMAIL:
        return Reached.MESSAGE
    return Reached.MENU if read.inbound.facts.get("ended") else Reached.NOTHING


def _next_action(row: Referral, read: Read) -> str:
    """What is known of the call by now decides, whatever order its news came in."""
    if read.inbound.facts.get("callback") or row.next_action == CALL_BACK:
        return CALL_BACK
    if row.language:
        return INTERPRETER.format(language=languages.name_of(row.language))
    if row.reached == Reached.SPOKE:
        return TALKED_UNRECORDED if row.recording_refused else TALKED
    if read.inbound.facts.get("for_worker"):
        return FOR_A_WORKER
    if row.reached != Reached.MESSAGE and row.call_seconds is not None:
        unseen = FIND_OUT_UNHEARD if row.recording_refused else FIND_OUT_UNSEEN
        return FIND_OUT_WHY if row.identity_id or read.who_id else unseen
    return READ_IT if row.next_action in (FIND_OUT_WHY, FIND_OUT_UNSEEN, FIND_OUT_UNHEARD) else row.next_action
