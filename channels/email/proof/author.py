"""Whose domain a mail claims to come from: the one author's, as the header shows it."""

from __future__ import annotations

import email.parser
import re
from email.message import Message

from channels.email.fields import mailboxes
from channels.email.proof.domains import domain_of

LONGEST_HEADER = 1024 * 1024
LONGEST_FIELD = 10_000
SHORT_HEADER = 16 * 1024
_END = re.compile(rb"\r?\n\r?\n")


def end_of_header(mail: bytes, most: int = LONGEST_HEADER) -> int:
    """Where the first empty line is; ``most`` where it does not come before that."""
    end = _END.search(mail, 0, most)
    return end.start() if end else most


def header_of(mail: bytes) -> Message:
    """What stands above the first empty line."""
    return email.parser.BytesHeaderParser().parsebytes(mail[: end_of_header(mail)] + b"\r\n\r\n")


def has_short_header(mail: bytes) -> bool:
    """Whether its header is read in no time."""
    return end_of_header(mail, SHORT_HEADER) < SHORT_HEADER


def claimed_domain(header: Message) -> str:
    """The domain of the one author; empty with none, with several, or where it cannot be read."""
    if sum(len(str(value)) for value in header.get_all("From", [])) > LONGEST_FIELD:
        return ""
    try:
        authors = mailboxes(header, "From")
    except RecursionError:  # remarks within remarks without end
        return ""
    return domain_of(authors[0].address) if len(authors) == 1 else ""
