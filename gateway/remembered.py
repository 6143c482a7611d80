"""What was kept lately: while the database cannot be asked, a repeat still gets the reference of the first."""

from __future__ import annotations

from collections import OrderedDict
from datetime import datetime

Key = tuple[str, str]
Kept = tuple[str, datetime]
MOST = 20_000


class Remembered:
    """The last events and conversations, each with its reference; ``most`` of either."""

    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self._events: OrderedDict[Key, Kept] = OrderedDict()
        self._talks: OrderedDict[str, str] = OrderedDict()

    def note(self, key: Key, conversation: str | None, reference: str, received_at: datetime) -> None:
        """This event is kept under this reference; a conversation keeps its first."""
        self._events[key] = reference, received_at
        if len(self._events) > self._most:
            self._events.popitem(last=False)
        if conversation is None:
            return
        self._talks[conversation] = self._talks.pop(conversation, reference)
        if len(self._talks) > self._most:
            self._talks.popitem(last=False)

    def event(self, key: Key) -> Kept | None:
        """Its reference and when it was received."""
        return self._events.get(key)

    def talk(self, conversation: str) -> str | None:
        """The reference of a conversation."""
        return self._talks.get(conversation)
