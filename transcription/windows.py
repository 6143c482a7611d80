"""The stretches in which somebody speaks, joined into windows of a length that Whisper can hear in one go."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from transcription.sound import Waveform

HERTZ = 16_000
"""The rate Whisper and the voice detector listen at."""

LONGEST_WINDOW = 28.0
"""Seconds; Whisper hears 30 at once, two are kept for the edges."""

LONGEST_PAUSE_INSIDE = 2.0
"""Seconds between two stretches beyond which a new window begins: long silences in a window invite invented words."""


@dataclass(frozen=True, kw_only=True)
class Window:
    """A stretch of the recording with speech in it; seconds from its start."""

    start: float
    end: float

    def cut(self, sound: "Waveform") -> "Waveform":
        return sound[int(self.start * HERTZ) : int(self.end * HERTZ)]

    def holds(self, start: float, end: float) -> bool:
        """Whether something said from `start` to `end` was said in this window."""
        return self.start <= (start + end) / 2 < self.end


def joined(stretches: Sequence[Window]) -> tuple[Window, ...]:
    """Neighbouring stretches become one window as long as it stays short enough and the pause between them is short."""
    windows: list[Window] = []
    for stretch in stretches:
        last = windows[-1] if windows else None
        if last and stretch.end - last.start <= LONGEST_WINDOW and stretch.start - last.end <= LONGEST_PAUSE_INSIDE:
            windows[-1] = Window(start=last.start, end=stretch.end)
        else:
            windows.append(stretch)
    return tuple(windows)


def tellings(windows: Sequence[Window]) -> list[Window]:
    """The windows a language is told from: the first, and two spread over the rest, for callers begin in many ways."""
    return [windows[at] for at in sorted({0, len(windows) // 3, 2 * len(windows) // 3})]
