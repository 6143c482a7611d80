"""The working-day clock keeps its published examples, and its promises hold for any moment."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.working_days import (
    CLOSES,
    LONDON,
    OPENS,
    add_working_days,
    add_working_hours,
    calendar_warning,
    in_london,
    is_open,
    is_working_day,
    look_by,
    next_opening,
    working_days_before,
    working_time,
)

moments = st.datetimes(
    min_value=datetime(2024, 1, 1),  # noqa: DTZ001
    max_value=datetime(2028, 11, 30),  # noqa: DTZ001
    timezones=st.just(UTC),
)


def london(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=LONDON)


@pytest.mark.parametrize(
    ("received", "due"),
    [
        ("2026-11-23T10:15", "2026-11-24T10:15"),
        ("2026-11-23T20:00", "2026-11-24T17:00"),
        ("2026-11-27T16:59", "2026-11-30T16:59"),
        ("2026-11-28T03:00", "2026-11-30T17:00"),
        ("2026-12-24T16:00", "2026-12-29T16:00"),
        ("2027-03-25T15:00", "2027-03-30T15:00"),
        ("2027-05-01T12:00", "2027-05-04T17:00"),
        ("2026-11-23T09:00", "2026-11-24T09:00"),
        ("2026-11-23T17:00", "2026-11-24T17:00"),
        ("2026-11-23T08:59", "2026-11-23T17:00"),
    ],
)
def test_the_published_examples_of_one_working_day_hold(received: str, due: str) -> None:
    assert look_by(london(received)) == london(due)


def test_the_time_over_easter_is_the_same_on_the_wall_clock_although_the_clocks_change() -> None:
    due = look_by(datetime(2027, 3, 25, 15, 0, tzinfo=UTC))

    assert due == datetime(2027, 3, 30, 14, 0, tzinfo=UTC)
    assert due.tzinfo is UTC


def test_forty_five_working_days_over_christmas() -> None:
    assert add_working_days(date(2026, 11, 23), 45) == date(2027, 1, 28)


def test_no_working_days_after_a_saturday_is_the_monday() -> None:
    assert add_working_days(date(2026, 11, 28), 0) == date(2026, 11, 30)
    assert add_working_days(date(2026, 11, 30), 0) == date(2026, 11, 30)


def test_working_hours_pause_overnight_and_over_the_weekend() -> None:
    assert add_working_hours(london("2026-11-27T15:00"), 4) == london("2026-11-30T11:00")
    assert add_working_hours(london("2026-11-28T03:00"), 4) == london("2026-11-30T13:00")
    assert add_working_hours(london("2026-11-23T09:00"), 8) == london("2026-11-23T17:00")


def test_nobody_is_in_on_christmas_day_and_the_door_opens_on_the_29th() -> None:
    assert not is_open(london("2026-12-25T11:00"))
    assert next_opening(london("2026-12-24T17:30")) == london("2026-12-29T09:00")


def test_the_next_opening_at_nine_is_now_and_a_moment_later_tomorrow() -> None:
    assert next_opening(london("2026-11-23T09:00")) == london("2026-11-23T09:00")
    assert next_opening(london("2026-11-23T09:01")) == london("2026-11-24T09:00")


def test_a_time_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="zone"):
        look_by(datetime(2026, 11, 23, 10, 15))  # noqa: DTZ001


def test_counting_backwards_is_refused() -> None:
    with pytest.raises(ValueError, match="forward"):
        add_working_days(date(2026, 1, 5), -1)
    with pytest.raises(ValueError, match="forward"):
        add_working_hours(london("2026-01-05T10:00"), -1)


def test_the_calendar_warns_once_less_than_a_year_of_holidays_is_known() -> None:
    assert calendar_warning(date(2026, 11, 23)) is None
    assert "2028-12-26" in str(calendar_warning(date(2028, 1, 3)))


@given(moments, moments)
def test_what_comes_in_later_is_never_due_earlier(one: datetime, other: datetime) -> None:
    earlier, later = sorted((one, other))

    assert look_by(earlier) <= look_by(later)


@given(moments)
def test_the_time_to_look_is_after_receipt_in_hours_on_the_first_or_second_working_day(received: datetime) -> None:
    due = in_london(look_by(received))
    received_on = in_london(received).date()

    assert due > received
    assert is_working_day(due.date())
    assert OPENS <= due.time() <= CLOSES
    assert due.date() <= add_working_days(received_on, 1)


@given(moments, st.integers(min_value=1, max_value=30))
def test_working_days_add_up_one_at_a_time(start: datetime, days: int) -> None:
    day = add_working_days(start.date(), days)

    assert is_working_day(day)
    assert add_working_days(day, 1) == add_working_days(start.date(), days + 1)


@given(moments, st.integers(min_value=1, max_value=40 * 60), st.integers(min_value=1, max_value=40 * 60))
def test_working_hours_add_up_and_end_in_open_hours(start: datetime, minutes: int, more: int) -> None:
    once = add_working_hours(start, (minutes + more) / 60)
    in_two_steps = add_working_hours(add_working_hours(start, minutes / 60), more / 60)

    assert abs(in_two_steps - once) < timedelta(seconds=1)
    assert once > start
    assert is_open(once - timedelta(seconds=1))


@given(moments)
def test_the_next_opening_is_an_opening_and_none_lies_between(at: datetime) -> None:
    opening = next_opening(at)
    halfway = at + (opening - at) / 2

    assert opening >= at
    assert is_open(opening)
    assert not is_open(opening - timedelta(minutes=1))
    assert next_opening(halfway) == opening


@pytest.mark.parametrize(
    ("start", "end", "hours"),
    [
        ("2026-11-23T10:15", "2026-11-24T10:15", 8),
        ("2026-11-27T16:00", "2026-11-30T10:00", 2),
        ("2026-12-24T16:00", "2026-12-29T16:00", 8),
        ("2026-11-28T03:00", "2026-11-29T23:00", 0),
        ("2026-11-24T10:00", "2026-11-23T10:00", 0),
    ],
)
def test_only_open_hours_count_as_working_time(start: str, end: str, hours: int) -> None:
    assert working_time(london(start), london(end)) == timedelta(hours=hours)


@given(moments, st.integers(min_value=1, max_value=40 * 60))
def test_working_time_is_what_was_added(start: datetime, minutes: int) -> None:
    spent = working_time(start, add_working_hours(start, minutes / 60))

    assert abs(spent - timedelta(minutes=minutes)) < timedelta(seconds=1)


@given(moments, st.integers(min_value=1, max_value=60))
def test_working_days_before_is_the_way_back(at: datetime, days: int) -> None:
    before = in_london(working_days_before(at, days))

    assert is_working_day(before.date())
    assert add_working_days(before.date(), days) == add_working_days(in_london(at).date(), 0)
