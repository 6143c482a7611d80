"""Every broken promise, found by asking the database: what ``check`` prints, the metrics count and the watch raises.

Each rule is one query of three columns: the reference, since when, and what it is in plain words.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, case, exists, func, literal, select, text
from sqlmodel import Session, col

from storage.message import UNREAD, LedgerHead, Message
from storage.notice import Notice, NoticeKind, NoticeState
from storage.referral import Referral
from storage.work import Work

UNREAD_AFTER = timedelta(minutes=1)
STUCK_AFTER = timedelta(minutes=10)
OPEN = text("referral.state <> 'closed'")
LIVE = (NoticeState.OWED, NoticeState.SENT, NoticeState.DELIVERED, NoticeState.CANCELLED)


@dataclass(frozen=True, kw_only=True)
class Broken:
    """One promise that is not kept: since when, and what it is in plain words."""

    rule: str
    reference: str
    since: datetime
    what: str


Query = Select[Any, Any, Any]
Rule = Callable[[datetime], Query]


def broken_promises(session: Session, as_at: datetime, *, most: int | None = None) -> list[Broken]:
    """Those of a moment, the oldest first; ``most`` of each rule, where a page shows only the worst."""
    found = [
        Broken(rule=name, reference=reference or "", since=since, what=what)
        for name, rule in RULES.items()
        for reference, since, what in session.execute(rule(as_at).order_by(text("2")).limit(most))
    ]
    return sorted(found + _ledger_gap(session, as_at), key=lambda b: (b.since, b.rule, b.reference))


def counts(session: Session, as_at: datetime) -> Mapping[str, int]:
    """How many promises of each rule are broken, counted by the database; rules with none are left out."""
    numbers = {
        name: session.execute(select(func.count()).select_from(rule(as_at).subquery())).scalar_one()
        for name, rule in RULES.items()
    }
    numbers["ledger_gap"] = len(_ledger_gap(session, as_at))
    return {name: number for name, number in numbers.items() if number}


def no_acknowledgement(as_at: datetime) -> Query:
    """Every referral has its acknowledgement, or a reason why none is possible, or a person who owes it."""
    what = literal("no acknowledgement was sent and nobody owes one")
    query = select(col(Referral.reference), col(Referral.captured_at), what)
    return query.where(unacknowledged(), col(Referral.captured_at) <= as_at)


def unacknowledged() -> Any:
    """The condition of the first promise broken."""
    receipt = (col(Notice.kind) == NoticeKind.RECEIPT) & col(Notice.state).in_(LIVE)
    task = col(Notice.kind) == NoticeKind.STAFF_TASK
    return ~exists().where(col(Notice.referral_id) == col(Referral.id), receipt | task)


def not_looked_at(as_at: datetime) -> Query:
    """A social worker looks within one working day."""
    what = literal("no social worker has looked by the promised time")
    query = select(col(Referral.reference), col(Referral.look_by), what)
    return query.where(OPEN, col(Referral.look_by) < as_at, col(Referral.looked_at).is_(None))


def overdue(as_at: datetime) -> Query:
    """Every open item's next action is done by its due time."""
    what = literal("past due: ").concat(col(Referral.next_action))
    query = select(col(Referral.reference), col(Referral.due_at), what)
    return query.where(OPEN, col(Referral.due_at) < as_at, col(Referral.looked_at).is_not(None))


def no_next_action(as_at: datetime) -> Query:
    """Nothing open stands without a next action and a queue."""
    query = select(col(Referral.reference), col(Referral.captured_at), literal("open without a next action"))
    blank = (col(Referral.next_action) == "") | (col(Referral.queue) == "")
    return query.where(OPEN, blank, col(Referral.captured_at) <= as_at)


def notice_late(as_at: datetime) -> Query:
    """A notice that is owed goes out by its time."""
    what = col(Notice.kind).concat(" by ").concat(col(Notice.channel)).concat(" not sent")
    return _owed(as_at, what).where(col(Notice.kind) != NoticeKind.STAFF_TASK)


def task_overdue(as_at: datetime) -> Query:
    """What a person owes is done by its time."""
    what = case((col(Notice.reason).is_(None), literal("a task")), else_=col(Notice.reason))
    return _owed(as_at, what).where(col(Notice.kind) == NoticeKind.STAFF_TASK)


def _owed(as_at: datetime, what: Any) -> Query:
    query = select(col(Referral.reference), col(Notice.due_at), what)
    query = query.join(Notice, col(Referral.id) == col(Notice.referral_id))
    return query.where(col(Notice.state) == NoticeState.OWED, col(Notice.due_at) < as_at)


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


def _ledger_gap(session: Session, as_at: datetime) -> list[Broken]:
    """Ledger numbers have no gaps and the head is the last one."""
    head = session.get_one(LedgerHead, 1)
    numbers = select(func.count(col(Message.ledger_no)), func.max(col(Message.ledger_no)))
    count, last = session.execute(numbers).one()
    if (last or 0) == head.ledger_no == count:
        return []
    what = f"the ledger has {count} entries up to {last or 0}, its head says {head.ledger_no}"
    return [Broken(rule="ledger_gap", reference="", since=as_at, what=what)]


RULES: Mapping[str, Rule] = {
    rule.__name__: rule
    for rule in (
        no_acknowledgement, not_looked_at, overdue, no_next_action, notice_late, task_overdue, unread, stuck_work,
    )
}  # fmt: skip
