"""Finds the mail in the bytes that came: with a broken header, without any, or saved by Outlook."""

from __future__ import annotations

import re
from collections.abc import Callable
from email.message import Message

from channels.contract import Unreadable
from channels.email.charsets import is_binary, is_utf8
from channels.email.mime import Part, header_parsed, parsed
from channels.packed.outlook import is_outlook_mail, open_outlook

_ANY_MAIL_HAS_ONE = (
    "From", "To", "Subject", "Date", "Message-ID", "Received", "MIME-Version", "Content-Type", "Return-Path", "Sender",
    "Reply-To", "Cc", "X-Mailer", "Auto-Submitted", "Delivered-To", "In-Reply-To", "References",
)  # fmt: skip
_FIELD = re.compile(rb"[!-9;-~]+[ \t]*:|[ \t]")
_HEADER_END = re.compile(rb"\n\r?\n")
_ASCII = bytes(range(128))
_MOST_STRANGE = 0.4
Parse = Callable[[bytes], Message]


def mail_in(body: bytes) -> Message:
    """The mail; raises ``Unreadable`` for what is none at all. Nested deeper than the library goes, it is one part."""
    if is_outlook_mail(body):
        if (saved := open_outlook(body)) is None:
            raise Unreadable("a mail saved by Outlook that is damaged")
        return saved
    try:
        return _mail_in(body, parsed)
    except RecursionError:
        return _mail_in(body, header_parsed)


def _mail_in(body: bytes, parse: Parse) -> Message:
    mail = parse(_after_mbox_line(body))
    if mail.get("From") is None and mail.defects:
        mail = _mended(body, parse) or mail
    if any(name in mail for name in _ANY_MAIL_HAS_ONE):
        return mail
    if not _are_words(body):
        raise Unreadable("no header and no words were found: this is no mail")
    return _words_alone(body)


def _mended(body: bytes, parse: Parse) -> Message | None:
    """A line that is no field cuts the header short: read as a continuation, it may give the sender back."""
    start = _after_mbox_line(body)
    end = _HEADER_END.search(start)
    header, rest = (start[: end.start()], start[end.start() :]) if end else (start, b"")
    lines = [line if _FIELD.match(line) else b" " + line for line in header.split(b"\n")]
    again = parse(b"\n".join(lines) + rest)
    return again if any(name in again for name in _ANY_MAIL_HAS_ONE) else None


def _are_words(body: bytes) -> bool:
    """In UTF-8, or in some older charset whose letters are for the most part those of ASCII."""
    if is_binary(body):
        return False
    return is_utf8(body) or len(body.translate(None, _ASCII)) < _MOST_STRANGE * len(body)


def _words_alone(body: bytes) -> Message:
    """Somebody sent words without any header: they are the mail."""
    mail = Part()
    mail["Content-Type"] = "text/plain" if not is_utf8(body) else 'text/plain; charset="utf-8"'
    mail.set_payload(body.decode("ascii", "surrogateescape"))
    return mail


def _after_mbox_line(body: bytes) -> bytes:
    """Some relays leave the separator of a mailbox file, or blank lines, above the header."""
    start = body.lstrip(b"\r\n")
    return start.partition(b"\n")[2] if start.startswith((b"From ", b">From ")) else start
