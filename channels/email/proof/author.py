"""Whose domain a mail claims to come from: the one author's, as the header shows it."""

from __future__ import annotations

import email.parser
import re
from email.message import Message

from channels.email.fields import mailboxes
from channels.email.proof.domains import domain_of

LONGEST_HEADER = 1024 * 1024
_END = re.compile(rb"\r?\n\r?\n")


def header_of(mail: bytes) -> Message:
    """What stands above the first empty line."""
    end = _END.search(mail, 0, LONGEST_HEADER)
    return email.parser.BytesHeaderParser().parsebytes(mail[: end.start() if end else LONGEST_HEADER] + b"\r\n\r\n")


def claimed_domain(header: Message) -> str:
    """The domain of the one author; empty with none, with several, or where it cannot be read."""
    try:
        authors = mailboxes(header, "From")
    except RecursionError:  # remarks within remarks without end
        return ""
    return domain_of(authors[0].address) if len(authors) == 1 else ""
