"""The acknowledgement of one message: owed at once, or a person's where a machine may not answer, or not again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from sqlmodel import Session

from channels.contract import Answerable, Inbound
from channels.email.proof import domain_of, is_aligned
from gateway import notices, working_days
from gateway.budgets import (
    ECHO,
    MANY_OF_ONE,
    MOST_OF_ONE,
    Budgets,
    Given,
    Spent,
    end_loop,
    given_to,
    heed_echo,
    task_of_loop,
    wrote_to_domain,
)
from gateway.clock import Clock
from gateway.notices import Owed
from gateway.owing import About, Owing
from gateway.reaching import Reaching
from gateway.reading import for_worker
from gateway.reading.machines_answer import SOON, answers_soon, sounds_like_a_desk
from storage import audit, identity, notice
from storage.identity import Identity
from storage.message import Message
from storage.notice import NoticeKind, NoticeState
from storage.referral import Referral

ELSEWHERE = "check where answers should go: the mail asks for them at an address of another organisation"
ADDED = (
    "tell who added this that it was read: it came from another address than the report, of which no machine tells them"
)
ANSWERED_BY_MACHINE = ("sms", "email")


@dataclass(frozen=True, kw_only=True)
class Read:
    """One message as its channel read it, who sent it, and why it could not be read if it could not.

    ``words_hash`` is the fingerprint of what it says; ``is_from_new``: nothing ever came from that address before.
    """

    message: Message
    inbound: Inbound
    who: Identity | None
    unreadable: str
    words_hash: str
    is_from_new: bool

    @property
    def who_id(self) -> str | None:
        """The key of who sent it."""
        return self.who.id if self.who else None


class Answering:
    """All of it in the transaction it is given, which holds the sender's identity row."""

    def __init__(self, *, owing: Owing, reaching: Reaching, budgets: Budgets, clock: Clock) -> None:
        self._owing, self._reaching, self._budgets, self._clock = owing, reaching, budgets, clock

    def answer(self, session: Session, row: Referral, read: Read, *, is_owed: bool) -> None:
        """Write down N1 for this message if it is owed, and the task of a person where there is one.

        A message that is our own answer coming back in other words costs its sender the answers of a day, also where
        none is owed for it; one that reads like a machine's answer to ours does so where it would be answered.
        """
        given = self._given(session, read)
        if not is_owed:
            return
        if read.who is not None and self._is_machines_answer(session, read, read.who, given):
            end_loop(session, read.who, self._clock())
        safety = self._reaching.safety(session, row, read.who)
        told = self._told(session, row, read)
        about = About(identity=read.who, message=read.message, inbound=read.inbound, extra=told)
        owed = notices.receipt(read.inbound, safety, self._clock(), came_by=read.message.channel)
        within = self._within_budget(session, row, read, owed, given=given)
        for each in (
            *within,
            *self._to_check(read.inbound, owed),
            *self._to_tell(read, within, is_stranger=bool(told)),
        ):
            self._owing.write(session, row, each, about)

    def promise_answer(self, session: Session, row: Referral, read: Read) -> None:
        """Give a message for a worker to whom it goes; N6 says by when to have an answer, where a machine may write.

        A worker is named only where the name is an account's and they are there: what was written may hold more.
        """
        named = for_worker.assign(session, row, read.inbound.facts.get("for_worker", ""), self._clock())
        owed, to = self._reaching.to_sender(session, row, NoticeKind.WORKER_MESSAGE, read.who)
        if owed.kind != NoticeKind.WORKER_MESSAGE or owed.state != NoticeState.OWED:
            return
        at_once = replace(owed, due_at=self._clock() + notices.RECEIPT_WITHIN) if owed.channel != "letter" else owed
        extra = {"answer_by": notices.next_notice_by(row.look_by), **named}
        self._owing.write(session, row, at_once, About(identity=to, message=read.message, extra=extra))

    def _told(self, session: Session, row: Referral, read: Read) -> Mapping[str, str]:
        """Whoever quotes a reference adds to a report, and hears of their own message alone, by its own reference.

        Only its sender, at an address that was theirs before, is told the reference of the report: what a stranger
        sends is answered alike whether there is such a report or not.
        """
        is_own = read.message.reference == row.reference or read.inbound.answered_by_door is not None
        if is_own or read.who is None or row.identity_id == read.who.id:
            return {}
        ways = identity.ways_of(session, row.id or 0, row.identity_id)
        return {} if read.who.id in {each.id for each in ways} else {"reference": read.message.reference}

    def _is_machines_answer(self, session: Session, read: Read, who: Identity, given: Sequence[Given]) -> bool:
        """Also where a ticket system answers from another address each time."""
        at = read.message.received_at
        if answers_soon(read.inbound, given, at):
            return True
        return sounds_like_a_desk(read.inbound) and wrote_to_domain(session, who, since=at - SOON)

    def _to_tell(self, read: Read, owed: tuple[Owed, ...], *, is_stranger: bool) -> tuple[Owed, ...]:
        """A stranger is promised to hear more, as everybody is, and no machine may tell them of another's report."""
        if not is_stranger or not any(each.state == NoticeState.OWED and each.channel != "staff" for each in owed):
            return ()
        promised = notices.next_notice_by(working_days.look_by(read.message.received_at))
        return (replace(notices.task(ADDED, self._clock()), due_at=promised),)

    def _given(self, session: Session, read: Read) -> Sequence[Given]:
        """The answers this sender had lately; whether this is an echo of one is heeded on the way."""
        is_machine = read.inbound.answerable is Answerable.MACHINE
        if read.who is None or read.is_from_new or is_machine or read.message.channel not in ANSWERED_BY_MACHINE:
            return ()
        given = given_to(session, read.who, self._clock())
        if given:
            said = Given(at=read.message.received_at, words_hash=read.words_hash)
            heed_echo(session, read.who, given, said, now=self._clock())
        return given

    def _to_check(self, inbound: Inbound, owed: tuple[Owed, ...]) -> tuple[Owed, ...]:
        """The sender is answered at their own address; where they would rather have answers is a person's to weigh."""
        addresses = inbound.facts.get("reply_to", ""), inbound.sender.value
        wanted, own = map(domain_of, addresses)
        is_sent = any(each.state == NoticeState.OWED and each.channel == "email" for each in owed)
        is_elsewhere = bool(wanted) and not is_aligned(own, wanted)
        return (notices.task(ELSEWHERE, self._clock()),) if is_sent and is_elsewhere else ()

    def _within_budget(
        self, session: Session, row: Referral, read: Read, owed: tuple[Owed, ...], *, given: Sequence[Given]
    ) -> tuple[Owed, ...]:
        if read.who and owed[0].reason and owed[0].reason.endswith(ECHO.why):
            return owed[:1] if self._counted_up(session, row, read.who, ECHO) else owed
        sends = any(each.state == NoticeState.OWED and each.channel in ANSWERED_BY_MACHINE for each in owed)
        if not sends or read.who is None:
            return owed
        spent = self._budgets.spent(session, read.who, given, words_hash=read.words_hash, now=self._clock())
        spent = spent or self._many_of_one(session, row, read)
        if spent is None:
            return owed
        withheld = replace(owed[0], state=NoticeState.CANCELLED, reason=f"a person answers: {spent.why}", words="")
        if spent.is_loop and self._counted_up(session, row, read.who, spent):
            return (withheld,)
        return withheld, notices.task(f"acknowledge by hand: {spent.why}", self._clock())

    def _many_of_one(self, session: Session, row: Referral, read: Read) -> Spent | None:
        """Machines that quote our reference, each from another address, are all about one report."""
        if read.message.reference == row.reference:
            return None
        since = self._clock() - SOON
        given = [
            each
            for each in notice.of_referrals(session, [row.id or 0])
            if each.kind == NoticeKind.RECEIPT and each.state != NoticeState.CANCELLED and each.created_at >= since
        ]
        return MANY_OF_ONE if len(given) >= MOST_OF_ONE else None

    def _counted_up(self, session: Session, row: Referral, who: Identity, spent: Spent) -> bool:
        """Whether one task stands for this loop already; it is told how often it came up."""
        task = task_of_loop(session, who, spent, self._clock())
        if task is None:
            return False
        task.times += 1
        session.add(task)
        what = "No automatic answer: one task for all of these messages stands with the first of them"
        audit.record(session, at=self._clock(), who="frontdoor", what=what, referral_id=row.id)
        return True
