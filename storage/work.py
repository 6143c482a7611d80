"""What is due: a transactional queue with leases, fencing tokens and retries, beside the nouns it works on."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Index, UniqueConstraint, insert, text, update
from sqlmodel import Field, Session, SQLModel, col, func, select

from storage.columns import UtcDateTime, new_id

WOKEN = "queues with new work"


class LostClaim(Exception):
    """Another worker has this row now: what was done for it must be rolled back."""


class Work(SQLModel, table=True):
    """One step that is due. ``visible_at`` is when it may run or, while it is held, until when the lease lasts."""

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
    attempts: int = 0
    max_attempts: int = 3
    token: int = 0
    owner: str | None = None
    last_error: str = ""


_ENQUEUE = insert(SQLModel.metadata.tables["work"])


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
    session: Session, queue: str, kind: str, subject: str, *, at: datetime, dedupe: str | None = None, tries: int = 3
) -> None:
    """Add a row in the transaction that makes it due; a ``dedupe`` key must be new."""
    session.info.setdefault(WOKEN, set()).add(queue)
    row = {"id": new_id(), "queue": queue, "kind": kind, "subject": subject, "visible_at": at, "dedupe": dedupe}
    session.execute(insert(Work).values(**row, max_attempts=tries, state="open", attempts=0, token=0, last_error=""))


def enqueue_many(session: Session, rows: Sequence[Mapping[str, object]]) -> None:
    """Many rows in one statement: ``queue kind subject visible_at`` each."""
    session.info.setdefault(WOKEN, set()).update(str(row["queue"]) for row in rows)
    fixed = {"max_attempts": 3, "state": "open", "attempts": 0, "token": 0, "last_error": ""}
    session.connection().execute(_ENQUEUE, [{"id": new_id(), **fixed, **row} for row in rows])


def claim(session: Session, queue: str, *, owner: str, now: datetime, lease: timedelta, limit: int) -> list[Claim]:
    """Take up to ``limit`` due rows for ``lease``; the commit of this transaction makes the attempt count."""
    due = select(Work.id).where(Work.queue == queue, text("state = 'open'"), col(Work.visible_at) <= now)
    due = due.order_by(col(Work.visible_at)).limit(limit).with_for_update(skip_locked=True)
    ids = due.cte("due")
    statement = (
        update(Work)
        .where(col(Work.id).in_(select(ids.c.id)), text("state = 'open'"), col(Work.visible_at) <= now)
        .values(visible_at=now + lease, token=Work.token + 1, attempts=Work.attempts + 1, owner=owner)
        .returning(
            col(Work.id),
            col(Work.queue),
            col(Work.kind),
            col(Work.subject),
            col(Work.attempts),
            col(Work.max_attempts),
            col(Work.token),
        )
        .execution_options(synchronize_session=False)
    )
    names = ("id", "queue", "kind", "subject", "attempts", "max_attempts", "token")
    return [Claim(**dict(zip(names, row, strict=True))) for row in session.execute(statement).all()]


def beat(session: Session, held: Claim, *, now: datetime, lease: timedelta) -> None:
    """Hold a claim for another ``lease``; raises ``LostClaim`` if it is somebody else's by now."""
    _fenced(session, held, visible_at=now + lease)


def done(session: Session, held: Claim) -> None:
    """End a row in the transaction that records its effect; raises ``LostClaim``, which must roll that back."""
    _fenced(session, held, state="done", owner=None)


def again(session: Session, held: Claim, *, at: datetime, error: str = "", counts: bool = True) -> None:
    """Give a row back, due at ``at``. ``counts=False``: waiting for something is not a failed attempt."""
    attempts = held.attempts if counts else held.attempts - 1
    _fenced(session, held, visible_at=at, owner=None, last_error=error[:200], attempts=attempts)


def bury(session: Session, held: Claim, error: str) -> None:
    """No more attempts; the same transaction must put the matter before a person."""
    _fenced(session, held, state="dead", owner=None, last_error=error[:200])


def cancel(session: Session, dedupe: str) -> None:
    """Withdraw what is no longer due."""
    session.execute(update(Work).where(col(Work.dedupe) == dedupe, text("state = 'open'")).values(state="cancelled"))


def oldest_due(session: Session, queue: str, now: datetime) -> datetime | None:
    """Since when the longest-waiting due row of a queue has been due."""
    query = select(func.min(Work.visible_at)).where(Work.queue == queue, text("state = 'open'"))
    return session.exec(query.where(col(Work.visible_at) <= now)).one()


def next_due(session: Session, queue: str) -> datetime | None:
    """When the next row of a queue becomes visible."""
    return session.exec(select(func.min(Work.visible_at)).where(Work.queue == queue, text("state = 'open'"))).one()


def payload(held: Claim) -> dict[str, str]:
    """The subject of a row that needs more than one id."""
    return dict(json.loads(held.subject))


def _fenced(session: Session, held: Claim, **values: object) -> None:
    statement = (
        update(Work)
        .where(col(Work.id) == held.id, col(Work.token) == held.token, text("state = 'open'"))
        .values(**values)
        .execution_options(synchronize_session=False)
    )
    if session.execute(statement).rowcount != 1:  # type: ignore[attr-defined]
        raise LostClaim(held.kind)
