"""How times, days, counts, telephone numbers and references are written to people and said to them."""

import re
from collections.abc import Iterable
from datetime import datetime, time

from gateway.working_days import in_london

MIDDAY, MIDNIGHT = time(12), time(0)
NATO = {
    "F": "Foxtrot",
    "H": "Hotel",
    "K": "Kilo",
    "L": "Lima",
    "M": "Mike",
    "Q": "Quebec",
    "R": "Romeo",
    "W": "Whiskey",
    "X": "X-ray",
    "Y": "Yankee",
    "Z": "Zulu",
}
DIGIT_NAMES = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
PHONE_GROUPS = (
    r"(02\d)(\d{4})(\d{4})",
    r"(011\d|01\d1|03\d\d|08\d\d)(\d{3})(\d{4})",
    r"(0\d{4})(\d{3})(\d{3})",
)


def clock(at: datetime) -> str:
    """Such as 10:15am, 5pm, midday or midnight, in London."""
    local = in_london(at)
    if local.time() in (MIDDAY, MIDNIGHT):
        return "midday" if local.hour else "midnight"
    minutes = f":{local.minute:02d}" if local.minute else ""
    return f"{local.hour % 12 or 12}{minutes}{_half(local)}"


def day(at: datetime) -> str:
    """Such as Tuesday 24 November."""
    local = in_london(at)
    return f"{local:%A} {local.day} {local:%B}"


def day_and_month(at: datetime) -> str:
    """Such as 24 November."""
    local = in_london(at)
    return f"{local.day} {local:%B}"


def day_and_year(at: datetime) -> str:
    """Such as Monday 23 November 2026."""
    return f"{day(at)} {in_london(at).year}"


def moment(at: datetime) -> str:
    """Such as 10:15am on Tuesday 24 November."""
    return f"{clock(at)} on {day(at)}"


def moment_and_year(at: datetime) -> str:
    """Such as 10:15am on Monday 23 November 2026."""
    return f"{clock(at)} on {day_and_year(at)}"


def short_moment(at: datetime) -> str:
    """Such as 10:15am Tue 24 Nov: at most 18 characters, for texts."""
    local = in_london(at)
    return f"{clock(at)} {local:%a} {local.day} {local:%b}"


def spoken_moment(at: datetime) -> str:
    """Such as 10 15 am on Tuesday 24 November, for a voice that would stumble over the colon."""
    local = in_london(at)
    if local.time() in (MIDDAY, MIDNIGHT):
        return moment(at)
    minutes = "" if not local.minute else f" oh {local.minute}" if local.minute < 10 else f" {local.minute}"
    return f"{local.hour % 12 or 12}{minutes} {_half(local)} on {day(at)}"


def phone(number: str) -> str:
    """A United Kingdom number in its usual groups, such as 01632 960 001; any other number as it was given."""
    national = re.sub(r"^(?:\+|00)44\s*(?:\(0\))?", "0", number.strip())
    digits = re.sub(r"[\s().\-]", "", national)
    for pattern in PHONE_GROUPS:
        if match := re.fullmatch(pattern, digits):
            return " ".join(match.groups())
    return number.strip()


def spoken_phone(number: str) -> str:
    """Digit by digit with a breath between the groups, such as 0 1 6 3 2, 9 6 0, 0 0 1."""
    return ", ".join(" ".join(group.replace("+", "")) for group in phone(number).split())


def spoken_reference(reference: str) -> str:
    """Such as K for Kilo. M for Mike. R for Romeo. Then four. seven. two. nine. Then H for Hotel. X for X-ray."""
    start, digits, end = reference.split("-")
    parts = (*map(_letter, start), *_then(map(_digit, digits)), *_then(map(_letter, end)))
    return ". ".join(parts) + "."


def read_out_reference(reference: str) -> str:
    """The same in one breath for a call taker to read aloud: K for Kilo, M for Mike, R for Romeo, four, seven ..."""
    return ", ".join(_letter(symbol) if symbol.isalpha() else _digit(symbol) for symbol in reference.replace("-", ""))


def counted(things: Iterable[tuple[int, str]]) -> str:
    """Such as 1 email and 2 photos, from (1, "email") and (2, "photo"); what there is none of is left out."""
    said = [f"{number} {thing}" + ("" if number == 1 else "s") for number, thing in things if number]
    return " and ".join(filter(None, (", ".join(said[:-1]), *said[-1:])))


def _half(local: datetime) -> str:
    return "am" if local.hour < 12 else "pm"


def _letter(symbol: str) -> str:
    return f"{symbol} for {NATO[symbol]}"


def _digit(symbol: str) -> str:
    return DIGIT_NAMES[int(symbol)]


def _then(said: Iterable[str]) -> list[str]:
    first, *rest = said
    return [f"Then {first}", *rest]
