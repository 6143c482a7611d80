"""Makes a sound any browser plays of what phones and telephone systems write: in a child with narrow limits."""

from __future__ import annotations

import hashlib
import threading
from collections import OrderedDict

from gateway.in_a_child import ChildFailed, in_a_child

AT_ONCE = threading.BoundedSemaphore(2)
SECONDS = 180.0
LARGEST = 128 * 1024 * 1024
PLAYED_AS = "audio/mpeg"
HELD_BYTES = 96 * 1024 * 1024


class NotPlayable(Exception):
    """No sound can be made of this: it has none, or is broken or too large."""


def playable(content: bytes) -> bytes:
    """The sound as MP3, one channel; of a film the sound alone. Raises ``NotPlayable``. Blocks."""
    if not content or len(content) > LARGEST:
        raise NotPlayable("empty or too large")
    try:
        with AT_ONCE:
            return in_a_child("gateway.staff.playing_child", content=content, seconds=SECONDS)
    except ChildFailed:
        raise NotPlayable("no sound could be made of it") from None


class Playing:
    """Holds the last few in memory: a browser asks for a long recording again at every place it is played from."""

    def __init__(self, most_bytes: int = HELD_BYTES) -> None:
        self._made: OrderedDict[bytes, bytes] = OrderedDict()
        self._most_bytes, self._lock = most_bytes, threading.Lock()

    def playable(self, content: bytes) -> bytes:
        """As ``playable``; raises as it does."""
        key = hashlib.sha256(content).digest()
        with self._lock:
            if key in self._made:
                self._made.move_to_end(key)
                return self._made[key]
        made = playable(content)
        with self._lock:
            self._made[key] = made
            while sum(map(len, self._made.values())) > self._most_bytes:
                self._made.popitem(last=False)
        return made
