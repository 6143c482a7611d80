"""The times of the latest referrals, for figures of load and speed: no words, no names, nothing of who told us."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from storage import direct

_TIMES = (
    "SELECT id, captured_at, received_at, look_by, looked_at, decided_at, state, channel, contact_source_code, "
    "severity FROM referral WHERE captured_at >= ? AND captured_at <= ? AND treated_as <> ? "
    "ORDER BY captured_at DESC LIMIT ?"
)
_NOTICES = (
    "SELECT referral_id, kind, created_at, sent_at, due_at FROM notice WHERE referral_id IN ({marks}) "
    "AND sent_at IS NOT NULL AND kind IN ('receipt', 'looked_at', 'closed', 'passed_on')"
)
RECEIPT = "receipt"


@dataclass(frozen=True, kw_only=True)
class Told:
    """A notice that went out: when, and by when it was owed."""

    sent_at: datetime
    due_at: datetime


@dataclass(frozen=True, kw_only=True)
class Times:
    """When what happened to one referral; None for what has not."""

    captured_at: datetime
    received_at: datetime
    look_by: datetime
    looked_at: datetime | None
    decided_at: datetime | None
    state: str
    channel: str
    contact_source_code: str
    severity: str
    receipt: Told | None = None
    outcome: Told | None = None


def of_period(session: Session, since: datetime, until: datetime, *, but: str, most: int) -> list[Times]:
    """The latest ``most`` that were kept in that time, the newest first; what is treated as ``but`` is left out."""
    rows = direct.ask(session, _TIMES, (since, until, but, most))
    decided = {row[0]: _moment(row[5]) for row in rows}
    receipts, outcomes = _told(session, decided)
    return [
        Times(
            captured_at=direct.moment(row[1]), received_at=direct.moment(row[2]), look_by=direct.moment(row[3]),
            looked_at=_moment(row[4]), decided_at=_moment(row[5]), state=row[6], channel=row[7],
            contact_source_code=row[8], severity=row[9], receipt=receipts.get(row[0]), outcome=outcomes.get(row[0]),
        )
        for row in rows
    ]  # fmt: skip


def _told(session: Session, decided: dict[int, datetime | None]) -> tuple[dict[int, Told], dict[int, Told]]:
    """The first receipt of each, and the first notice after its decision."""
    receipts: dict[int, Told] = {}
    outcomes: dict[int, Told] = {}
    ids = list(decided)
    for first in range(0, len(ids), direct.AT_ONCE):
        some = ids[first : first + direct.AT_ONCE]
        for about, kind, created_at, sent_at, due_at in direct.ask(
            session, _NOTICES.format(marks=direct.marks(len(some))), some
        ):
            told = Told(sent_at=direct.moment(sent_at), due_at=direct.moment(due_at))
            at = decided[about]
            if kind == RECEIPT:
                _keep_first(receipts, about, told)
            elif at is not None and direct.moment(created_at) >= at:
                _keep_first(outcomes, about, told)
    return receipts, outcomes


def _keep_first(those: dict[int, Told], about: int, told: Told) -> None:
    if about not in those or told.sent_at < those[about].sent_at:
        those[about] = told


def _moment(kept: str | datetime | None) -> datetime | None:
    return direct.moment(kept) if kept is not None else None
