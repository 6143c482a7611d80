"""Reads the header of a mail as mails come: folded, encoded twice, in the wrong charset, or broken."""

from __future__ import annotations

import binascii
import email.header
import email.utils
import re
from dataclasses import dataclass
from email.errors import HeaderParseError
from email.message import Message

from channels.email.charsets import clean, words

_FOLD = re.compile(r"[\r\n]+[ \t]*")
_GAP = re.compile(r"\s+")
_ADDRESS = re.compile(r"[^\s<>@,;:\"()\[\]\\]{1,128}@(?:[^\s<>@,;:\"()\[\]\\.]+\.)*[^\s<>@,;:\"()\[\]\\.]+", re.ASCII)
_INSIDE = re.compile(r"<([^<>]+)>")
_ID = re.compile(r"[!-;=?-~]+@[!-;=?-~]+")
_ENOUGH_IDS = 100
_DEEPEST = 5
_LONGEST_READ = 4000  # what is longer takes the library the square of its length


@dataclass(frozen=True, kw_only=True)
class Mailbox:
    """One address of a header: ``address`` is empty when what stands there cannot be written to."""

    name: str
    address: str


def raw_fields(message: Message, name: str) -> list[str]:
    """Every instance of a field, unfolded; bytes outside ASCII are read as UTF-8, else in the charset of the words."""
    return [_FOLD.sub(" ", _readable(value, message)).strip() for value in message.get_all(name, [])]


def raw_field(message: Message, name: str) -> str:
    """The first instance of a field, unfolded but still encoded; empty when there is none."""
    return next(iter(raw_fields(message, name)), "")


def field(message: Message, name: str) -> str:
    """The first instance of a field in words, on one line; empty when there is none."""
    return decoded(raw_field(message, name))


def decoded(value: str) -> str:
    """Encoded words (RFC 2047) made readable; what cannot be decoded stays as it was written."""
    if "=?" not in value:
        return _one_line(value)
    if len(value) > _LONGEST_READ:
        return _one_line(decoded(value[:_LONGEST_READ]) + value[_LONGEST_READ:])
    try:
        parts = email.header.decode_header(value)
    except (HeaderParseError, binascii.Error, ValueError):
        return _one_line(value)
    text = "".join(part if isinstance(part, str) else words(part, charset) for part, charset in parts)
    return _one_line(text)


def mailboxes(message: Message, name: str) -> tuple[Mailbox, ...]:
    """The addresses of a field, in order; a group or an unreadable one has an empty ``address``."""
    found: list[Mailbox] = []
    for value in raw_fields(message, name)[:_ENOUGH_IDS]:
        pairs = _pairs(value[:_LONGEST_READ])
        usable = [Mailbox(name=decoded(who), address=written_address(address)) for who, address in pairs]
        found.extend(usable if usable and all(box.address for box in usable) else _between_brackets(value) or usable)
    return tuple(found)


def written_address(value: str) -> str:
    """The address if a machine may write to it, else empty: no spaces, controls, quotes or brackets (injection)."""
    bare = value.strip()
    readable = bare.encode("ascii", "replace").decode().replace("?", "x")
    return bare if _ADDRESS.fullmatch(readable) and len(bare) <= 254 and bare.isprintable() else ""


def message_ids(message: Message, *names: str) -> tuple[str, ...]:
    """The ids in the named fields, each once, in order, without angle brackets."""
    ids = (found for name in names for value in raw_fields(message, name) for found in _ids(value))
    return tuple(dict.fromkeys(ids))[:_ENOUGH_IDS]


def is_message_id(value: str) -> bool:
    """Whether it may stand between angle brackets in a header of ours (RFC 5322 3.6.4, without quoted forms)."""
    return len(value) <= 250 and bool(_ID.fullmatch(value))


def _pairs(value: str) -> list[tuple[str, str]]:
    """Names and addresses; the whole value as a name where brackets are nested deeper than the library goes."""
    try:
        return [pair for pair in email.utils.getaddresses([value]) if any(pair)]
    except (RecursionError, IndexError, ValueError):
        return [(value, "")]


def _ids(value: str) -> list[str]:
    """One with a NUL in it is nobody's, and not every database can be asked for it."""
    bracketed = [inner.strip() for inner in _INSIDE.findall(value) if "\0" not in inner]
    return bracketed or [bare for bare in value.split() if is_message_id(bare)]


def _between_brackets(value: str) -> list[Mailbox]:
    """What a strict reader rejects, for example a name with a comma and no quotes before ``<address>``."""
    inside = [written_address(inner) for inner in _INSIDE.findall(value)]
    if len(inside) != 1 or not inside[0]:
        return []
    return [Mailbox(name=decoded(value.partition("<")[0].strip().strip('"')), address=inside[0])]


def _readable(value: object, message: Message) -> str:
    text = str(value) if not isinstance(value, email.header.Header) else _of_header(value)
    if not text.isascii():
        try:
            return words(text.encode("ascii", "surrogateescape"), _charset_of_words(message))
        except UnicodeEncodeError:
            return text.encode("utf-8", "replace").decode()
    return text


def _charset_of_words(message: Message) -> str | None:
    """What the first words of a mail say they are in: its header, if it says nothing itself, is in the same."""
    part = message
    for _ in range(_DEEPEST):
        payload = part.get_payload() if part.get_content_maintype() == "multipart" else None
        if not isinstance(payload, list) or not payload or not isinstance(payload[0], Message):
            break
        part = payload[0]
    try:
        return part.get_content_charset()
    except (LookupError, ValueError, TypeError):
        return None


def _of_header(value: email.header.Header) -> str:
    """compat32 wraps a field with bytes outside ASCII: its parts still hold those bytes."""
    chunks: list[tuple[str, object]] = getattr(value, "_chunks", [])
    return "".join(text for text, _ in chunks)


def _one_line(text: str) -> str:
    return _GAP.sub(" ", clean(text)).strip()
