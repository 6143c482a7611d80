"""When England and Wales are at work: what "within one working day" means for a given moment."""

from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from itertools import count, islice
from zoneinfo import ZoneInfo

from govuk_bank_holidays.bank_holidays import BankHolidays

LONDON = ZoneInfo("Europe/London")
OPENS = time(9)
CLOSES = time(17)
ONE_DAY = timedelta(days=1)
WARNING_DAYS = 365


def look_by(received_at: datetime) -> datetime:
    """The latest moment (UTC) at which a social worker must have looked at what came in at `received_at`.

    Received in hours: the same clock time on the next working day. Received out of hours: the close of the
    working day that begins next. Source: "within one working day", KCSIE paragraph 67; clock times are London's.
    """
    local = in_london(received_at)
    if not is_open(received_at):
        return close_of(in_london(next_opening(received_at)).date())
    return _utc(add_working_days(local.date(), 1), local.time())


def is_working_day(day: date) -> bool:
    """Monday to Friday and not a bank holiday in England and Wales; past the known holidays, only Monday to Friday."""
    return day.weekday() < 5 and day not in _bank_holidays()


def add_working_days(start: date, days: int) -> date:
    """The day that is `days` working days after `start`; nought gives `start`, or the working day that follows it."""
    if days < 0:
        raise ValueError("working days are counted forward only")
    if days == 0:
        return start if is_working_day(start) else add_working_days(start, 1)
    later = (start + n * ONE_DAY for n in count(1))
    return next(islice(filter(is_working_day, later), days - 1, None))


def working_days_before(at: datetime, days: int) -> datetime:
    """The same time on a London clock, in UTC, on the day that is `days` working days before."""
    local = in_london(at)
    earlier = (local.date() - n * ONE_DAY for n in count(1))
    return _utc(next(islice(filter(is_working_day, earlier), days - 1, None)), local.time())


def add_working_hours(start: datetime, hours: float) -> datetime:
    """The moment (UTC) at which `hours` open hours have passed since `start`; closed hours do not count."""
    if hours < 0:
        raise ValueError("working hours are counted forward only")
    at = start if is_open(start) else next_opening(start)
    left = timedelta(hours=hours)
    while left > (closing := close_of(in_london(at).date())) - at:
        left -= closing - at
        at = next_opening(closing)
    return at.astimezone(UTC) + left


def working_time(start: datetime, end: datetime) -> timedelta:
    """How long we are open between two moments; nothing if `end` is not after `start`."""
    first, last = in_london(start).date(), in_london(end).date()
    whole = timedelta(0)
    for n in range((last - first).days + 1):
        if is_working_day(day := first + n * ONE_DAY):
            whole += max(timedelta(0), min(end, close_of(day)) - max(start, _utc(day, OPENS)))
    return whole


def is_open(at: datetime) -> bool:
    """True from 9am until just before 5pm, London time, on a working day."""
    local = in_london(at)
    return OPENS <= local.time() < CLOSES and is_working_day(local.date())


def next_opening(at: datetime) -> datetime:
    """The first 9am (UTC) of a working day that is not before `at`."""
    day = add_working_days(in_london(at).date(), 0)
    opening = _utc(day, OPENS)
    return opening if opening >= at else _utc(add_working_days(day, 1), OPENS)


def close_of(day: date) -> datetime:
    """5pm, London time, of `day`, in UTC."""
    return _utc(day, CLOSES)


def at_clock(day: date, clock: time) -> datetime:
    """That time on a London clock on `day`, in UTC."""
    return _utc(day, clock)


def in_london(at: datetime) -> datetime:
    """The same moment on a London clock; refuses a time without a zone."""
    if at.tzinfo is None:
        raise ValueError("a time without a zone is not a moment")
    return at.astimezone(LONDON)


def calendar_warning(today: date) -> str | None:
    """What to tell an operator when the known bank holidays end in less than a year, else None."""
    last = max(_bank_holidays())
    if (last - today).days >= WARNING_DAYS:
        return None
    return (
        f"Bank holidays are known only until {last.isoformat()}. Promised times after that may fall on a holiday: "
        "install a newer govuk-bank-holidays."
    )


def _utc(day: date, clock: time) -> datetime:
    return datetime.combine(day, clock, tzinfo=LONDON).astimezone(UTC)


@cache
def _bank_holidays() -> frozenset[date]:
    """The dates inside the installed package: no download, read on first use."""
    calendar = BankHolidays(use_cached_holidays=True)
    return frozenset(holiday["date"] for holiday in calendar.get_holidays(division=BankHolidays.ENGLAND_AND_WALES))
