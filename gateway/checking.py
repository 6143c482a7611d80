"""Every broken promise, found by asking the database: what ``check`` prints, the metrics count and the watch raises.

Each rule is one query of three columns: the reference, since when, and what it is in plain words.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, case, exists, func, literal, select, text
from sqlmodel import Session, col

from gateway import working_days
from storage import notice, referral
from storage.capture import Capture, CaptureState
from storage.message import UNREAD, LedgerHead, Message
from storage.notice import ACKNOWLEDGES, TO_POST, Notice
from storage.referral import Referral
from storage.work import Work

UNREAD_AFTER = timedelta(minutes=1)
STUCK_AFTER = timedelta(minutes=10)
LOOKED_FOR = timedelta(minutes=2)
"""The watch looks each minute: what it has not raised by then, it does not raise."""
NOT_POSTED = " letter is not marked as posted: print it, post it, and mark it under Post"
OPEN = text("referral.state <> 'closed'")
REFERENCE = (
    select(col(Referral.reference))
    .where(col(Referral.id) == col(Notice.referral_id))
    .correlate(Notice)
    .scalar_subquery()
)
"""Of what a notice is about."""


@dataclass(frozen=True, kw_only=True)
class Broken:
    """One promise that is not kept: since when, and what it is in plain words."""

    rule: str
    reference: str
    since: datetime
    what: str


Query = Select[Any, Any, Any]
Rule = Callable[[datetime], Query]


def broken_promises(session: Session, as_at: datetime) -> list[Broken]:
    """Those of a moment, the oldest first."""
    found = [each for name, rule in RULES.items() for each in told(session, name, rule(as_at))]
    return in_order([*found, *ledger_gap(session, as_at), *calendar_ends(as_at)])


def told(session: Session, name: str, query: Query) -> list[Broken]:
    """What the query of a rule finds."""
    rows = session.execute(query.order_by(text("2")))
    return [Broken(rule=name, reference=one or "", since=since, what=what) for one, since, what in rows]


def in_order(broken: Iterable[Broken]) -> list[Broken]:
    """The oldest first."""
    return sorted(broken, key=lambda each: (each.since, each.rule, each.reference))


def counts(session: Session, as_at: datetime) -> Mapping[str, int]:
    """How many promises of each rule are broken, counted by the database; rules with none are left out."""
    all_acknowledged = notice.acknowledged(session) == referral.count(session)  # far cheaper than to look for others
    numbers = {
        name: counted(session, rule(as_at))
        for name, rule in RULES.items()
        if not (all_acknowledged and rule is no_acknowledgement)
    }
    numbers |= {"ledger_gap": len(ledger_gap(session, as_at)), "calendar_ends": len(calendar_ends(as_at))}
    return {name: number for name, number in numbers.items() if number}


def counted(session: Session, query: Query) -> int:
    """How many the query of a rule finds."""
    those = query.with_only_columns(literal(1), maintain_column_froms=True).subquery()
    return int(session.execute(select(func.count()).select_from(those)).scalar_one())


def no_acknowledgement(as_at: datetime) -> Query:
    """Every referral has its acknowledgement, or a reason why none is possible, or a person who owes it."""
    what = literal("no acknowledgement was sent and nobody owes one")
    query = select(col(Referral.reference), col(Referral.captured_at), what)
    return query.where(unacknowledged(), col(Referral.captured_at) <= as_at)


def unacknowledged() -> Any:
    """The condition of the first promise broken; a rung of the ladder is not somebody who owes it."""
    return ~exists().where(col(Notice.referral_id) == col(Referral.id), text(f"({ACKNOWLEDGES})"))


def not_looked_at(as_at: datetime) -> Query:
    """A social worker looks within one working day."""
    what = literal("no social worker has looked by the promised time")
    query = select(col(Referral.reference), col(Referral.look_by), what)
    return query.where(referral.NOT_LOOKED_AT, col(Referral.look_by) < as_at)


def overdue(as_at: datetime) -> Query:
    """Every open item's next action is done by its due time."""
    what = literal("past due: ").concat(col(Referral.next_action))
    query = select(col(Referral.reference), col(Referral.due_at), what)
    return query.where(referral.LOOKED_AT, col(Referral.due_at) < as_at)


def answer_overdue(as_at: datetime) -> Query:
    """What waits for an answer is ours again when the time for it has passed."""
    what = literal("the time for an answer has passed and it is still waited for")
    query = select(col(Referral.reference), col(Referral.due_at), what)
    return query.where(referral.AWAITING, col(Referral.due_at) < as_at)


def not_escalated(as_at: datetime) -> Query:
    """Whoever must know of what is late is told the same minute."""
    what = literal("it is late and nobody was told who must know")
    query = select(col(Referral.reference), col(Referral.rung_at), what)
    late = (col(Referral.rung_at) < as_at - LOOKED_FOR) & (col(Referral.due_at) < as_at - LOOKED_FOR)
    return query.where(OPEN, late)


def sender_not_told(as_at: datetime) -> Query:
    """A sender whose promise was missed is told so, and given another time."""
    what = literal("the sender was promised to hear from us and did not")
    query = select(col(Referral.reference), col(Referral.promised_at), what)
    return query.where(referral.PROMISED, col(Referral.promised_at) < as_at - LOOKED_FOR)


def no_next_action(as_at: datetime) -> Query:
    """Nothing open stands without a next action, a queue and a clock."""
    what = literal("open without a next action, a queue or a clock")
    query = select(col(Referral.reference), col(Referral.captured_at), what)
    return query.where(referral.UNCLOCKED, col(Referral.received_at) <= as_at)


def notice_late(as_at: datetime) -> Query:
    """A notice that is owed goes out by its time."""
    what = func.replace(col(Notice.kind), "_", " ").concat(" by ").concat(col(Notice.channel)).concat(" not sent")
    return _owed(as_at, what).where(text("notice.channel <> 'staff'"))


def limit_passed(as_at: datetime) -> Query:
    """A notice that is not known to have arrived by its limit goes another way, or a person owes it."""
    what = literal("the ").concat(col(Notice.kind)).concat(" notice by ").concat(col(Notice.channel))
    what = what.concat(" is not known to have arrived: tell them by hand")
    return select(REFERENCE, col(Notice.limit_at), what).where(
        text("notice.limit_at IS NOT NULL"), col(Notice.limit_at) < as_at - STUCK_AFTER
    )


def task_overdue(as_at: datetime) -> Query:
    """What a person owes is done by its time."""
    what = case((col(Notice.reason).is_(None), literal("a task")), else_=col(Notice.reason))
    return _owed(as_at, what).where(text("notice.channel = 'staff'"))


def letter_not_posted(as_at: datetime) -> Query:
    """A letter is posted on the day it is due, and somebody says so."""
    what = literal("the ").concat(func.replace(col(Notice.kind), "_", " ")).concat(NOT_POSTED)
    return select(REFERENCE, col(Notice.due_at), what).where(TO_POST, col(Notice.due_at) < as_at)


def not_posted_in_words(kind: str) -> str:
    """What the task says that is raised for it."""
    return f"the {kind.replace('_', ' ')}{NOT_POSTED}"


def _owed(as_at: datetime, what: Any) -> Query:
    return select(REFERENCE, col(Notice.due_at), what).where(text("notice.state = 'owed'"), col(Notice.due_at) < as_at)


def unread(as_at: datetime) -> Query:
    """What was received is read at once."""
    query = select(col(Message.reference), col(Message.captured_at), literal("kept but not read yet"))
    return query.where(UNREAD, col(Message.captured_at) < as_at - UNREAD_AFTER)


def stuck_work(as_at: datetime) -> Query:
    """Due work does not wait: one line a desk."""
    what = literal("the ").concat(col(Work.queue)).concat(" desk does not keep up or is not running")
    query = select(literal(""), func.min(col(Work.visible_at)), what)
    due = query.where(text("work.state = 'open'"), col(Work.visible_at) < as_at - STUCK_AFTER)
    return due.group_by(col(Work.queue))


def sound_waiting(as_at: datetime) -> Query:
    """What was heard of a call comes into its referral from the host that heard it."""
    what = literal("the sound of a call has not come from the host that heard it")
    of_call = (col(Message.conversation) == col(Capture.conversation)) & col(Message.ledger_no).is_not(None)
    told = select(func.min(col(Message.reference))).where(of_call).correlate(Capture).scalar_subquery()
    query = select(func.coalesce(told, literal("")), col(Capture.heard_at), what)
    is_there = col(Capture.state).in_((CaptureState.LIVE, CaptureState.ENDED))
    return query.where(is_there, col(Capture.heard_at) < as_at - STUCK_AFTER)


def ledger_gap(session: Session, as_at: datetime, *, among: int | None = None) -> list[Broken]:
    """Ledger numbers have no gaps and the head is the last one; with ``among``, so many of the last are looked at."""
    head = session.get_one(LedgerHead, 1)
    numbers = select(col(Message.ledger_no)).where(col(Message.ledger_no).is_not(None))
    if among is not None:
        numbers = numbers.where(col(Message.ledger_no) > head.ledger_no - among)
    those = numbers.subquery()
    count, last = session.execute(select(func.count(), func.max(those.c.ledger_no))).one()
    if (last or 0) == head.ledger_no and count == min(head.ledger_no, among or head.ledger_no):
        return []
    what = f"the ledger has {count} entries up to {last or 0}, its head says {head.ledger_no}"
    return [Broken(rule="ledger_gap", reference="", since=as_at, what=what)]


def calendar_ends(as_at: datetime) -> list[Broken]:
    """Bank holidays are known for a year ahead: a promised time after that may fall on one."""
    warning = working_days.calendar_warning(working_days.in_london(as_at).date())
    return [Broken(rule="calendar_ends", reference="", since=as_at, what=warning)] if warning else []


RULES: Mapping[str, Rule] = {
    rule.__name__: rule
    for rule in (
        no_acknowledgement, not_looked_at, overdue, answer_overdue, not_escalated, sender_not_told, no_next_action,
        notice_late, limit_passed, letter_not_posted, task_overdue, unread, stuck_work, sound_waiting,
    )
}  # fmt: skip
