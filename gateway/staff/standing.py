"""How far something has climbed the ladder, in words: what it says of the item, and who was told when."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from gateway import saying, working_days
from gateway.ladder import AT_THE_DOOR, MISSED, RUNGS
from storage import escalation
from storage.escalation import Escalation
from storage.referral import Referral


@dataclass(frozen=True, kw_only=True)
class Telling:
    """One role that was told, in words, and when."""

    role: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class Standing:
    """Where one referral stands: the rung in words, empty at the foot, and everybody told on this clock."""

    says: str
    told: tuple[Telling, ...] = ()


def standings(session: Session, rows: Sequence[Referral], now: datetime) -> dict[int, Standing]:
    """Of each of these referrals, by its id."""
    climbed: dict[int, list[Escalation]] = {row.id or 0: [] for row in rows}
    for one in escalation.of_referrals(session, list(climbed)):
        climbed[one.referral_id].append(one)
    return {row.id or 0: standing(row, climbed[row.id or 0], now) for row in rows}


def standing(row: Referral, climbed: Sequence[Escalation], now: datetime) -> Standing:
    """Only what was climbed on the clock that runs; who heard that it is still open is told of whatever runs."""
    since = [one for one in climbed if one.name == AT_THE_DOOR.name or one.at >= (row.clock_from or row.received_at)]
    told = tuple(Telling(role=in_words(one.told), at=one.at) for one in since)
    last = [one for one in since if one.name != AT_THE_DOOR.name and one.rung == row.ladder]
    if not row.ladder or not last:
        return Standing(says="", told=told)
    says = "Overdue" if row.ladder == MISSED else _sentence(RUNGS[row.ladder - 1].says)
    heard = " and ".join(in_words(one.told) for one in last)
    is_today = working_days.in_london(last[-1].at).date() == working_days.in_london(now).date()
    when = saying.clock(last[-1].at) if is_today else saying.short_moment(last[-1].at)
    to = f": {heard} told {when}" if row.ladder > 1 else ""
    return Standing(says=f"{says}{to}", told=told)


def in_words(role: str) -> str:
    """Such as team manager."""
    return role.replace("_", " ")


def _sentence(says: str) -> str:
    return f"{says[:1].upper()}{says[1:]}"
