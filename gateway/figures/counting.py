"""The figures of a period: what came each day, and how long each step took, by channel, source, rating and sender."""

from __future__ import annotations

import math
import statistics
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from sqlmodel import Session

from gateway import working_days
from gateway.census_codes import PROFESSIONAL_SOURCES
from gateway.desk_words import NOT_A_REPORT
from gateway.rereading.lot import monday_of
from storage import figures
from storage.figures import Times, Told

MOST = 10_000
BY_WEEK_FROM = 57
"""A period of this many days or more is shown week by week."""


class By(StrEnum):
    """What the times are told apart by."""

    CHANNEL = "channel"
    SOURCE = "source"
    SEVERITY = "severity"
    SENDER = "sender"


class Sender(StrEnum):
    """Who told us, as far as the published comparison of public and professional senders goes."""

    PUBLIC = "public"
    PROFESSIONAL = "professional"
    NEITHER = "neither"


@dataclass(frozen=True, kw_only=True)
class Speed:
    """How long one step took, in wall-clock hours; None where nobody has taken it yet.

    ``in_time`` is the share, 0 to 1, of those that were due by now: what was not done by its time counts as late, never
    as left out; None where none was due.
    """

    done: int
    median: float | None
    p90: float | None
    in_time: float | None


@dataclass(frozen=True, kw_only=True)
class Group:
    """The reports that have one value in common, and how long each step of them took."""

    name: str
    count: int
    receipt: Speed
    look: Speed
    decision: Speed
    outcome: Speed


@dataclass(frozen=True, kw_only=True)
class Stretch:
    """A day, or a week that begins with it: what came in, how much of it is decided and how much is open still."""

    begins: date
    came: int
    decided: int
    open: int


@dataclass(frozen=True, kw_only=True)
class Figures:
    """Of a period. ``since`` is later than was asked where more came than is looked at: the latest are."""

    since: datetime
    until: datetime
    is_cut: bool
    by_week: bool
    stretches: Sequence[Stretch]
    groups: Sequence[Group]
    whole: Group


def counted(session: Session, *, days: int, by: By, now: datetime, most: int = MOST) -> Figures:
    """The figures of the last ``days`` days, today included; of the latest ``most`` reports at the most."""
    today = working_days.in_london(now).date()
    since = working_days.at_clock(today - timedelta(days=days - 1), time(0))
    rows = figures.of_period(session, since, now, but=NOT_A_REPORT, most=most)
    is_cut = len(rows) == most
    since = rows[-1].captured_at if is_cut else since
    grouped: dict[str, list[Times]] = {}
    for row in rows:
        grouped.setdefault(VALUE[by](row), []).append(row)
    groups = [_group(name, those, now) for name, those in grouped.items()]
    return Figures(
        since=since, until=now, is_cut=is_cut, by_week=days >= BY_WEEK_FROM,
        stretches=_stretches(rows, since, now, by_week=days >= BY_WEEK_FROM),
        groups=sorted(groups, key=lambda group: (-group.count, group.name)), whole=_group("", rows, now),
    )  # fmt: skip


def sender_of(code: str) -> Sender:
    """Of a contact source code: 8, 9 and 10 say neither."""
    if code.startswith("1") and code != "10":
        return Sender.PUBLIC
    return Sender.PROFESSIONAL if code in PROFESSIONAL_SOURCES else Sender.NEITHER


VALUE: Mapping[By, Callable[[Times], str]] = {
    By.CHANNEL: lambda row: row.channel,
    By.SOURCE: lambda row: row.contact_source_code,
    By.SEVERITY: lambda row: row.severity,
    By.SENDER: lambda row: sender_of(row.contact_source_code),
}


def _group(name: str, rows: Sequence[Times], now: datetime) -> Group:
    return Group(
        name=name, count=len(rows),
        receipt=_speed([(row.received_at, _sent(row.receipt), _owed(row.receipt)) for row in rows], now),
        look=_speed([(row.received_at, row.looked_at, row.look_by) for row in rows], now),
        decision=_speed([(row.received_at, row.decided_at, row.look_by) for row in rows], now),
        outcome=_speed(
            [(row.received_at, _sent(row.outcome), _owed(row.outcome)) for row in rows if row.decided_at], now
        ),
    )  # fmt: skip


def _sent(told: Told | None) -> datetime | None:
    return told.sent_at if told else None


def _owed(told: Told | None) -> datetime | None:
    return told.due_at if told else None


def _speed(steps: Sequence[tuple[datetime, datetime | None, datetime | None]], now: datetime) -> Speed:
    """Of when each began, was done and was due; what is not due yet and not done is neither in time nor late."""
    hours = sorted((done - began).total_seconds() / 3600 for began, done, _ in steps if done is not None)
    judged = [done is not None and done <= due for _, done, due in steps if due and (done is not None or due <= now)]
    return Speed(
        done=len(hours), median=statistics.median(hours) if hours else None,
        p90=hours[math.ceil(len(hours) * 0.9) - 1] if hours else None,
        in_time=sum(judged) / len(judged) if judged else None,
    )  # fmt: skip


def _stretches(rows: Sequence[Times], since: datetime, until: datetime, *, by_week: bool) -> Sequence[Stretch]:
    """Every one in the period, those without anything included."""
    first, last = (_begin(at, by_week=by_week) for at in (since, until))
    step = timedelta(days=7 if by_week else 1)
    came: dict[date, list[Times]] = {first + n * step: [] for n in range((last - first) // step + 1)}
    for row in rows:
        came[_begin(row.captured_at, by_week=by_week)].append(row)
    return [
        Stretch(
            begins=day, came=len(those), decided=sum(row.decided_at is not None for row in those),
            open=sum(row.state != "closed" for row in those),
        )
        for day, those in came.items()
    ]  # fmt: skip


def _begin(at: datetime, *, by_week: bool) -> date:
    day = working_days.in_london(at).date()
    return monday_of(day) if by_week else day
