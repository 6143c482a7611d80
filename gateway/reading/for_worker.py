"""Whom a message for a worker goes to: the worker, whoever stands in while they are away, or duty."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from gateway import saying
from storage import audit, staff
from storage.referral import Referral, State
from storage.staff import Role, Staff

WORKERS = frozenset({Role.SOCIAL_WORKER, Role.MANAGER, Role.ADMINISTRATOR})
LONGEST_LINE = 10
"""Deputies of deputies, before it is duty's."""


@dataclass(frozen=True, kw_only=True)
class GoesTo:
    """``owner`` is who has it, None: duty; ``says`` how that came about, for the history and for the call taker.

    ``is_there``: the worker who was named has it themselves.
    """

    owner: str | None
    says: str
    is_there: bool = False


def goes_to(session: Session, name: str, now: datetime) -> GoesTo:
    """Who gets a message for somebody of this name."""
    worker = named(session, name)
    if worker is None:
        return GoesTo(owner=None, says="duty has it: no worker here has that name")
    if not worker.is_away(now):
        return GoesTo(owner=worker.name, says=f"it goes to {worker.name}", is_there=True)
    until = f"{worker.name} is away and back on {saying.day(worker.away_until or now)}"
    deputy = _who_stands_in(session, worker, now)
    if deputy is None:
        return GoesTo(owner=None, says=f"{until}: duty has it")
    return GoesTo(owner=deputy.name, says=f"{until}: {deputy.name} has it")


def named(session: Session, name: str) -> Staff | None:
    """The worker whose account has this name, however it was typed."""
    wanted = " ".join(name.split()).casefold()
    return next((each for each in staff.who_work_here(session, WORKERS) if each.name.casefold() == wanted), None)


def assign(session: Session, row: Referral, name: str, now: datetime) -> Mapping[str, str]:
    """Give it to whom it goes; returns what N6 may say of it: the worker's name, if they have it themselves."""
    found = goes_to(session, name, now)
    if row.owner is None and row.state == State.RECEIVED:
        row.owner = found.owner
        session.add(row)
    audit.record(session, at=now, who="frontdoor", what=f"A message for a worker: {found.says}", referral_id=row.id)
    return {"worker": found.owner} if found.is_there and found.owner else {}


def say_if_away(session: Session, row: Referral, now: datetime) -> None:
    """More about a report whose worker is away: said, so that whoever stands in reads it."""
    worker = staff.by_name(session, row.owner) if row.owner else None
    if worker is None or row.state == State.CLOSED or not worker.is_away(now):
        return
    says = goes_to(session, worker.name, now).says
    audit.record(session, at=now, who="frontdoor", what=f"More came: {says}", referral_id=row.id)


def _who_stands_in(session: Session, worker: Staff, now: datetime) -> Staff | None:
    seen = {worker.name}
    for _ in range(LONGEST_LINE):
        deputy = staff.by_name(session, worker.deputy) if worker.deputy else None
        if deputy is None or deputy.disabled_at is not None or deputy.name in seen:
            return None
        if not deputy.is_away(now):
            return deputy
        seen.add(deputy.name)
        worker = deputy
    return None
