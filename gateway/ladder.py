"""Pure: the clock of every open item and the rungs of the escalation ladder it climbs (domain.md 2.9 and 2.10)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from functools import partial

from gateway import notices, working_days
from storage.referral import Referral, Severity, State

RATED_WITHIN = {Severity.RED: timedelta(hours=4), Severity.AMBER: timedelta(hours=24)}
"""Hours of the wall clock from receipt until the next action on what is rated so is due (domain.md 1.4)."""
NEVER_PAUSES = Severity.RED
RED_LATE_BY = timedelta(minutes=30)
RED_PROMISE = timedelta(hours=2)
DAYS_AT_THE_DOOR = 20
TO_DECIDE = timedelta(hours=1)
"""At least, for whoever opens something late."""


class Told(StrEnum):
    """Who is told of a rung: roles, not people, so that nobody's leave mutes one."""

    OWNER = "owner"
    DUTY_MANAGER = "duty_manager"
    TEAM_MANAGER = "team_manager"
    HEAD_OF_SERVICE = "head_of_service"
    ASSISTANT_DIRECTOR = "assistant_director"
    DIRECTOR = "director"


@dataclass(frozen=True, kw_only=True)
class Rung:
    """One rung: what it says of the item, whose task it is and what they are to do; who is told too when it is red."""

    name: str
    says: str
    told: Told
    task: str
    red_too: Told | None = None


RUNGS = (
    Rung(name="half", says="half its time is gone", told=Told.OWNER, task="do what is due, or ask for help"),
    Rung(
        name="three_quarters", says="three quarters of its time are gone", told=Told.DUTY_MANAGER,
        task="take it, or give it to somebody",
    ),
    Rung(
        name="missed", says="it was not done in time", told=Told.TEAM_MANAGER, task="see that it is done today",
        red_too=Told.DIRECTOR,
    ),
    Rung(name="hours_late", says="it is still not done", told=Told.HEAD_OF_SERVICE, task="phone the team manager"),
    Rung(name="day_late", says="it is a working day late", told=Told.ASSISTANT_DIRECTOR, task="put it on today's list"),
    Rung(name="days_late", says="it is two working days late", told=Told.DIRECTOR, task="get a written account"),
)  # fmt: skip
MISSED = 3
"""``Referral.ladder`` once its time has run out."""
AT_THE_DOOR = Rung(
    name="at_the_door", says="it has been open for 20 working days or more", told=Told.DIRECTOR,
    task="get a written account",
)  # fmt: skip
"""Beside the others: each 20 working days that something stays open, whatever is done with it meanwhile."""


@dataclass(frozen=True, kw_only=True)
class Climbed:
    """A rung that was due at ``due_at`` and has been climbed; what it asks for is to be done by ``act_by``."""

    rung: Rung
    number: int
    due_at: datetime
    act_by: datetime
    told: tuple[Told, ...]


def start_clock(row: Referral, due_at: datetime, now: datetime) -> None:
    """A new clock: the next action is due at ``due_at``, the ladder stands at its foot again."""
    row.due_at, row.clock_from, row.ladder = due_at, now, 0
    row.still_open_at = row.still_open_at or _days_at_the_door(now)
    _set_rung(row)


def wait_for_sender(row: Referral, answer_by: datetime, now: datetime) -> None:
    """The clock is the sender's until ``answer_by``, ours begins then; asking them kept what they were promised."""
    row.promised_at, row.late_count = None, 0
    row.still_open_at = row.still_open_at or _days_at_the_door(now)
    start_clock(row, answer_by, answer_by)


def stop_clock(row: Referral) -> None:
    """It is closed: nothing is due and nothing promised."""
    row.promised_at = row.rung_at = row.still_open_at = None
    row.late_count = 0


def hasten(row: Referral, due_at: datetime) -> None:
    """The same clock runs out earlier; one that runs out earlier already is left as it is."""
    row.due_at = min(row.due_at, due_at)
    _set_rung(row)


def rerate(row: Referral, now: datetime) -> None:
    """After ``row.severity`` was changed: red and amber run out by the wall clock; rating down gives no time back.

    What was late before it was rated red is missed once more, so that the director is told.
    """
    within = RATED_WITHIN.get(Severity(row.severity))
    if within is not None and row.state in (State.IN_TRIAGE, State.AWAITING_INFORMATION, State.REOPENED):
        row.due_at = min(row.due_at, row.received_at + within)
    if row.severity == NEVER_PAUSES and row.due_at <= now:
        row.ladder = min(row.ladder, MISSED - 1)
    _set_rung(row)


def received_at(row: Referral, start: datetime, now: datetime) -> None:
    """It reached us at another time than was thought: the clock that runs from receipt follows, earlier or later.

    What the sender was promised stands; so do the clocks of an answer, of what is decided and of what was reopened.
    A rung that was climbed is climbed again only where its time lies ahead once more.
    """
    given, still = _due_from_receipt(row), _days_at_the_door(row.received_at)
    row.received_at, row.look_by = start, working_days.look_by(start)
    if row.state == State.CLOSED:
        return
    if row.still_open_at == still:
        row.still_open_at = _days_at_the_door(start)
    if given is not None:
        due = _due_from_receipt(row) or given
        row.due_at = due if row.due_at == given else min(row.due_at, due)
        row.clock_from = start if row.state == State.RECEIVED else row.clock_from
        row.ladder = min(row.ladder, sum(at <= now for at in rung_times(row)))
    _set_rung(row)


def _due_from_receipt(row: Referral) -> datetime | None:
    """When the next action is due by the time of receipt; None where the clock runs from something else."""
    if row.state == State.RECEIVED:
        return row.look_by
    if row.state != State.IN_TRIAGE or row.clock_from is None or row.clock_from != row.looked_at:
        return None
    within = RATED_WITHIN.get(Severity(row.severity))
    due = max(row.look_by, row.clock_from + TO_DECIDE)
    return min(due, row.received_at + within) if within is not None else due


def promise(row: Referral, at: datetime) -> None:
    """The sender was told to hear from us by ``at``: N7 is due then unless it is kept or another time is promised."""
    row.promised_at = at
    _set_rung(row)


def keep_promise(row: Referral) -> None:
    """The sender is told what they were promised to be told (N2 or N4 is owed): no other time is promised."""
    row.promised_at, row.late_count = None, 0
    _set_rung(row)


def opened(row: Referral, now: datetime) -> None:
    """Looking keeps the first promise; the next is to tell what happens next, unless N7 has named a time for that."""
    if not row.late_count:
        promise(row, notices.next_notice_by(row.promised_at or now))


def promise_after(answer_by: datetime) -> datetime:
    """When a sender who was asked for more by ``answer_by`` hears from us next, whether they answer or not."""
    return notices.next_notice_by(working_days.look_by(answer_by))


def new_promise(row: Referral, now: datetime) -> datetime:
    """The time N7 names after ``row.late_count`` earlier ones: later each time, so that it is kept."""
    if row.late_count == 0:
        return now + RED_PROMISE if row.severity == NEVER_PAUSES else working_days.add_working_hours(now, 4)
    days = {1: 1, 2: 2}.get(row.late_count, 5)
    day = working_days.add_working_days(working_days.in_london(now).date(), days)
    return working_days.close_of(day)


def climb(row: Referral, now: datetime) -> Sequence[Climbed]:
    """Climb every rung that is due by ``now``; each is climbed once in the life of a clock."""
    times = [*rung_times(row), working_days.look_by(now)]
    due = [_climbed(row, n, times, now) for n in range(row.ladder, len(RUNGS)) if times[n] <= now]
    if row.still_open_at is None:
        _carry_over(row)
    row.ladder += len(due)
    still_open_at = row.still_open_at or _days_at_the_door(row.received_at)
    if still_open_at <= now:
        due.append(_at_the_door(still_open_at, act_by=times[-1]))
        still_open_at = _days_at_the_door(now)
    row.still_open_at = still_open_at
    _set_rung(row)
    return due


def _carry_over(row: Referral) -> None:
    """From before promises were kept here: looking kept the first then, too, and the next was to tell what happens."""
    if row.state == State.IN_TRIAGE and row.promised_at is not None:
        row.promised_at = notices.next_notice_by(row.promised_at)


def _at_the_door(due_at: datetime, *, act_by: datetime) -> Climbed:
    return Climbed(
        rung=AT_THE_DOOR, number=len(RUNGS) + 1, due_at=due_at, act_by=act_by, told=(AT_THE_DOOR.told,)
    )  # fmt: skip


def _climbed(row: Referral, place: int, times: Sequence[datetime], now: datetime) -> Climbed:
    """Climbed late, with the rungs above it: nobody is given a task whose time has passed."""
    rung = RUNGS[place]
    also = (rung.red_too,) if rung.red_too and row.severity == NEVER_PAUSES else ()
    act_by = next(at for at in times[place + 1 :] if at > now)
    return Climbed(rung=rung, number=place + 1, due_at=times[place], act_by=act_by, told=(rung.told, *also))


def rung_times(row: Referral) -> Sequence[datetime]:
    """When each of ``RUNGS`` is due on the clock as it stands, none before the one under it."""
    start, due = row.clock_from or row.received_at, row.due_at
    is_red = row.severity == NEVER_PAUSES
    part = partial(_part_of_wall_time if is_red else _part_of_working_time, start, due)
    day_late = working_days.look_by(due)
    hours_late = due + RED_LATE_BY if is_red else working_days.add_working_hours(due, 4)
    return part(0.5), part(0.75), due, hours_late, day_late, working_days.look_by(day_late)


def _set_rung(row: Referral) -> None:
    """``rung_at`` is never empty while it is open: the next rung, the sender's promise or the next 20 working days."""
    rung = rung_times(row)[row.ladder] if row.ladder < len(RUNGS) else None
    row.rung_at = min(at for at in (rung, row.promised_at, row.still_open_at or row.received_at) if at is not None)


def _days_at_the_door(start: datetime) -> datetime:
    local = working_days.in_london(start)
    return working_days.at_clock(working_days.add_working_days(local.date(), DAYS_AT_THE_DOOR), local.time())


def _part_of_wall_time(start: datetime, due: datetime, part: float) -> datetime:
    return start + (due - start) * part if start < due else due


def _part_of_working_time(start: datetime, due: datetime, part: float) -> datetime:
    """A clock that runs only while we are closed is divided by the wall clock."""
    whole = working_days.working_time(start, due) if start < due else timedelta(0)
    if not whole:
        return _part_of_wall_time(start, due, part)
    return working_days.add_working_hours(start, whole / timedelta(hours=1) * part)
