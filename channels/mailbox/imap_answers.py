"""What an IMAP server's answers to FETCH say (RFC 3501 7.4.2), as imaplib hands them on."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from channels.mailbox.contract import Found

_UID, _SIZE = re.compile(rb"\bUID (\d+)"), re.compile(rb"\bRFC822\.SIZE (\d+)")
_RECEIVED = re.compile(rb'\bINTERNALDATE "([^"]+)"')


def found_in(lines: Sequence[object]) -> list[Found]:
    """Each mail that is told of. News of flags may stand between; a mail that is gone is not among them."""
    return [found for line in lines if isinstance(line, bytes) and (found := _as_found(line))]


def body_in(parts: Sequence[object], begins: int | None = None) -> bytes | None:
    """The bytes of a body or a piece of one: empty behind its end, None where there is no such mail.

    With ``begins`` only of a piece that says it begins there: a server that knows no pieces gives the whole again.
    """
    for part in parts:
        if isinstance(part, tuple) and b"BODY[" in part[0].upper():
            is_it = begins is None or b"]<%d>" % begins in part[0]
            return bytes(part[1]) if is_it else b""
    is_there = any(isinstance(part, bytes) and b"BODY[" in part.upper() for part in parts)
    return b"" if is_there else None


def _as_found(line: bytes) -> Found | None:
    uid, size, received = _UID.search(line), _SIZE.search(line), _RECEIVED.search(line)
    if not (uid and size):
        return None
    at, length = _moment(received[1]) if received else None, int(size[1])
    return Found(id=uid[1].decode(), received_at=at, size=length, looks_like=f"{at or ''}/{length}")


def _moment(internal_date: bytes) -> datetime | None:
    """RFC 3501 date-time, such as ``17-Jul-1996 02:44:25 -0700``."""
    try:
        return parsedate_to_datetime(internal_date.decode("ascii", "replace").strip()).astimezone(UTC)
    except (ValueError, OverflowError):
        return None
