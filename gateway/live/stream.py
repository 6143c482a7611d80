"""One stream that is running: gathers its frames until they are written down, a few times a second."""

from __future__ import annotations

from channels.streams.events import SoundHeard
from channels.streams.kept import StreamHead
from channels.streams.placing import Placing
from storage.stream_sound import Piece


class LiveStream:
    """Frames that follow one another become one piece. ``name`` is its file's; numbers of pieces never repeat."""

    def __init__(self, name: str, head: StreamHead) -> None:
        self.name, self.head = name, head
        self.is_over = False
        self._placing = Placing()
        self._waiting: list[tuple[int, bytearray]] = []
        self._number = 0

    @property
    def length(self) -> int:
        """How far its sound reaches, in bytes."""
        return self._placing.end

    def hear(self, heard: SoundHeard) -> None:
        """Take it to be written; a repeat falls away."""
        if self.is_over or (at := self._placing.place(heard)) is None:
            return
        waiting = self._waiting
        if waiting and waiting[-1][0] + len(waiting[-1][1]) == at:
            waiting[-1][1].extend(heard.sound)
        else:
            waiting.append((at, bytearray(heard.sound)))

    def end(self) -> None:
        """No more comes."""
        self.is_over = True

    def taken(self) -> list[Piece]:
        """What has come since this was last asked, its head before all else."""
        waiting, self._waiting = self._waiting, []
        pieces = [] if self._number else [self._piece(0, self.head.as_bytes())]
        return pieces + [self._piece(at, bytes(sound)) for at, sound in waiting]

    def _piece(self, at: int, sound: bytes) -> Piece:
        number, self._number = self._number, self._number + 1
        return Piece(name=self.name, number=number, at=at, sound=sound)
