"""Who rang, as the mails of telephone systems write it: in a field of their own, the subject, the words or a name."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from email.message import Message

from channels.contract import Address, AddressClass
from channels.email.fields import field, mailboxes
from channels.numbers import WITHHELD_WORDS, address_of

FIELDS = ("X-Asterisk-CallerID", "X-CallingTelephoneNumber", "X-Caller-ID", "X-CallerID", "X-Calling-Number")
NAME_FIELDS = ("X-Asterisk-CallerIDName", "X-VoiceMessageSenderName", "X-Caller-Name")
_FROM = re.compile(r"\bfrom\b\s*[:=]?\s*(.{1,100})", re.IGNORECASE | re.DOTALL)
_LABEL = re.compile(
    r"^[^\w\n]*(?:from|caller(?:[ -]?id|['’]?s? (?:number|phone))?|calling number|cli|number|phone(?: number)?"
    r"|telephone)\s*[:=]\s*(.{1,100})$",
    re.IGNORECASE | re.MULTILINE,
)
NUMBER = re.compile(r"(?<![\w@.+])\+?(?:\(\+?\d{1,6}\)[ -]?)?\d(?:[ -]?(?:\(\d{1,5}\)[ -]?)?\d){4,17}(?![\w@])")
_HIDDEN = re.compile(
    rf"\W*(?:an? )?(?:{'|'.join(sorted(WITHHELD_WORDS))}|no caller id|number (?:withheld|private|unavailable))\b",
    re.IGNORECASE,
)
_NO_NAME = re.compile(
    r"(?:wireless|mobile|cell(?:ular)?|toll.?free|unknown|caller|external|number|phone)(?: caller)?", re.I
)
_OUTSIDE_LINE = re.compile(r"9(0\d{9,10})")
_FEWEST_DIGITS = 9


@dataclass(frozen=True, kw_only=True)
class Caller:
    """WITHHELD where the mail says that the number was not given, NONE where it says nothing of who rang."""

    address: Address
    name: str = ""


NOBODY = Address(kind=AddressClass.NONE)


def caller_in(message: Message, words: str, file_names: Sequence[str]) -> Caller:
    """The first place that names a number is believed; a number withheld is only where no place names one."""
    named, others = list(_named_places(message, words)), list(_other_places(message, file_names))
    places = [*named, *others]
    found = [address for place in places if (address := number_in(place)).value]
    if not found:
        hidden = any(_HIDDEN.match(place) for place in places)
        return Caller(address=Address(kind=AddressClass.WITHHELD) if hidden else NOBODY)
    names = [field(message, name) for name in NAME_FIELDS] + [_before_number(place) for place in named]
    return Caller(address=found[0], name=next(filter(None, map(_as_name, names)), ""))


def number_in(words: str) -> Address:
    """The first telephone number in some words as it is dialled; NONE if there is none."""
    for found in NUMBER.finditer(words):
        address = dialled(found[0])
        if address.value:
            return address
    return NOBODY


def dialled(written: str) -> Address:
    """A number as systems write it: 00, 44 without its plus, or the 9 for an outside line before it."""
    digits = re.sub(r"[^\d+]", "", written.replace("(0)", ""))
    if len(digits) < _FEWEST_DIGITS:
        return NOBODY
    if outside := _OUTSIDE_LINE.fullmatch(digits):
        digits = outside[1]
    elif digits.startswith("44") and len(digits) >= len("44") + _FEWEST_DIGITS:
        digits = f"+{digits}"
    return address_of(digits)


def _named_places(message: Message, words: str) -> Iterator[str]:
    """Where a system says that this is the caller, the surest first."""
    yield from (said for name in FIELDS if (said := field(message, name)))
    yield from _FROM.findall(field(message, "Subject"))
    yield from _LABEL.findall(words)
    yield from _FROM.findall(words)


def _other_places(message: Message, file_names: Sequence[str]) -> Iterator[str]:
    """Where else a number can only be the caller's."""
    yield field(message, "Subject")
    yield from file_names
    for box in mailboxes(message, "From"):
        yield box.name
        yield box.address.partition("@")[0]


def _before_number(place: str) -> str:
    """What stands before the number, where a name may: ``"Ann Example" <01632960123>`` or ``Ann Example (01632…)``."""
    found = NUMBER.search(place)
    return place[: found.start()] if found and place[: found.start()].rstrip().endswith(("<", "(", '"', "-")) else ""


def _as_name(written: str) -> str:
    name = " ".join(written.strip(" \t\r\n\"'<>()-:,").split())
    has_letters = sum(sign.isalpha() for sign in name) > 1
    is_none = number_in(name).value or _NO_NAME.fullmatch(name) or _HIDDEN.match(name) or "\n" in written.strip()
    return name if has_letters and len(name) <= 60 and not is_none else ""
