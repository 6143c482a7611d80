"""What kind of telephone number somebody has, and so what may be sent to it."""

from __future__ import annotations

import phonenumbers
from phonenumbers import PhoneNumberFormat, PhoneNumberType

from channels.contract import Address, AddressClass

COUNTRY = "GB"  # of numbers written without a country code
WITHHELD_NUMBERS = frozenset(
    {
        "+266696687",  # ANONYMOUS typed on a keypad
        "+7378742833",  # RESTRICTED
        "+2562533",  # BLOCKED
        "+8656696",  # UNKNOWN
        "+86282452253",  # UNAVAILABLE
    }
)
WITHHELD_WORDS = frozenset({"anonymous", "restricted", "blocked", "unknown", "unavailable", "private", "withheld"})
DRAMA_MOBILES = "+447700900"  # Ofcom keeps these for invented people: they behave as mobiles


def address_of(number: str | None) -> Address:
    """The sender's address behind a From field; NONE when the field was not sent or is no telephone number.

    A withheld caller arrives as a real-looking number, as a word, or as nothing: none of these is a person's.
    Whatever may not certainly be texted counts as a landline, because networks read texts aloud to landlines.
    """
    if number is None:
        return Address(kind=AddressClass.NONE)
    said = "".join(number.split())
    if not said or said in WITHHELD_NUMBERS or said.lower() in WITHHELD_WORDS:
        return Address(kind=AddressClass.WITHHELD)
    return _dialled(said)


def _dialled(said: str) -> Address:
    """The number to dial; short codes and names have none, since a whole number begins with + or 0."""
    if said[0] not in "+0" or any(character.isalpha() for character in said):
        return Address(kind=AddressClass.NONE)
    try:
        parsed = phonenumbers.parse(said, COUNTRY)
    except phonenumbers.NumberParseException:
        return Address(kind=AddressClass.NONE)
    if not phonenumbers.is_possible_number(parsed):
        return Address(kind=AddressClass.NONE)
    value = phonenumbers.format_number(parsed, PhoneNumberFormat.E164)
    mobile = phonenumbers.number_type(parsed) == PhoneNumberType.MOBILE or value.startswith(DRAMA_MOBILES)
    return Address(kind=AddressClass.MOBILE if mobile else AddressClass.LANDLINE, value=value)


def as_printed(number: str) -> str:
    """A number as people here write it: 01632 960001, or +353 85 123 4567 for one abroad; unchanged if not one."""
    try:
        parsed = phonenumbers.parse(number, COUNTRY)
    except phonenumbers.NumberParseException:
        return number
    here = parsed.country_code == phonenumbers.country_code_for_region(COUNTRY)
    return phonenumbers.format_number(parsed, PhoneNumberFormat.NATIONAL if here else PhoneNumberFormat.INTERNATIONAL)
