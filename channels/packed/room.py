"""How much may still be unpacked from one message, so that no file packed to do harm takes the gateway down."""

from __future__ import annotations

from dataclasses import dataclass

from channels.packed.opened import LeftShut

MOST_FILES = 200
MOST_FAILURES = 50
MOST_BYTES = 200 * 1024 * 1024
DEEPEST = 3
ALWAYS_TAKEN = 1024 * 1024
MOST_TIMES_LARGER = 100
_LEAST = 10 * 1024 * 1024
_TIMES_THE_MESSAGE = 4


@dataclass(kw_only=True)
class Room:
    """Counted down on the way through one message: ``files`` and ``size`` (bytes) are what is left.

    ``failures``: how many more files may turn out damaged or too large only once they were unpacked, which takes time.
    """

    files: int = MOST_FILES
    size: int = MOST_BYTES
    failures: int = MOST_FAILURES

    def largest(self, packed: int) -> int:
        """The most bytes a file may have that takes ``packed`` bytes in its archive."""
        return min(self.size, max(ALWAYS_TAKEN, packed * MOST_TIMES_LARGER))

    def why_not(self, packed: int) -> LeftShut:
        """Why a file that takes ``packed`` bytes in its archive is too large."""
        return LeftShut.NO_ROOM if self.largest(packed) == self.size else LeftShut.TOO_TIGHT

    def take(self, size: int) -> bool:
        """Whether there is room for one more file of this size, which is then taken."""
        if self.files < 1 or size > self.size:
            return False
        self.files -= 1
        self.size -= size
        return True

    def take_again(self, size: int) -> bool:
        """Whether bytes that stand in the message already may be kept once more as a file of their own."""
        if size > self.size:
            return False
        self.size -= size
        return True


def room_for(message_size: int) -> Room:
    """What one message may become: four times its size, at least 10 MB, at most 200 MB, in at most 200 files."""
    return Room(size=min(MOST_BYTES, max(_LEAST, _TIMES_THE_MESSAGE * message_size)))
