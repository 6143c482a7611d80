"""After a way to the sender has failed: the next safe one, never the same address twice, or a person's task."""

from __future__ import annotations

from dataclasses import replace

from sqlmodel import Session

from gateway import notices
from gateway.clock import Clock
from gateway.life_cycle import Event
from gateway.notices import Owed
from gateway.owing import About, Owing
from gateway.reaching import Reaching
from gateway.reopening import reopen
from storage import audit, identity, notice
from storage.identity import Identity
from storage.message import Message
from storage.notice import Notice, NoticeKind, NoticeState
from storage.referral import Referral, Severity

MEDIUM_IN_WORDS = {"sms": "text", "email": "email", "letter": "letter", "voice": "telephone", "web": "web page"}
LONGEST_CHAIN = 8


class AnotherWay:
    """All of it in the transaction it is given, which holds the referral and the notice that failed."""

    def __init__(self, *, owing: Owing, reaching: Reaching, clock: Clock) -> None:
        self._owing, self._reaching, self._clock = owing, reaching, clock

    def after(self, session: Session, failed: Notice, about: Referral, reason: str) -> Notice:
        """What is owed now instead: the same words by the next safe way, or the task to tell the sender by hand."""
        if failed.kind == NoticeKind.STAFF_TASK:
            return self._tell_colleague(session, failed, about, reason)
        chain = chain_of(session, failed)
        tried = {one.identity_id for one in chain if one.identity_id}
        first = chain[-1]
        if answers_another(session, first, about):
            return self._by_hand(session, failed, about, reason)
        who = _sender(session, first)
        owed, to = self._reaching.to_sender(session, about, NoticeKind(failed.kind), who, tried=tried)
        is_new = to is not None and to.id not in tried
        if owed.state != NoticeState.OWED or owed.channel == "staff" or not is_new or len(chain) >= LONGEST_CHAIN:
            return self._by_hand(session, failed, about, reason)
        self._note(session, failed, f"failed; it is sent by {MEDIUM_IN_WORDS.get(owed.channel, owed.channel)} instead")
        message = session.get(Message, failed.message_id) if failed.message_id else None
        said = About(identity=to, message=message, extra=self._owing.filled_in(failed))
        return self._owing.write(session, about, self._in_time(owed, failed), said, instead_of=failed.id)

    def _in_time(self, owed: Owed, failed: Notice) -> Owed:
        """What takes another's place is not due later than that was, unless that time has gone by."""
        soonest = self._clock() + notices.RECEIPT_WITHIN
        return replace(owed, due_at=min(owed.due_at, max(failed.due_at, soonest)))

    def _by_hand(self, session: Session, failed: Notice, about: Referral, reason: str) -> Notice:
        """N8. A decision nobody could be told of brings a finished referral back (domain.md 2.8)."""
        kind, medium = failed.kind.replace("_", " "), MEDIUM_IN_WORDS.get(failed.channel, failed.channel)
        what = f"{kind} by {failed.channel} could not be delivered ({reason}): {_by_what(reason)}"
        owed = notices.task(what, self._clock(), is_red=about.severity == Severity.RED)
        self._note(session, failed, "failed; a person owes it")
        if failed.kind == NoticeKind.LOOKED_AT:
            reopen(session, about, Event.NOT_TOLD, "the sender could not be told of the decision", self._clock())
        words = {"undelivered": f"{kind} by {medium}", "what_failed": _sentence(reason)}
        return self._owing.write(session, about, replace(owed, words="staff"), About(extra=words), instead_of=failed.id)

    def _tell_colleague(self, session: Session, failed: Notice, about: Referral, reason: str) -> Notice:
        """An alert of our own did not get through: that too is somebody's to do by hand."""
        role = (failed.for_role or "staff").replace("_", " ")
        what = f"tell the {role} by hand: the alert by {failed.channel} failed ({reason})"
        self._note(session, failed, "failed; a person owes it")
        task = notices.task(what, self._clock(), is_red=about.severity == Severity.RED)
        written = self._owing.write(session, about, task, About(), instead_of=failed.id)
        written.for_role = failed.for_role
        return written

    def _note(self, session: Session, failed: Notice, what: str) -> None:
        said = f"The {failed.kind.replace('_', ' ')} notice by {failed.channel} {what}"
        audit.record(session, at=self._clock(), who="frontdoor", what=said, referral_id=failed.referral_id)


def chain_of(session: Session, last: Notice) -> list[Notice]:
    """A notice and those whose place it took, the first of them at the end."""
    chain = [last]
    while chain[-1].substitute_for and len(chain) < LONGEST_CHAIN:
        earlier = notice.by_id(session, chain[-1].substitute_for)
        if earlier is None:
            break
        chain.append(earlier)
    return chain


def answers_another(session: Session, row: Notice, about: Referral) -> bool:
    """Whether it answers a letter of nobody known that joined the report of somebody else nobody knows.

    No address is known to be theirs, and the sender's are not.
    """
    if row.message_id is None or about.identity_id is not None:
        return False
    answered = session.get_one(Message, row.message_id)
    return answered.identity_id is None and answered.reference != about.reference


def _sender(session: Session, first: Notice) -> Identity | None:
    """Whose address the first of them went to: the other addresses of a sender are theirs, not each other's."""
    way = identity.way_to(session, first.referral_id, first.identity_id) if first.identity_id else None
    whose = way.of_identity_id if way else first.identity_id
    return session.get(Identity, whose) if whose else None


def _by_what(reason: str) -> str:
    return "find a safe way to tell the sender" if reason == notices.HELD else "tell the sender by hand"


def _sentence(reason: str) -> str:
    return f"{reason[:1].upper()}{reason[1:]}."
