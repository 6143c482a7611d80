"""What became of a notice: receipts ranked, failures passed to the next safe way or to a person."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Session

from channels.contract import DeliveryReport, DeliveryState, SendError
from gateway.another_way import LONGEST_CHAIN, AnotherWay
from gateway.clock import Clock
from gateway.coming_back import came_back
from gateway.owing import Owing
from gateway.reaching import Reaching
from gateway.time_limit import limit_of
from storage import audit, direct, notice, referral
from storage.identity import Identity
from storage.notice import Addressed, Notice, NoticeKind, NoticeState
from storage.referral import Referral, Severity

RANK = {
    NoticeState.OWED: 0,
    NoticeState.SENT: 1,
    NoticeState.FAILED: 2,
    NoticeState.DELIVERED: 3,
    NoticeState.CANCELLED: 4,
}
HEARD = "the caller may have left before the reference was read out"
AFTER_ALL = "told after all"
COMES_BACK = "Nothing more is sent by machine to the sender's address for 60 days, or until a person has asked them"
HELD_UP = "held up on its way"
ON_PAPER = "letter"
BLOCKED = "The provider sends the sender no more texts: they asked it for none"


def ranked(state: str, told: str) -> NoticeState:
    """The state after some news: never a lower one, so that late, repeated and reversed news does no harm."""
    return max(NoticeState(state), NoticeState(told), key=RANK.__getitem__)


def _fell_after_all(row: Notice, report: DeliveryReport) -> bool:
    return report.came_back and report.state is DeliveryState.FAILED and row.state == NoticeState.DELIVERED


class Delivery:
    """All of it in the transaction it is given."""

    def __init__(self, *, owing: Owing, reaching: Reaching, clock: Clock) -> None:
        self._clock, self._reaching = clock, reaching
        self._another_way = AnotherWay(owing=owing, reaching=reaching, clock=clock)

    def reported(self, session: Session, report: DeliveryReport) -> Notice | None:
        """Apply a provider's report to its notice, never backwards; None when no notice has this id.

        A report that no provider gave is of a code on paper, which anybody can print: it is news of a letter alone.
        """
        may_lock = report.state is not DeliveryState.FAILED
        row = notice.by_provider_id(session, [report.provider_id], lock=may_lock) if report.provider_id else None
        if row is None and report.notice_id:
            row = notice.by_id(session, report.notice_id, lock=may_lock)
        if row is None or (not report.provider_id and row.channel != ON_PAPER):
            return None
        return self._apply(session, row, report) if may_lock else self.heard(session, row, report)

    def heard(self, session: Session, row: Notice, report: DeliveryReport) -> Notice:
        """Apply news of this notice."""
        if report.state is DeliveryState.FAILED:
            self._hold(session, row)
        return self._apply(session, self._now(session, row), report)

    def _apply(self, session: Session, row: Notice, report: DeliveryReport) -> Notice:
        """Where it was sent twice, the failure of one copy says nothing of the other."""
        is_copy = bool(report.provider_id) and row.provider_id is not None and row.provider_id != report.provider_id
        if report.is_final and row.state in (NoticeState.OWED, NoticeState.SENT):
            row.limit_at = None
            session.add(row)
        if report.is_delayed and row.state in (NoticeState.OWED, NoticeState.SENT):
            self._held_up(session, row, report)
        is_no_news = ranked(row.state, report.state) == row.state and not _fell_after_all(row, report)
        if is_no_news or (is_copy and report.state is DeliveryState.FAILED):
            return row
        row.provider_id = row.provider_id or report.provider_id or None
        at = report.at or self._clock()
        if report.state is DeliveryState.FAILED:
            self.failed(session, row, report.reason, error=report.error, fell=report.came_back)
            return row
        if report.state is DeliveryState.DELIVERED:
            self._delivered(session, row, at)
        else:
            self.sent(row, at)
        direct.save(session, row)
        return row

    def _held_up(self, session: Session, row: Notice, report: DeliveryReport) -> None:
        """It may still arrive, or come back days later: the sender does not wait that long."""
        is_red = session.get_one(Referral, row.referral_id).severity == Severity.RED
        row.limit_at, row.reason = row.limit_at or limit_of(self._clock(), is_red=is_red), HELD_UP
        session.add(row)

    def sent(self, row: Notice, at: datetime) -> None:
        """The provider has it; what is known better already stays."""
        row.state, row.sending_at, row.sent_at = ranked(row.state, NoticeState.SENT), None, row.sent_at or at

    def failed(
        self, session: Session, row: Notice, reason: str, *, error: SendError | None = None, fell: bool = False
    ) -> Notice | None:
        """This way did not work: the next safe one is owed, and if there is none, a person's task.

        Once only, and None where better news came first; what ``fell`` failed also where an earlier system had
        called it delivered.
        """
        about, row = self._hold(session, row), self._now(session, row)
        was_told = fell and row.state == NoticeState.DELIVERED
        if ranked(row.state, NoticeState.FAILED) == row.state and not was_told:
            return notice.instead_of(session, row.id)
        row.delivered_at = None
        row.state, row.reason, row.sending_at, row.limit_at = NoticeState.FAILED, reason, None, None
        session.add(row)
        if row.identity_id:
            self._learn(session, session.get_one(Identity, row.identity_id), about, error)
        return self._another_way.after(session, row, about, reason)

    def withheld(self, session: Session, row: Notice, to: Addressed | None = None) -> bool:
        """Whether it may not go out after all, by what was learnt since it was owed; then another way is found.

        ``to``: what it is about and where it goes, if that was just read.
        """
        why = self._reaching.may_send(session, row, to)
        if not why:
            return False
        about, row = self._hold(session, row), self._now(session, row)
        was_begun = row.sending_at is not None
        row.state = NoticeState.FAILED if was_begun else NoticeState.CANCELLED
        row.reason, row.sending_at, row.limit_at = why, None, None
        session.add(row)
        self._another_way.after(session, row, about, why)
        return True

    def _learn(self, session: Session, who: Identity, about: Referral, error: SendError | None) -> None:
        """What a failure says of the address itself."""
        if error is SendError.OPTED_OUT and who.texts_stopped_at is None:
            who.texts_stopped_at = self._clock()
            session.add(who)
            audit.record(session, at=self._clock(), who="frontdoor", what=BLOCKED, referral_id=about.id)
        if came_back(session, who, error, self._clock()):
            audit.record(session, at=self._clock(), who="frontdoor", what=COMES_BACK, referral_id=about.id)

    def _now(self, session: Session, row: Notice) -> Notice:
        """The notice as it is now, held."""
        found = notice.by_id(session, row.id, lock=True)
        if found is None:
            raise LookupError("a notice that is gone")
        return found

    def _hold(self, session: Session, row: Notice) -> Referral:
        """The referral is held before its notices wherever more than one of them may change, as everywhere else."""
        about = referral.by_id(session, row.referral_id, lock=True)
        if about is None:
            raise LookupError("a notice without its referral")
        return about

    def _delivered(self, session: Session, row: Notice, at: datetime) -> None:
        was_given_up = row.state == NoticeState.FAILED
        row.state, row.delivered_at, row.sent_at = NoticeState.DELIVERED, at, row.sent_at or at
        row.sending_at, row.limit_at = None, None
        if was_given_up:
            row.reason = AFTER_ALL
            self._withdraw(session, row)
        self._settle_tasks(session, row)

    def _withdraw(self, session: Session, told: Notice) -> None:
        """What was to be said instead, and by whom, is said already; what has gone out stays as it is."""
        later = notice.instead_of(session, told.id)
        for _ in range(LONGEST_CHAIN):
            if later is None:
                break
            if later.state == NoticeState.OWED and later.sending_at is None:
                later.state, later.reason, later.limit_at = NoticeState.CANCELLED, AFTER_ALL, None
                session.add(later)
            later = notice.instead_of(session, later.id)
        what = f"The {told.kind.replace('_', ' ')} notice by {told.channel} arrived after all"
        audit.record(session, at=self._clock(), who="frontdoor", what=what, referral_id=told.referral_id)

    def _settle_tasks(self, session: Session, told: Notice) -> None:
        """Good news after all: the task made because the caller might not have heard falls away."""
        if told.kind != NoticeKind.RECEIPT:
            return
        notice.withdraw_tasks(session, told.referral_id, given=HEARD, why="the caller heard the reference")
