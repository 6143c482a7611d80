"""Every broken promise, found by asking the database: what ``check`` prints and the watch raises."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import text
from sqlmodel import Session, col, exists, func, select
from sqlmodel.sql.expression import SelectOfScalar

from storage.message import UNREAD, LedgerHead, Message
from storage.notice import Notice, NoticeKind, NoticeState
from storage.referral import Referral
from storage.work import Work

UNREAD_AFTER = timedelta(minutes=1)
STUCK_AFTER = timedelta(minutes=10)
OPEN = text("referral.state <> 'closed'")


@dataclass(frozen=True, kw_only=True)
class Broken:
    """One promise that is not kept: since when, and what it is in plain words."""

    rule: str
    reference: str
    since: datetime
    what: str


Rule = Callable[[Session, datetime], Iterator[Broken]]


def broken_promises(session: Session, as_at: datetime) -> list[Broken]:
    """All of them at a moment, the oldest first."""
    return sorted((b for rule in RULES for b in rule(session, as_at)), key=lambda b: (b.since, b.rule, b.reference))


def no_acknowledgement(session: Session, as_at: datetime) -> Iterator[Broken]:
    """Every referral has its acknowledgement, or a reason why none is possible, or a person who owes it."""
    for row in session.exec(without_acknowledgement()):
        if row.captured_at <= as_at:
            yield _broken("no_acknowledgement", row, row.captured_at, "no acknowledgement was sent and nobody owes one")


def without_acknowledgement() -> SelectOfScalar[Referral]:
    """The query behind the first promise."""
    settled = exists().where(
        col(Notice.referral_id) == col(Referral.id),
        (
            (col(Notice.kind) == NoticeKind.RECEIPT)
            & col(Notice.state).in_((NoticeState.OWED, NoticeState.SENT, NoticeState.DELIVERED, NoticeState.CANCELLED))
        )
        | (col(Notice.kind) == NoticeKind.STAFF_TASK),
    )
    return select(Referral).where(~settled)


def not_looked_at(session: Session, as_at: datetime) -> Iterator[Broken]:
    """A social worker looks within one working day."""
    query = select(Referral).where(OPEN, col(Referral.look_by) < as_at, col(Referral.looked_at).is_(None))
    for row in session.exec(query):
        yield _broken("not_looked_at", row, row.look_by, "no social worker has looked by the promised time")


def overdue(session: Session, as_at: datetime) -> Iterator[Broken]:
    """Every open item's next action is done by its due time."""
    query = select(Referral).where(OPEN, col(Referral.due_at) < as_at, col(Referral.looked_at).is_not(None))
    for row in session.exec(query):
        yield _broken("overdue", row, row.due_at, f"past due: {row.next_action}")


def no_next_action(session: Session, as_at: datetime) -> Iterator[Broken]:
    """Nothing open stands without a next action and a queue."""
    query = select(Referral).where(OPEN, (col(Referral.next_action) == "") | (col(Referral.queue) == ""))
    for row in session.exec(query):
        yield _broken("no_next_action", row, row.captured_at, "open without a next action")


def notice_late(session: Session, as_at: datetime) -> Iterator[Broken]:
    """An owed notice, or a task of a person, is done by its time."""
    query = select(Notice, Referral).join(Referral, col(Referral.id) == col(Notice.referral_id))
    query = query.where(Notice.state == NoticeState.OWED, col(Notice.due_at) < as_at)
    for notice, row in session.exec(query):
        rule = "task_overdue" if notice.kind == NoticeKind.STAFF_TASK else "notice_late"
        what = notice.reason if notice.kind == NoticeKind.STAFF_TASK else f"{notice.kind} by {notice.channel} not sent"
        yield _broken(rule, row, notice.due_at, what or rule)


def unread(session: Session, as_at: datetime) -> Iterator[Broken]:
    """What was received is read at once."""
    for row in session.exec(select(Message).where(UNREAD, col(Message.captured_at) < as_at - UNREAD_AFTER)):
        yield Broken(rule="unread", reference=row.reference, since=row.captured_at, what="kept but not read yet")


def stuck_work(session: Session, as_at: datetime) -> Iterator[Broken]:
    """Due work does not wait."""
    query = select(Work.queue, func.min(Work.visible_at)).where(
        text("state = 'open'"), col(Work.visible_at) < as_at - STUCK_AFTER
    )
    for queue, since in session.exec(query.group_by(Work.queue)):
        yield Broken(
            rule="stuck_work", reference="", since=since, what=f"the {queue} desk does not keep up or is not running"
        )


def ledger_gap(session: Session, as_at: datetime) -> Iterator[Broken]:
    """Ledger numbers have no gaps and the head is the last one."""
    head = session.get_one(LedgerHead, 1)
    count, last = session.exec(select(func.count(col(Message.ledger_no)), func.max(Message.ledger_no))).one()
    if (last or 0) != head.ledger_no or count != head.ledger_no:
        what = f"the ledger has {count} entries up to {last or 0}, its head says {head.ledger_no}"
        yield Broken(rule="ledger_gap", reference="", since=as_at, what=what)


def _broken(rule: str, row: Referral, since: datetime, what: str) -> Broken:
    return Broken(rule=rule, reference=row.reference, since=since, what=what)


RULES: tuple[Rule, ...] = (
    no_acknowledgement, not_looked_at, overdue, no_next_action, notice_late, unread, stuck_work, ledger_gap,
)  # fmt: skip
