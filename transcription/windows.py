"""Finds where somebody speaks and cuts a recording into windows that Whisper can hear in one go."""

from collections.abc import Sequence
from dataclasses import dataclass

from faster_whisper.vad import VadOptions, get_speech_timestamps

from transcription.sound import HERTZ, Waveform

LONGEST_WINDOW = 28.0
"""Seconds; Whisper hears 30 at once, two are kept for the edges."""

LONGEST_PAUSE_INSIDE = 2.0
"""Seconds between two stretches beyond which a new window begins: long silences in a window invite invented words."""

MIN_SILENCE_MS = 500
EDGE_MS = 800
"""Kept before and after speech: with 400 the first word of 2 in 10 measured windows was lost, with 800 of none."""


@dataclass(frozen=True, kw_only=True)
class Window:
    """A stretch of the recording with speech in it; seconds from its start."""

    start: float
    end: float

    def cut(self, sound: Waveform) -> Waveform:
        return sound[int(self.start * HERTZ) : int(self.end * HERTZ)]

    def holds(self, start: float, end: float) -> bool:
        """Whether something said from `start` to `end` was said in this window."""
        return self.start <= (start + end) / 2 < self.end


def speech_windows(sound: Waveform) -> tuple[Window, ...]:
    """Where speech is heard (Silero voice detector), joined into windows of at most `LONGEST_WINDOW` seconds."""
    options = VadOptions(
        min_silence_duration_ms=MIN_SILENCE_MS, speech_pad_ms=EDGE_MS, max_speech_duration_s=LONGEST_WINDOW - 1
    )
    found = get_speech_timestamps(sound, options)
    return joined([Window(start=chunk["start"] / HERTZ, end=chunk["end"] / HERTZ) for chunk in found])


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
