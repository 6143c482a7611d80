"""What is due: a transactional queue with leases, fencing tokens and retries, beside the nouns it works on."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Index, UniqueConstraint, text, update
from sqlmodel import Field, Session, SQLModel, col, func, select

from storage import direct
from storage.columns import UtcDateTime, new_id

WOKEN = "queues with new work"


class LostClaim(Exception):
    """Another worker has this row now: what was done for it must be rolled back."""


class Work(SQLModel, table=True):
    """One step that is due. ``visible_at`` is when it may run or, while it is held, until when the lease lasts.

    ``set_at`` is what the clock said that ``visible_at`` was reckoned from: a later one than now was a wrong clock.
    """

    __table_args__ = (
        UniqueConstraint("dedupe"),
        Index(
            "work_due",
            "queue",
            "visible_at",
            sqlite_where=text("state = 'open'"),
            postgresql_where=text("state = 'open'"),
        ),
    )

    id: str = Field(default_factory=new_id, primary_key=True)
    queue: str
    kind: str
    subject: str
    dedupe: str | None = None
    state: str = "open"  # open | done | dead | cancelled
    visible_at: datetime = Field(sa_type=UtcDateTime)
    set_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    attempts: int = 0
    max_attempts: int = 3
    token: int = 0
    owner: str | None = None
    last_error: str = ""


_CLAIMED = ("id", "queue", "kind", "subject", "attempts", "max_attempts", "token")
_CLAIM = (
    "WITH due AS (SELECT id FROM work WHERE queue = ? AND state = 'open' AND visible_at <= ? "
    "ORDER BY visible_at LIMIT ? {lock}) "
    "UPDATE work SET visible_at = ?, set_at = ?, token = token + 1, attempts = attempts + 1, owner = ? "
    "WHERE id IN (SELECT id FROM due) RETURNING id, queue, kind, subject, attempts, max_attempts, token"
)
_OLDEST_DUE = "SELECT min(visible_at) FROM work WHERE queue = ? AND state = 'open' AND visible_at <= ?"


@dataclass(frozen=True, kw_only=True)
class Claim:
    """A row held for ``lease`` seconds; ``token`` fences out whoever held it before."""

    id: str
    queue: str
    kind: str
    subject: str
    attempts: int
    max_attempts: int
    token: int

    @property
    def is_last_try(self) -> bool:
        """Whether a failure now puts it before a person."""
        return self.attempts >= self.max_attempts


def enqueue(
    session: Session, queue: str, kind: str, subject: str, *, at: datetime, now: datetime | None = None,
    dedupe: str | None = None, tries: int = 3,
) -> None:  # fmt: skip
    """Add a row in the transaction that makes it due; a ``dedupe`` key must be new. ``now``, if that is not ``at``."""
    row = {
        "queue": queue, "kind": kind, "subject": subject, "visible_at": at, "set_at": now or at, "dedupe": dedupe,
        "max_attempts": tries,
    }  # fmt: skip
    enqueue_many(session, [row])


def enqueue_many(session: Session, rows: Sequence[Mapping[str, object]]) -> None:
    """Many rows in one statement: ``queue kind subject visible_at`` each, and all or none with more.

    Where no ``set_at`` is given they are due at once.
    """
    session.info.setdefault(WOKEN, set()).update(str(row["queue"]) for row in rows)
    fixed = {"max_attempts": 3, "state": "open", "attempts": 0, "token": 0, "last_error": ""}
    direct.insert(session, "work", [{"id": new_id(), "set_at": row["visible_at"], **fixed, **row} for row in rows])


def claim(session: Session, queue: str, *, owner: str, now: datetime, lease: timedelta, limit: int) -> list[Claim]:
    """Take up to ``limit`` due rows for ``lease``; the commit of this transaction makes the attempt count."""
    skip = "" if direct.is_sqlite(session.connection()) else "FOR UPDATE SKIP LOCKED"
    rows = direct.ask(session, _CLAIM.format(lock=skip), (queue, now, limit, now + lease, now, owner))
    return [Claim(**dict(zip(_CLAIMED, row, strict=True))) for row in rows]


def beat(session: Session, held: Claim, *, now: datetime, lease: timedelta) -> None:
    """Hold a claim for another ``lease``; raises ``LostClaim`` if it is somebody else's by now."""
    _fenced(session, held, visible_at=now + lease, set_at=now)


def done(session: Session, held: Claim) -> None:
    """End a row in the transaction that records its effect; raises ``LostClaim``, which must roll that back."""
    _fenced(session, held, state="done", owner=None)


def again(session: Session, held: Claim, *, at: datetime, now: datetime, error: str = "", counts: bool = True) -> None:
    """Give a row back, due at ``at``, reckoned from ``now``. ``counts=False``: waiting is not a failed attempt."""
    attempts = held.attempts if counts else held.attempts - 1
    _fenced(session, held, visible_at=at, set_at=now, owner=None, last_error=error[:200], attempts=attempts)


def bury(session: Session, held: Claim, error: str) -> None:
    """No more attempts; the same transaction must put the matter before a person."""
    _fenced(session, held, state="dead", owner=None, last_error=error[:200])


def cancel(session: Session, dedupe: str) -> None:
    """Withdraw what is no longer due."""
    session.execute(update(Work).where(col(Work.dedupe) == dedupe, text("state = 'open'")).values(state="cancelled"))


def cancel_for(session: Session, queue: str, subject: str) -> None:
    """Withdraw what a queue still owes on one thing; whoever has it in hand finds the claim lost."""
    about = (col(Work.queue) == queue, col(Work.subject) == subject, text("state = 'open'"))
    session.execute(update(Work).where(*about).values(state="cancelled"))


def state_of(session: Session, dedupe: str) -> str | None:
    """``open``, ``done``, ``dead`` or ``cancelled``; None where nothing has this key."""
    return session.exec(select(Work.state).where(Work.dedupe == dedupe)).first()


def oldest_due(session: Session, queue: str, now: datetime) -> datetime | None:
    """Since when the longest-waiting due row of a queue has been due."""
    ((oldest,),) = direct.ask(session, _OLDEST_DUE, (queue, now))
    return None if oldest is None else direct.moment(oldest)


def next_due(session: Session, queue: str) -> datetime | None:
    """When the next row of a queue becomes visible."""
    return session.exec(select(func.min(Work.visible_at)).where(Work.queue == queue, text("state = 'open'"))).one()


def payload(held: Claim) -> dict[str, str]:
    """The subject of a row that needs more than one id."""
    return dict(json.loads(held.subject))


def _fenced(session: Session, held: Claim, **values: object) -> None:
    changed = ", ".join(f"{name} = ?" for name in values)
    held_still = f"UPDATE work SET {changed} WHERE id = ? AND token = ? AND state = 'open'"  # noqa: S608
    if direct.change(session, held_still, (*values.values(), held.id, held.token)) != 1:
        raise LostClaim(held.kind)
