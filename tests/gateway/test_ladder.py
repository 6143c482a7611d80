"""The rungs stand where the ladder says, for any clock; a promise is never lost from sight."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway import ladder, working_days
from gateway.ladder import Told
from gateway.working_days import LONDON
from storage.referral import Referral, Severity, State

NAMES = ["half", "three_quarters", "missed", "hours_late", "day_late", "days_late"]
MINUTE = timedelta(minutes=1)
moments = st.datetimes(
    min_value=datetime(2025, 1, 1),  # noqa: DTZ001
    max_value=datetime(2028, 6, 30),  # noqa: DTZ001
    timezones=st.just(UTC),
)
lengths = st.timedeltas(min_value=timedelta(0), max_value=timedelta(days=20))
severities = st.sampled_from(Severity)


def london(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=LONDON)


def a_row(received: datetime, severity: Severity = Severity.UNRATED) -> Referral:
    """As the reading desk makes it."""
    look_by = working_days.look_by(received)
    row = Referral(
        reference="KMR-4729-HX", ledger_no=1, channel="sms", received_at=received, captured_at=received,
        look_by=look_by, due_at=look_by, next_action="Read it", last_message_at=received, severity=severity,
    )  # fmt: skip
    ladder.start_clock(row, look_by, received)
    ladder.promise(row, look_by)
    return row


def a_clock(start: datetime, due: datetime, severity: Severity = Severity.UNRATED) -> Referral:
    row = a_row(start, severity)
    row.promised_at = None
    ladder.start_clock(row, due, start)
    return row


def climbed(row: Referral, now: datetime) -> list[str]:
    return [one.rung.name for one in ladder.climb(row, now)]


@pytest.mark.parametrize(
    ("received", "half", "three_quarters"),
    [
        ("2026-11-23T10:15", "2026-11-23T14:15", "2026-11-23T16:15"),
        ("2026-11-23T20:00", "2026-11-24T13:00", "2026-11-24T15:00"),
        ("2026-11-27T16:59", "2026-11-30T12:59", "2026-11-30T14:59"),
        ("2026-11-28T03:00", "2026-11-30T13:00", "2026-11-30T15:00"),
        ("2026-12-24T16:00", "2026-12-29T12:00", "2026-12-29T14:00"),
        ("2027-03-25T15:00", "2027-03-30T11:00", "2027-03-30T13:00"),
        ("2027-05-01T12:00", "2027-05-04T13:00", "2027-05-04T15:00"),
    ],
)
def test_half_and_three_quarters_are_of_the_time_people_are_at_work(
    received: str, half: str, three_quarters: str
) -> None:
    times = ladder.rung_times(a_row(london(received)))
    assert times[:3] == (london(half), london(three_quarters), working_days.look_by(london(received)))


def test_the_rungs_past_due_are_in_working_time() -> None:
    times = ladder.rung_times(a_clock(london("2026-12-23T10:00"), london("2026-12-24T15:00")))
    assert times[3:] == (london("2026-12-29T11:00"), london("2026-12-29T15:00"), london("2026-12-30T15:00"))


def test_red_does_not_pause_over_a_bank_holiday_weekend() -> None:
    times = ladder.rung_times(a_clock(london("2026-12-24T22:00"), london("2026-12-25T02:00"), Severity.RED))
    assert times[:4] == (
        london("2026-12-25T00:00"), london("2026-12-25T01:00"), london("2026-12-25T02:00"), london("2026-12-25T02:30"),
    )  # fmt: skip


def test_each_rung_is_climbed_at_its_minute_and_once() -> None:
    row = a_clock(london("2026-11-23T10:15"), london("2026-11-24T10:15"))
    for name, at in zip(NAMES, ladder.rung_times(row), strict=True):
        assert row.rung_at == at
        assert climbed(row, at - MINUTE) == []
        assert climbed(row, at) == [name]
        assert climbed(row, at) == []


def test_a_red_that_is_missed_is_the_directors_at_once() -> None:
    row = a_clock(london("2026-11-23T10:15"), london("2026-11-23T14:15"), Severity.RED)
    told = [one.told for one in ladder.climb(row, london("2026-11-23T14:15"))]
    assert told == [(Told.OWNER,), (Told.DUTY_MANAGER,), (Told.TEAM_MANAGER, Told.DIRECTOR)]


@pytest.mark.parametrize("severity", [Severity.UNRATED, Severity.RED])
@pytest.mark.parametrize("late", [timedelta(0), timedelta(hours=1), timedelta(days=40)])
def test_what_is_climbed_late_is_nobodys_task_for_a_time_that_has_passed(severity: Severity, late: timedelta) -> None:
    row = a_row(london("2026-11-23 10:15"), severity)
    now = row.due_at + late
    due = ladder.climb(row, now)
    assert "missed" in [one.rung.name for one in due] and all(one.act_by > now for one in due)


def test_the_director_is_told_of_a_red_that_was_late_before_it_was_rated() -> None:
    row = a_clock(london("2026-11-23T10:15"), london("2026-11-24T10:15"))
    now = london("2026-11-24T15:00")
    ladder.climb(row, now)
    row.state, row.severity = State.IN_TRIAGE, Severity.RED
    ladder.rerate(row, now)
    assert Told.DIRECTOR in ladder.climb(row, now)[0].told


def test_rating_down_gives_no_time_back() -> None:
    row = a_clock(london("2026-11-23T10:15"), london("2026-11-24T10:15"))
    row.state, row.severity = State.IN_TRIAGE, Severity.RED
    ladder.rerate(row, london("2026-11-23T10:30"))
    red_due = row.due_at
    row.severity = Severity.GREEN
    ladder.rerate(row, london("2026-11-23T10:40"))
    assert row.due_at == red_due == london("2026-11-23T14:15")


@pytest.mark.parametrize(("severity", "hours"), [(Severity.RED, 4), (Severity.AMBER, 24)])
def test_red_and_amber_run_out_by_the_wall_clock(severity: Severity, hours: int) -> None:
    row = a_row(london("2026-11-27T16:00"))
    row.state, row.severity = State.IN_TRIAGE, severity
    ladder.rerate(row, london("2026-11-27T16:05"))
    assert row.due_at == london("2026-11-27T16:00") + timedelta(hours=hours)


def test_the_clock_of_a_sender_who_was_asked_has_no_rungs_before_its_end() -> None:
    row, now = a_row(london("2026-11-23T10:15")), london("2026-11-23T11:00")
    ladder.wait_for_sender(row, london("2026-11-26T17:00"), now)
    assert (row.rung_at, row.promised_at) == (london("2026-11-26T17:00"), None)
    assert climbed(row, london("2026-11-26T16:59")) == []


def test_whatever_is_open_for_twenty_working_days_is_the_directors_each_time() -> None:
    row, told = a_row(london("2026-11-23T10:15")), []
    now = london("2026-11-23T10:15")
    for _ in range(42):
        now = working_days.at_clock(working_days.add_working_days(now.date(), 1), london("2026-11-23T12:00").time())
        if "at_the_door" in climbed(row, now):
            told.append(now)
        ladder.start_clock(row, working_days.look_by(now), now)
    assert told == [london("2026-12-21T12:00"), london("2027-01-21T12:00")]


def test_the_times_promised_after_a_missed_one_are_further_off_each_time() -> None:
    row, now = a_row(london("2026-11-23T10:15")), london("2026-11-24T10:15")
    times = []
    for row.late_count in range(5):
        times.append(ladder.new_promise(row, now))
    assert times == [
        london("2026-11-24T14:15"), london("2026-11-25T17:00"), london("2026-11-26T17:00"),
        london("2026-12-01T17:00"), london("2026-12-01T17:00"),
    ]  # fmt: skip
    row.late_count, row.severity = 0, Severity.RED
    assert ladder.new_promise(row, london("2026-11-28T23:00")) == london("2026-11-29T01:00")


def test_looking_keeps_the_first_promise_and_makes_the_next() -> None:
    row = a_row(london("2026-11-23T10:15"))
    ladder.opened(row, london("2026-11-23T11:00"))
    assert row.promised_at == london("2026-11-25T17:00")
    ladder.keep_promise(row)
    assert row.promised_at is None


def test_looking_does_not_put_off_the_time_a_late_notice_named() -> None:
    row = a_row(london("2026-11-23T10:15"))
    row.late_count = 1
    ladder.promise(row, london("2026-11-24T14:15"))
    ladder.opened(row, london("2026-11-24T11:00"))
    assert row.promised_at == london("2026-11-24T14:15")


def test_nothing_is_due_on_what_is_closed_and_the_months_it_was_closed_do_not_count() -> None:
    row = a_row(london("2026-11-23T10:15"))
    ladder.stop_clock(row)
    assert (row.rung_at, row.promised_at) == (None, None)
    again = london("2027-02-16T12:00")
    ladder.start_clock(row, working_days.look_by(again), again)
    assert climbed(row, again) == []


@given(moments, lengths, severities)
def test_no_rung_is_due_before_the_one_under_it(start: datetime, length: timedelta, severity: Severity) -> None:
    times = ladder.rung_times(a_clock(start, start + length, severity))
    assert list(times) == sorted(times)
    assert start <= times[0] and times[2] == start + length


def step(row: Referral, name: str, now: datetime, length: timedelta, severity: Severity) -> None:
    match name:
        case "start":
            ladder.start_clock(row, now + length, now)
        case "hasten":
            ladder.hasten(row, now + length)
        case "rerate":
            row.state, row.severity = State.IN_TRIAGE, severity
            ladder.rerate(row, now)
        case "promise":
            ladder.promise(row, now + length)
        case "keep":
            ladder.keep_promise(row)
        case "wait":
            ladder.wait_for_sender(row, now + length, now)
        case "open":
            ladder.opened(row, now)
        case _:
            ladder.climb(row, now)
            assert row.rung_at is not None and (row.rung_at > now or row.rung_at == row.promised_at)


STEPS = st.sampled_from(["start", "hasten", "rerate", "promise", "keep", "wait", "open", "climb"])


@given(moments, st.lists(st.tuples(STEPS, lengths, severities), max_size=12))
def test_there_is_always_a_next_rung_and_nothing_due_is_passed_over(
    received: datetime, steps: list[tuple[str, timedelta, Severity]]
) -> None:
    row, now = a_row(received), received
    for name, length, severity in steps:
        now += length / 4
        step(row, name, now, length, severity)
        assert row.rung_at is not None
        if row.ladder < len(ladder.RUNGS):
            assert row.rung_at <= ladder.rung_times(row)[row.ladder]
        if row.promised_at is not None:
            assert row.rung_at <= row.promised_at
