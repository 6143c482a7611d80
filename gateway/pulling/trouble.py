"""Mails a server does not hand over: tried again, after the others, and told to a person."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

from channels.contract import RawMessage
from channels.mailbox import Found, Mailbox
from channels.note import note_message

SOON = 3
REST = timedelta(minutes=30)
TOLD_BY = "frontdoor"


@dataclass(kw_only=True)
class Failed:
    """How often a mail could not be fetched, and when it last could not."""

    times: int = 0
    at: datetime


class Trouble:
    """Of one process: what could not be fetched, by mailbox and id."""

    def __init__(self) -> None:
        self._failed: dict[tuple[str, str], Failed] = {}

    def times(self, place: str, found: Found) -> int:
        """How often it failed."""
        failed = self._failed.get((place, found.id))
        return failed.times if failed else 0

    def rests(self, place: str, found: Found, now: datetime) -> bool:
        """Whether it failed so often that the others are not to be held up by it just now."""
        failed = self._failed.get((place, found.id))
        return failed is not None and failed.times >= SOON and failed.at <= now < failed.at + REST

    def failed(self, place: str, found: Found, now: datetime) -> bool:
        """Count it; whether a person has to be told of it now."""
        known = self._failed.setdefault((place, found.id), Failed(at=now))
        known.times, known.at = known.times + 1, now
        return known.times == SOON

    def over(self, place: str, found: Found) -> None:
        """It was fetched, or is gone."""
        self._failed.pop((place, found.id), None)


def cannot_be_fetched(mailbox: Mailbox, place: str, found: Found) -> RawMessage:
    """What stands in the queue of a mail that its server does not hand over; the same each time it is told."""
    received = f", received {found.received_at:%d %B %Y %H:%M} UTC," if found.received_at else ""
    words = (
        f"A mail in the mailbox {mailbox.address}{received} cannot be fetched from its server, so it is not in the "
        "queue. Read it there, and enter what it says as a note."
    )
    return told(f"{place};{found.id}", words)


def told(about: str, words: str) -> RawMessage:
    """A note of our own for the queue; ``about`` is the same for the same matter."""
    note_id = sha256(about.encode()).hexdigest()[:32]
    return note_message(json.dumps({"text": words, "note_id": note_id}).encode(), TOLD_BY, is_ours=True)
