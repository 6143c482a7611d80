"""What an answer means, where a machine can say so for certain: dates, numbers, postcodes, yes and no."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date

from channels.contract import AddressClass
from channels.numbers import address_of as number_of
from gateway.addresses import as_typed

_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:T.*)?")
_NUMBERS = re.compile(r"(\d{1,2})\s*[/.\- ]\s*(\d{1,2})\s*[/.\- ]\s*(\d{4})")
_WORDS = re.compile(r"(\d{1,2})(?:st|nd|rd|th)?\s+(?:of\s+)?([a-z]{3,9})\.?,?\s+(\d{4})", re.IGNORECASE)
_POSTCODE = re.compile(r"([A-Z]{1,2}\d[A-Z\d]?)\s*(\d[A-Z]{2})", re.IGNORECASE)
MONTHS = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november",
    "december",
)  # fmt: skip
YES = frozenset({"yes", "y", "true", "ydw", "oes", "ydy"})
NO = frozenset({"no", "n", "false", "nac ydw", "nac oes", "nac ydy"})


def meant(means: str, value: str) -> str:
    """The answer in one written form: ISO 8601 dates, E.164 numbers; empty where it is not certain."""
    read = MEANINGS.get(means)
    return read(" ".join(value.split())) if read else ""


def _date(value: str) -> str:
    """Day before month, as written here; a year of two digits is not certain."""
    if found := _ISO.fullmatch(value):
        return _day(found[1], found[2], found[3])
    if found := _NUMBERS.fullmatch(value):
        return _day(found[3], found[2], found[1])
    if (found := _WORDS.fullmatch(value)) and (month := _month(found[2])):
        return _day(found[3], str(month), found[1])
    return ""


def _month(word: str) -> int:
    fitting = [number for number, name in enumerate(MONTHS, start=1) if name.startswith(word.casefold())]
    return fitting[0] if len(fitting) == 1 else 0


def _day(year: str, month: str, day: str) -> str:
    try:
        return date(int(year), int(month), int(day)).isoformat()
    except ValueError:
        return ""


def _phone(value: str) -> str:
    number = number_of(value)
    return number.value if number.kind in (AddressClass.MOBILE, AddressClass.LANDLINE) else ""


def _email(value: str) -> str:
    address = as_typed(value)
    return value.casefold() if address and address.kind is AddressClass.EMAIL else ""


def _postcode(value: str) -> str:
    found = _POSTCODE.fullmatch(value)
    return f"{found[1]} {found[2]}".upper() if found else ""


def _yes_no(value: str) -> str:
    said = value.casefold().rstrip(".!")
    return "yes" if said in YES else "no" if said in NO else ""


MEANINGS: Mapping[str, Callable[[str], str]] = {
    "date": _date, "phone": _phone, "home_phone": _phone, "email": _email, "postcode": _postcode, "yes_no": _yes_no,
}  # fmt: skip
