"""Our own trace fields of mails, made from their sealed envelopes: shown beside the bytes, which hold none of ours."""

from __future__ import annotations

import json
from collections.abc import Sequence

from sqlmodel import Session

from channels.email.trace import trace_of
from storage import message
from storage.message import Message
from storage.sealing import Seal

BY_MAIL = frozenset({"email", "voicemail"})


def traces(session: Session, seal: Seal, rows: Sequence[Message]) -> dict[str, str]:
    """By message, of those a mail server handed over; opening them is a read of who told us, for the caller to record.

    Each is ``Return-Path`` and ``Received``, ending in CRLF, as they would stand above the mail.
    """
    mails = {row.id: row for row in rows if row.channel in BY_MAIL}
    found = {}
    for message_id, envelope in message.envelopes(session, list(mails)).items():
        row, said = mails[message_id], json.loads(seal.open(envelope, f"envelope:{message_id}"))
        if trace := trace_of(said, received_at=row.captured_at, reference=row.reference):
            found[message_id] = trace
    return found
