"""Times as staff read them on a page, in its language: English as in our letters, others as they write them."""

from __future__ import annotations

from datetime import date, datetime

from babel.dates import format_date, format_datetime, format_time

from gateway import saying
from gateway.translating import WRITTEN_IN, language_now
from gateway.working_days import in_london


def clock_time(at: datetime) -> str:
    """Such as 10:15am, in London."""
    if _is_english():
        return saying.clock(at)
    return format_time(in_london(at), "HH:mm", locale=language_now())


def moment(at: datetime) -> str:
    """Such as 10:15am on Tuesday 24 November."""
    return saying.moment(at) if _is_english() else _as(at, "HH:mm, EEEE d MMMM")


def moment_and_year(at: datetime) -> str:
    """Such as 10:15am on Monday 23 November 2026."""
    return saying.moment_and_year(at) if _is_english() else _as(at, "HH:mm, EEEE d MMMM y")


def short_moment(at: datetime) -> str:
    """Such as 10:15am Tue 24 Nov."""
    return saying.short_moment(at) if _is_english() else _as(at, "HH:mm EEE d MMM")


def short_day(day: date) -> str:
    """Such as Tue 24 Nov."""
    return f"{day:%a} {day.day} {day:%b}" if _is_english() else format_date(day, "EEE d MMM", locale=language_now())


def _is_english() -> bool:
    return language_now() == WRITTEN_IN


def _as(at: datetime, pattern: str) -> str:
    return format_datetime(in_london(at), pattern, locale=language_now())
