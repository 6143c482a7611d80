"""A letter's clock runs from the day it reached the council: known beforehand, said later, or put right."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from sqlalchemy.orm.attributes import set_committed_value

from gateway import arrival, ladder, working_days
from gateway.climbing import Climbing
from gateway.core import Core
from gateway.life_cycle import Action, Incomplete, WrongRole
from gateway.working_days import LONDON
from storage import audit, referral
from storage import message as messages
from storage.message import ArrivedBasis, Message
from storage.referral import Referral, Severity, State
from storage.staff import Role
from tests.builders import a_message, read_all
from tests.fakes import MovableClock
from tests.gateway.rungs import act, now_of, rungs

ON_SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
FRIDAY = date(2026, 11, 20)
PAGE = b"%PDF-1.4\n%%EOF\n"


def london(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=LONDON)


async def a_letter(core: Core, **envelope: str) -> Referral:
    """Scanned on Monday 23 November at 10:15 and read."""
    raw = a_message(PAGE, channel="letter", media_type="application/pdf", envelope={"name": "scan.pdf", **envelope})
    receipt = await core.intake.accept(raw)
    await read_all(core)
    with core.database.reading() as session:
        row = referral.by_reference(session, receipt.reference)
    assert row is not None
    return row


def of(core: Core, row: Referral) -> Message:
    with core.database.reading() as session:
        return messages.of_referrals(session, [row.id or 0])[0]


def say(core: Core, row: Referral, on: date, basis: ArrivedBasis = ArrivedBasis.DATE_STAMP) -> bool:
    with core.database.transaction() as session:
        message = messages.of_referrals(session, [row.id or 0])[0]
        return arrival.set_arrival(session, message, on, basis, "casey", at=core.clock())


def history(core: Core, row: Referral) -> list[str]:
    with core.database.reading() as session:
        return [line.what for line in audit.of_referrals(session, [row.id or 0])]


def a_row(received: datetime, state: State, *, severity: Severity = Severity.UNRATED) -> Referral:
    look_by = working_days.look_by(received)
    row = Referral(
        reference="KMR-4729-HX", ledger_no=1, channel="letter", received_at=received, captured_at=received,
        look_by=look_by, due_at=look_by, next_action="Read it", last_message_at=received, severity=severity,
    )  # fmt: skip
    ladder.start_clock(row, look_by, received)
    row.state = state
    return row


async def test_a_scan_of_what_arrived_three_days_before_is_due_by_the_arrival_and_overdue_at_once(
    core: Core, climbing: Climbing, clock: MovableClock
) -> None:
    clock.at = london("2026-11-23T10:15")
    row = await a_letter(core, arrived="2026-11-20", arrived_basis="date_stamp")
    assert row.received_at == london("2026-11-20T09:00")
    assert row.due_at == row.look_by == london("2026-11-23T09:00")
    assert row.due_at < clock()
    assert any("Friday 20 November 2026 (by the date stamp)" in line for line in history(core, row))
    await climbing.look()
    assert [name for name, _ in rungs(core, row)] == ["half", "three_quarters", "missed"]
    assert row.promised_at == london("2026-11-24T10:15"), "nobody is promised a time that has passed"


async def test_a_day_that_is_said_after_the_letter_was_read_makes_it_overdue_and_leaves_what_was_promised(
    core: Core, climbing: Climbing
) -> None:
    row = await a_letter(core)
    promised = row.promised_at
    assert say(core, row, FRIDAY)
    seen = now_of(core, row)
    assert seen.received_at == london("2026-11-20T09:00")
    assert seen.due_at == seen.look_by == london("2026-11-23T09:00")
    assert seen.promised_at == promised
    said = of(core, row)
    assert (said.arrived_on, said.arrived_basis, said.arrived_by) == (FRIDAY, ArrivedBasis.DATE_STAMP, "casey")
    assert history(core, row)[-1] == (
        "The day of arrival: number 1 had reached us on Friday 20 November 2026 (by the date stamp). "
        "Received 9am on Friday 20 November 2026, not 10:15am on Monday 23 November 2026; due 9am on Monday 23 November"
    )
    await climbing.look()
    assert [name for name, _ in rungs(core, row)] == ["half", "three_quarters", "missed"]


@ON_SQLITE
async def test_the_sender_hears_that_we_are_late_when_the_time_they_were_told_has_passed(
    core: Core, climbing: Climbing, clock: MovableClock
) -> None:
    row = await a_letter(core)
    say(core, row, FRIDAY)
    await climbing.look()
    assert now_of(core, row).late_count == 0
    clock.at = london("2026-11-24T10:16")
    await climbing.look()
    assert now_of(core, row).late_count == 1


@ON_SQLITE
async def test_a_mistaken_day_is_put_right_and_the_clock_goes_back_to_where_it_was(
    core: Core, climbing: Climbing
) -> None:
    row = await a_letter(core)
    say(core, row, date(2026, 11, 2))
    await climbing.look()
    assert now_of(core, row).ladder == len(ladder.RUNGS)
    assert say(core, row, date(2026, 11, 23))
    seen = now_of(core, row)
    assert seen.due_at == london("2026-11-24T09:00")
    assert (seen.ladder, seen.clock_from) == (0, london("2026-11-23T09:00"))
    assert seen.rung_at == ladder.rung_times(seen)[0]
    assert "before: number 1 had reached us on Monday 2 November 2026" in history(core, row)[-1]
    assert not say(core, row, date(2026, 11, 23)), "what is known already is no news"


@ON_SQLITE
async def test_what_was_looked_at_before_the_day_was_known_is_to_be_decided_within_the_hour_it_was_given(
    core: Core, clock: MovableClock
) -> None:
    row = await a_letter(core)
    clock.move(minutes=5)
    act(core, row, Action.OPEN)
    say(core, row, FRIDAY)
    assert now_of(core, row).due_at == clock() + timedelta(hours=1)


@pytest.mark.parametrize("state", [State.AWAITING_INFORMATION, State.DECIDED, State.REOPENED, State.CLOSED])
def test_a_clock_that_runs_from_something_else_is_left_alone(state: State) -> None:
    row = a_row(london("2026-11-23T10:15"), state)
    due = row.due_at = london("2026-12-01T12:00")
    ladder.received_at(row, london("2026-11-20T09:00"), london("2026-11-23T12:00"))
    assert (row.due_at, row.received_at) == (due, london("2026-11-20T09:00"))


def test_a_red_one_follows_by_the_wall_clock_both_ways() -> None:
    received, now = london("2026-11-23T10:15"), london("2026-11-23T10:30")
    row = a_row(received, State.IN_TRIAGE, severity=Severity.RED)
    row.looked_at = row.clock_from = now
    ladder.rerate(row, now)
    earlier = london("2026-11-23T09:00")
    ladder.received_at(row, earlier, now)
    assert row.due_at == earlier + timedelta(hours=4)
    ladder.received_at(row, received, now)
    assert row.due_at == received + timedelta(hours=4)


def test_the_director_hears_by_the_day_of_arrival_that_it_is_still_open() -> None:
    row = a_row(london("2026-11-23T10:15"), State.RECEIVED)
    ladder.received_at(row, london("2026-10-20T09:00"), london("2026-11-23T10:20"))
    assert row.still_open_at == london("2026-11-17T09:00")


@pytest.mark.parametrize(
    ("on", "is_sure", "named"),
    [
        (date(2026, 11, 24), True, "on"),
        (date(2026, 9, 23), False, "sure"),
        (date(2026, 9, 23), True, ""),
        (date(2026, 9, 24), False, ""),
        (date(2026, 11, 23), False, ""),
        (date(226, 11, 20), True, "on"),
    ],
)
def test_a_day_after_the_scan_is_refused_and_one_long_before_is_asked_about(
    on: date, is_sure: bool, named: str
) -> None:
    scanned = Message(
        channel="letter", source_key="k", reference="r", purpose="message", media_type="x", sha256="0", size=1,
        received_at=london("2026-11-23T10:15"), captured_at=london("2026-11-25T10:15"),
    )  # fmt: skip
    if not named:
        arrival.check(scanned, on, Role.CALL_TAKER, is_sure=is_sure)
        return
    with pytest.raises(Incomplete) as refused:
        arrival.check(scanned, on, Role.CALL_TAKER, is_sure=is_sure)
    assert refused.value.field == named
    with pytest.raises(WrongRole):
        arrival.check(scanned, on, Role.READONLY, is_sure=is_sure)


def test_the_time_of_a_scanner_that_does_not_know_it_can_be_put_right() -> None:
    scanned = Message(
        channel="letter", source_key="k", reference="r", purpose="message", media_type="x", sha256="0", size=1,
        received_at=london("2010-01-01T00:03"), captured_at=london("2026-11-23T10:15"),
    )  # fmt: skip
    arrival.check(scanned, FRIDAY, Role.CALL_TAKER, is_sure=False)
    with pytest.raises(Incomplete):
        arrival.check(scanned, date(2026, 11, 24), Role.CALL_TAKER, is_sure=True)
    assert arrival.clock_start(scanned) == london("2010-01-01T00:03")
    scanned.arrived_on = FRIDAY
    assert arrival.clock_start(scanned) == london("2026-11-20T09:00")
    scanned.arrived_on = date(2026, 11, 23)
    assert arrival.clock_start(scanned) == london("2026-11-23T09:00")


@ON_SQLITE
async def test_what_a_door_says_that_cannot_be_is_not_heeded(core: Core) -> None:
    for arrived in ("2026-11-24", "last week", "2026-13-01", "2025-11-21", "0001-01-01", ""):
        row = await a_letter(core, arrived=arrived)
        assert (of(core, row).arrived_on, row.received_at) == (None, of(core, row).received_at)


@ON_SQLITE
async def test_what_a_person_says_while_the_letter_is_read_holds(core: Core) -> None:
    row = await a_letter(core)
    in_hand = of(core, row)
    assert say(core, row, FRIDAY)
    with core.database.transaction() as session:
        arrival.heed_envelope(session, in_hand, {"arrived": "2026-11-19"})
    assert (in_hand.arrived_on, of(core, row).arrived_on) == (FRIDAY, FRIDAY)


@ON_SQLITE
async def test_a_letter_that_was_read_while_its_day_was_said_has_that_day_on_its_clock(core: Core) -> None:
    row = await a_letter(core)
    with core.database.transaction() as session:
        message = messages.of_referrals(session, [row.id or 0])[0]
        set_committed_value(message, "referral_id", None)
        assert arrival.set_arrival(session, message, FRIDAY, ArrivedBasis.DATE_STAMP, "casey", at=core.clock())
    with core.database.reading() as session:
        assert session.get_one(Referral, row.id).received_at == london("2026-11-20T09:00")
