"""What is known of one address: the address itself, how it is found again, and whether it is safe to write there."""

from __future__ import annotations

import json
import re
from datetime import datetime, timedelta

from channels.contract import Address, AddressClass
from channels.numbers import address_of as number_of
from gateway.notices import OkWords, Safety
from storage import identity
from storage.identity import Identity
from storage.sealing import Seal

SAFE_FOR = timedelta(days=365)
LOOPS = "its answers came back at once: perhaps a machine"
_MAIL = re.compile(r"[^\s@<>,;]+@[^\s@<>,;]+\.[^\s@<>,;.]+")
_POSTCODE = re.compile(r"\b([A-Z]{1,2}\d[A-Z\d]?)\s*(\d[A-Z]{2})\b", re.IGNORECASE)
_HOUSE = re.compile(r"\d+")


def safety_of(who: Identity | None, now: datetime) -> Safety:
    """What is known about writing to this address; what was asked too long ago counts as not asked, but a no stays."""
    if who is None:
        return Safety()
    is_over = who.expires_at is not None and who.expires_at <= now
    said = {channel: bool(is_safe) for channel, is_safe in json.loads(who.ok_for).items()}
    words = OkWords(who.ok_words) if who.ok_words else None
    is_open = words is OkWords.OPEN or (words is None and who.open_words_at is not None)
    opened_long_ago = who.open_words_at is not None and who.open_words_at + SAFE_FOR <= now
    blocked = who.blocked_until is not None and who.blocked_until > now
    return Safety(
        texts_stopped=who.texts_stopped_at is not None,
        texts_are_safe=is_open and not is_over and not (who.expires_at is None and opened_long_ago),
        said={channel: is_safe for channel, is_safe in said.items() if not (is_safe and is_over)},
        words=words,
        is_over=is_over and (words is OkWords.OPEN or any(said.values())),
        comes_back=blocked and who.blocked_reason != LOOPS,
        loops=blocked and who.blocked_reason == LOOPS,
    )


def address_of(seal: Seal, who: Identity | None) -> Address:
    """The address in the clear, for sending."""
    if who is None:
        return Address(kind=AddressClass.NONE)
    return Address(kind=AddressClass(who.address_class), value=identity.address_of(seal, who))


def found_by(address: Address) -> str:
    """What the keyed hash of an identity is made of: the same for every message from this address."""
    return f"{address.kind}:{address.value.casefold()}"


def home_key(address: Address) -> str:
    """What the keyed hash of a household's address is made of; empty for what is no address.

    Post is the same home when postcode and house number are, however it is written; without a postcode, when the
    letters and digits are.
    """
    value = address.value.casefold()
    if address.kind is not AddressClass.POSTAL:
        return f"home:{value}" if value else ""
    letters = "".join(sign for sign in value if sign.isalnum())
    if not letters:
        return ""
    code, house = _POSTCODE.search(value), _HOUSE.search(value)
    if code and house and house.start() < code.start():
        return f"home:{''.join(code.groups())}:{house.group()}"
    return f"home:{letters}"


def domain_of(address: Address) -> str:
    """The domain of a mail address, in small letters; empty for others."""
    return address.value.rpartition("@")[2].casefold() if address.kind is AddressClass.EMAIL else ""


def as_typed(typed: str) -> Address | None:
    """The address somebody typed: a mail address, a number, or postal lines with a number, a comma or a line break."""
    value = typed.strip()
    if _MAIL.fullmatch(value):
        return Address(kind=AddressClass.EMAIL, value=value)
    number = number_of(value)
    if number.value:
        return number
    has_letters = sum(sign.isalpha() for sign in value) >= 4
    has_lines = len([part for part in re.split(r"[,\n]", value) if part.strip()]) > 1
    is_post = has_letters and "@" not in value and (has_lines or _POSTCODE.search(value) is not None)
    return Address(kind=AddressClass.POSTAL, value=value) if is_post else None
