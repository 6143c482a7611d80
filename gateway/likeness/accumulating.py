"""The accumulation rule: several low reports about one cluster in some months make a manager look, once for each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlmodel import Session, col, select

from gateway import notices, working_days
from gateway.clock import Clock
from gateway.ladder import Told
from gateway.likeness.cluster import strong_cluster
from gateway.owing import About, Owing
from storage import accumulation, audit, likeness, referral
from storage.notice import Notice
from storage.referral import Referral, Severity, State

LOW = frozenset({Severity.BLUE, Severity.GREEN})
NOTHING_DONE = frozenset({"nfa", "advice"})
REASON = "a manager must look: {count} low reports that may be about the same, in {days} days: {names}"
NAMED = 6


@dataclass(frozen=True, kw_only=True)
class Limit:
    """So many low reports in so many days."""

    reports: int
    days: int


def limit_of(written: str) -> Limit:
    """As the setting has it, ``3 in 90``, checked at start."""
    reports, _, days = written.partition(" in ")
    return Limit(reports=int(reports), days=int(days))


def is_low(row: Referral) -> bool:
    """Rated blue or green, closed unrated, or decided without anything done; not what was taken further."""
    if row.decision_code is not None and row.decision_code not in NOTHING_DONE:
        return False
    is_closed_unrated = row.severity == Severity.UNRATED and row.state == State.CLOSED
    return row.severity in LOW or is_closed_unrated or row.decision_code in NOTHING_DONE


class Accumulating:
    """Counts in the transaction that makes a report low, or like another: what is kept is counted, and nothing twice.

    Two at once wait for each other, so that none of them misses the other's.
    """

    def __init__(self, *, owing: Owing, clock: Clock, limit: Limit) -> None:
        self._owing, self._clock, self._limit = owing, clock, limit

    def heed(self, session: Session, row: Referral) -> Notice | None:
        """The task that this report made or was added to."""
        if not is_low(row):
            return None
        likeness.hold(session)
        low = self._low_around(session, row)
        counted = accumulation.counted(session, [each.id or 0 for each in low])
        fresh = [each for each in low if each.id not in counted]
        if not fresh:
            return None
        task = accumulation.open_among(session, set(counted.values()))
        if task is not None:
            return self._add(session, task, fresh)
        adds_up = len(fresh) >= self._limit.reports and self._is_news(fresh)
        return self._make(session, row, fresh) if adds_up else None

    def _is_news(self, fresh: Sequence[Referral]) -> bool:
        """Whether one of them is open or was lately: not what was all finished long before anybody counted."""
        since = self._clock() - timedelta(days=self._limit.days)
        return any(each.state != State.CLOSED or each.closed_at is None or each.closed_at >= since for each in fresh)

    def _low_around(self, session: Session, row: Referral) -> list[Referral]:
        """Itself and those like it that are low and came within the time, in order of receipt."""
        session.flush()
        query = select(Referral).where(col(Referral.id).in_(strong_cluster(session, row.id or 0)))
        query = query.order_by(col(Referral.ledger_no)).execution_options(populate_existing=True)
        rows = list(session.exec(query))
        newest = max((each.received_at for each in rows if is_low(each)), default=row.received_at)
        since = newest - timedelta(days=self._limit.days)
        return [each for each in rows if is_low(each) and each.received_at >= since]

    def _add(self, session: Session, task: Notice, fresh: Sequence[Referral]) -> Notice:
        """A manager has not looked yet: they look at these too."""
        accumulation.count(session, [each.id or 0 for each in fresh], notice_id=task.id, at=self._clock())
        task.times += len(fresh)
        ids = accumulation.of_task(session, task.id)
        task.reason = self._reason(referral.every_one(session, references=(), ids=ids))
        session.add(task)
        return task

    def _make(self, session: Session, row: Referral, fresh: Sequence[Referral]) -> Notice:
        now, names = self._clock(), ", ".join(each.reference for each in fresh)
        owed = replace(notices.task(self._reason(fresh), now), due_at=working_days.look_by(now))
        task = self._owing.write(session, row, owed, About())
        task.for_role = Told.TEAM_MANAGER
        session.add(task)
        session.flush()
        accumulation.count(session, [each.id or 0 for each in fresh], notice_id=task.id, at=now)
        what = f"Low reports add up: a manager must look at {names} together"
        self._note(session, fresh, what, now)
        return task

    def _reason(self, rows: Sequence[Referral]) -> str:
        """With the references of the last of them: the page of the referral shows all."""
        names = ", ".join(each.reference for each in rows[-NAMED:])
        return REASON.format(count=len(rows), days=self._limit.days, names=names)

    def _note(self, session: Session, rows: Sequence[Referral], what: str, now: datetime) -> None:
        for each in rows:
            audit.record(session, at=now, who="frontdoor", what=what, referral_id=each.id)
