"""The lines of the queue: what stands in each, the same for everybody who looks, and never who told us."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from gateway import leases
from gateway.checking import STUCK_AFTER
from gateway.staff import alike_marks, call_facts, finding
from gateway.staff.finding import Item
from gateway.staff.standing import Standing, standings
from gateway.view import waiting_view
from storage import message, notice
from storage.message import Message
from storage.referral import Referral

PERHAPS_SPAM = "Perhaps spam"
STUCK = "It is kept but could not be read yet: see that the reading desk runs"


@dataclass(frozen=True, kw_only=True)
class Task:
    """What somebody owes on it."""

    for_role: str | None
    reason: str | None
    due_at: datetime


@dataclass(frozen=True, kw_only=True)
class Row:
    """One line of the queue; ``at_it``: who has it open to work on it now."""

    reference: str
    ledger_no: int
    channel: str
    kind: str
    state: str
    severity: str
    received_at: datetime
    captured_at: datetime
    due_at: datetime
    what: str
    child_known: bool
    owner: str | None
    at_it: str | None
    next_action: str
    is_overdue: bool
    standing: str = ""
    tasks: tuple[Task, ...] = ()
    marks: tuple[str, ...] = ()
    queue: str = ""

    @property
    def mark(self) -> str:
        """Sixteen hex digits that change with what the line says; how much time is left is no part of it."""
        return hashlib.sha256(repr(self).encode()).hexdigest()[:16]


def rows_of(session: Session, items: Sequence[Item], now: datetime) -> list[Row]:
    """A line for each of them, in the same order."""
    referrals, _ = finding.read_and_unread(items)
    ids = [row.id or 0 for row in referrals]
    mail, alike = _mail_marks(session, referrals), alike_marks.marks_of(session, referrals)
    marks, stand = {one: (*alike[one], *mail[one]) for one in ids}, standings(session, referrals, now)
    tasks: dict[int, list[Task]] = {}
    for owed in notice.open_tasks(session, ids):
        line = Task(for_role=owed.for_role, reason=owed.reason, due_at=owed.due_at)
        tasks.setdefault(owed.referral_id, []).append(line)
    return [_row(item, tasks, stand, marks, now) for item in items]


def _mail_marks(session: Session, referrals: Sequence[Referral]) -> dict[int, tuple[str, ...]]:
    """What should be known of a mail's sender before anybody relies on it."""
    marks = message.sender_marks(session, [row.id or 0 for row in referrals])
    return {
        row.id or 0: (*marks.get(row.id or 0, ()), *((PERHAPS_SPAM,) if row.perhaps_spam else ())) for row in referrals
    }


def _row(
    item: Item, tasks: dict[int, list[Task]], stand: dict[int, Standing], marks: dict[int, tuple[str, ...]],
    now: datetime,
) -> Row:  # fmt: skip
    is_unread = isinstance(item, Message)
    seen = waiting_view(item) if isinstance(item, Message) else item
    is_stuck = is_unread and item.captured_at < now - STUCK_AFTER
    return Row(
        reference=seen.reference, ledger_no=seen.ledger_no, channel=seen.channel,
        kind="concern" if is_unread else seen.kind, state=seen.state, severity=seen.severity,
        received_at=seen.received_at, captured_at=seen.captured_at, due_at=seen.due_at, what=seen.summary,
        child_known=seen.child_known, owner=seen.owner,
        at_it=None if isinstance(item, Message) else leases.in_force(item, now),
        next_action=STUCK if is_stuck else seen.next_action, is_overdue=seen.due_at < now,
        standing="" if isinstance(item, Message) else stand[item.id or 0].says,
        tasks=() if isinstance(item, Message) else tuple(tasks.get(item.id or 0, ())),
        queue=seen.queue, marks=(*call_facts.marks(seen), *(() if isinstance(item, Message) else marks[item.id or 0])),
    )  # fmt: skip
