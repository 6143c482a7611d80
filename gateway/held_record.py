"""A message as a record of the spool, and back: all that was known of it when it was accepted."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime

from channels.contract import InFile, Purpose, RawMessage
from gateway.waiting import Waiting
from storage.spool_segments import Record


@dataclass(frozen=True, kw_only=True)
class Held:
    """What the head of a record tells without its body. ``told``: the reference its sender was given."""

    channel: str
    source_key: str
    conversation: str | None
    told: str
    received_at: datetime
    captured_at: datetime

    @property
    def key(self) -> tuple[str, str]:
        """What makes a second one a repeat."""
        return self.channel, self.source_key


def as_record(item: Waiting) -> Record:
    """Raises TypeError or ValueError for what is no message of ours."""
    raw = item.raw
    head = {
        "channel": raw.channel, "source_key": raw.source_key, "media_type": raw.media_type,
        "envelope": dict(raw.envelope), "conversation": raw.conversation, "purpose": raw.purpose, "told": item.told,
        "received_at": item.received_at.isoformat(), "captured_at": item.captured_at.isoformat(),
        "sha256": item.sha256, "in_file": raw.in_file.size if raw.in_file else None,
    }  # fmt: skip
    return Record(head=json.dumps(head).encode(), body=raw.body)


def read_head(head: bytes) -> Held:
    """Raises ValueError or KeyError if it is none of ours."""
    told = json.loads(head)
    return Held(
        channel=told["channel"], source_key=told["source_key"], conversation=told["conversation"], told=told["told"],
        received_at=datetime.fromisoformat(told["received_at"]),
        captured_at=datetime.fromisoformat(told["captured_at"]),
    )  # fmt: skip


def as_waiting(record: Record) -> Waiting:
    """The message, bound to the reference that was told."""
    told, held = json.loads(record.head), read_head(record.head)
    size = told.get("in_file")
    raw = RawMessage(
        channel=held.channel, source_key=held.source_key, body=record.body, media_type=told["media_type"],
        envelope=told["envelope"], received_at=held.received_at, conversation=held.conversation,
        purpose=Purpose(told["purpose"]), in_file=InFile(sha256=told["sha256"], size=size) if size else None,
    )  # fmt: skip
    return Waiting(
        raw=raw, captured_at=held.captured_at, sha256=told["sha256"], told=held.told, is_bound=True,
        in_file=raw.in_file is not None,
    )  # fmt: skip
