"""Where each frame of a stream belongs: repeats fall away, what comes late goes to its place, gaps stay open."""

from __future__ import annotations

from channels.streams.events import BYTES_A_SECOND, LONGEST_SECONDS, NotAStream, SoundHeard

CLOSE_BYTES = 400  # 50 ms: clocks that disagree by less leave neither a gap nor an overlap
MOST_MISSING = 1000
MOST_BYTES = LONGEST_SECONDS * BYTES_A_SECOND


class Placing:
    """``end`` is how far the sound reaches, in bytes from the beginning."""

    def __init__(self) -> None:
        self.end = 0
        self._last = 0
        self._missing: set[int] = set()

    def place(self, heard: SoundHeard) -> int | None:
        """Bytes from the beginning, None for a repeat or a time that cannot be; raises ``NotAStream`` past the limit.

        Frames that follow one another are joined without a seam even where their times are some milliseconds off.
        """
        at = None if heard.at_ms is None else heard.at_ms * BYTES_A_SECOND // 1000
        if at is not None and not 0 <= at <= MOST_BYTES:
            return None
        if heard.number is None:
            place: int | None = self._next(at) if at is None or at >= self.end - CLOSE_BYTES else at
        elif heard.number <= self._last:
            place = self._late(heard.number, at)
        else:
            skipped = range(self._last + 1, heard.number)
            self._missing.update(skipped[-MOST_MISSING:])
            self._last = heard.number
            place = self._next(at) if not skipped or at is None else max(at, self.end)
        if place is None:
            return None
        if place + len(heard.sound) > MOST_BYTES:
            raise NotAStream("longer than any call we keep")
        self.end = max(self.end, place + len(heard.sound))
        return place

    def _next(self, at: int | None) -> int:
        return at if at is not None and at > self.end + CLOSE_BYTES else self.end

    def _late(self, number: int, at: int | None) -> int | None:
        if number not in self._missing:
            return None
        self._missing.discard(number)
        return at
