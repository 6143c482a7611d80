"""Makes a sound any browser plays of what phones and telephone systems write: in a child with narrow limits."""

from __future__ import annotations

import threading

from gateway.in_a_child import ChildFailed, in_a_child

AT_ONCE = threading.BoundedSemaphore(2)
SECONDS = 60.0
LARGEST = 128 * 1024 * 1024
PLAYED_AS = "audio/mpeg"


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
