"""Writes and reads Thread-Index, by which Outlook keeps a conversation where it leaves out what a mail answers.

Source: MS-OXOMSG 2.2.1.3 (PidTagConversationIndex): a first byte of 1, five bytes of the time (FILETIME, the upper
ones), sixteen of the conversation; each answer adds five bytes of its own.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from datetime import UTC, datetime

_HEADER_BYTES, _CONVERSATION = 22, slice(6, 22)
_FROM_1601 = datetime(1601, 1, 1, tzinfo=UTC)
_TOKEN = re.compile(r"[0-9a-f]{32}")
_TICKS = 10_000_000  # a second


def thread_index(token: str, at: datetime) -> str:
    """The field of a mail of the conversation that a notice of ours began, base64; ``at`` is when it was written."""
    named = bytes.fromhex(token) if _TOKEN.fullmatch(token) else hashlib.sha256(token.encode()).digest()[:16]
    ticks = int((at - _FROM_1601).total_seconds()) * _TICKS
    return base64.b64encode(b"\x01" + ticks.to_bytes(8)[1:6] + named).decode()


def token_in(value: str) -> str | None:
    """What names the conversation, as 32 hex digits: the id of the notice that began it, if it was one of ours.

    Nobody can guess such an id; who has it has the notice.
    """
    try:
        index = base64.b64decode("".join(value.split()), validate=True)
    except (binascii.Error, ValueError):
        return None
    is_one = len(index) >= _HEADER_BYTES and (len(index) - _HEADER_BYTES) % 5 == 0 and index[0] == 1
    return index[_CONVERSATION].hex() if is_one else None
