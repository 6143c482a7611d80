"""What makes a second mail the same mail: a key over what was written, not over the way it came."""

from __future__ import annotations

import hashlib
import re

LONGEST_HEADER = 256 * 1024
_TRACE = re.compile(
    rb"(?:(?:Return-Path|Received|Delivered-To|X-Original-To|Envelope-To):[^\n]*\n(?:[ \t][^\n]*\n)*)+", re.IGNORECASE
)
_HEADER_END = re.compile(rb"\r?\n\r?\n")


class MailKey:
    """The key of a mail that is heard a block at a time. ``head`` is its first 256 kB, or all of a shorter one.

    With a Message-ID: the mail, that id included, below the trace fields relays put on top; without one: every byte.
    """

    def __init__(self, head: bytes) -> None:
        head = head[:LONGEST_HEADER]
        header, self._above = header_of(head), 0
        self._digest = hashlib.sha256()
        if b"\nmessage-id:" in header or header.startswith(b"message-id:"):
            trace = _TRACE.match(head)
            self._above = trace.end() if trace else 0
        else:
            self._digest.update(b"whole\0")

    def hear(self, block: bytes) -> None:
        """The next bytes of the mail, from its very first."""
        passed_over = min(self._above, len(block))
        self._above -= passed_over
        self._digest.update(memoryview(block)[passed_over:])

    def told(self) -> str:
        """The key, 64 hex digits."""
        return self._digest.hexdigest()


def source_key(content: bytes) -> str:
    """The same for the same mail however often and by whatever way it comes, and for nothing else."""
    key = MailKey(content)
    key.hear(content)
    return key.told()


def header_of(head: bytes) -> bytes:
    """Everything above the first empty line, lower case."""
    end = _HEADER_END.search(head)
    return head[: end.start() if end else len(head)].lower()
