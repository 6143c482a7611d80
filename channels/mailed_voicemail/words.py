"""What the mail of a telephone system says beside the caller: how long, for whom, and its own idea of the words."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from email.message import Message

from channels.contract import Address
from channels.email.fields import field
from channels.mailed_voicemail.caller import NUMBER, Caller, dialled

VOICEMAIL_WORDS = re.compile(
    r"voice ?mail|voice ?message|new message \d+ in mailbox|message from\b|left (?:you )?a .{0,20}message|missed call",
    re.IGNORECASE,
)
MISSED = re.compile(r"missed call", re.IGNORECASE)
_BY_UNITS = re.compile(
    r"\b(?:(\d{1,2}) ?(?:hours?|hrs?|h)\W+)?(?:(\d{1,3}) ?(?:minutes?|mins?|m)\b\W*(?:and )?)?"
    r"(?:(\d{1,5}) ?(?:seconds?|secs?|s)\b)?",
    re.IGNORECASE,
)
_CLOCK = r"(?:(\d{1,2}):)?(\d{1,3}):(\d\d)"
_BY_CLOCK = (
    re.compile(rf"(?:duration|length)[^\d\n]{{0,20}}{_CLOCK}\b", re.IGNORECASE),
    re.compile(rf"\b{_CLOCK} (?:long|minutes)", re.IGNORECASE),
)
_PLAIN = re.compile(r"(?:duration|length)\s*[:=]\s*(\d{1,5})\s*$", re.IGNORECASE | re.MULTILINE)
_MAILBOX = re.compile(r"\b(?:mailbox|extension|ext\.?)\s*[:=]?\s*(\d{2,8})\b", re.IGNORECASE)
_TRANSCRIPT = re.compile(
    r"^[^\w\n]*(?:voice ?mail preview|(?:message )?transcript(?:ion)?|preview|text of message)\b[^:\n]{0,40}(?::|$)",
    re.IGNORECASE | re.MULTILINE,
)
_SIGNED_OFF = re.compile(r"\n[ \t]*--[^\n]*\Z|\n-- ?\n.*", re.DOTALL)


def seconds_in(message: Message, *written: str) -> int | None:
    """How long they spoke, from a field of the mail or its sound (RFC 3803), else from words; None where unsaid."""
    for said in _fields(message):
        if said.isdecimal():
            return int(said)
    for words in written:
        found = next(filter(None, (clock.search(words) for clock in _BY_CLOCK)), None)
        found = found or next((each for each in _BY_UNITS.finditer(words) if each[0].strip()), None)
        if found or (found := _PLAIN.search(words)):
            return _counted(found.groups())
    return None


def mailbox_in(*written: str) -> str:
    """The mailbox or extension it was left for; empty where unsaid."""
    return next((found[1] for words in written if (found := _MAILBOX.search(words))), "")


def said_by_system(words: str) -> str:
    """The system's own transcript where it gives one, else everything it wrote."""
    found = _TRANSCRIPT.search(words)
    return _SIGNED_OFF.sub("", words[found.end() :] if found else words).strip()


def without_caller(words: str, caller: Caller) -> str:
    """Who told us is kept apart from what was said: neither the caller's number nor the name stays in the words."""
    hidden = NUMBER.sub(lambda found: _unless(found[0], caller.address), words)
    if len(caller.name) > 2:
        hidden = re.sub(re.escape(caller.name), "[the caller's name]", hidden, flags=re.IGNORECASE)
    return hidden


def _unless(number: str, address: Address) -> str:
    return "[the caller's number]" if address.value and dialled(number) == address else number


def _fields(message: Message) -> Iterator[str]:
    yield field(message, "X-VoiceMessageDuration")
    yield from (field(part, "Content-Duration") for part in message.walk())


def _counted(parts: Sequence[str | None]) -> int:
    """Seconds of hours, minutes and seconds, or of seconds alone."""
    total = 0
    for part in parts:
        total = total * 60 + int(part or 0)
    return total
