"""Turns a recording into a transcript with any Whisper engine: marks what is unclear, tells two speakers apart."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from transcription.contract import Segment, Transcript, mean_confidence, unclear_note
from transcription.sound import Waveform, waveforms
from transcription.windows import Window, speech_windows

NO_SPEECH = "No speech was heard."

NO_SPEECH_PROBABILITY = 0.6
LOW_LOG_PROBABILITY = -1.0
REPEATING_COMPRESSION = 2.4
"""The three limits are Whisper's own (Radford et al. 2022, section 4.5); past them it is known to invent words."""

LOW_CONFIDENCE = 0.5

NO_WORDS = "a voice, but no words made out"
LEAST_VOICE_SECONDS = 2.4
"""A window at least this long (edges included) in which no words were made out is shown as such, never dropped."""


@dataclass(frozen=True, kw_only=True)
class Heard:
    """What an engine heard in one stretch: the words, seconds from the start of the recording, and how sure it was."""

    text: str
    start: float
    end: float
    confidence: float
    log_probability: float
    no_speech_probability: float
    compression: float

    @property
    def is_doubtful(self) -> bool:
        """Whether the words may be invented: probably no speech, badly supported, or one line over and over."""
        probably_silence = (
            self.no_speech_probability > NO_SPEECH_PROBABILITY and self.log_probability < LOW_LOG_PROBABILITY
        )
        return probably_silence or self.is_badly_supported or self.confidence < LOW_CONFIDENCE

    @property
    def is_badly_supported(self) -> bool:
        return self.log_probability < LOW_LOG_PROBABILITY or self.compression > REPEATING_COMPRESSION


class SpeechEngine(Protocol):
    """A loaded Whisper model; `name` says engine, version and model."""

    name: str

    def hear(self, sound: Waveform, windows: Sequence[Window]) -> list[Heard]:
        """Everything said in the windows, in order, nothing left out; times count from the start of `sound`."""
        ...

    def language_of(self, sound: Waveform, windows: Sequence[Window]) -> str | None:
        """The language spoken as an ISO 639-1 code, None where the engine cannot tell."""
        ...


def transcribe_recording(data: bytes, engine: SpeechEngine) -> Transcript:
    """The words of a recording; raises CannotRead when the bytes are no recording or far too long."""
    sounds = waveforms(data)
    spoken = [(sound, windows) for sound in sounds if (windows := speech_windows(sound))]
    ends = [_segments(engine.hear(sound, windows), windows) for sound, windows in spoken]
    told_apart = len([end for end in ends if end]) > 1
    segments = tuple(_by_time(ends) if told_apart else [segment for end in ends for segment in end])
    if not segments:
        return Transcript(text="", segments=(), engine=engine.name, language=None, confidence=None, note=NO_SPEECH)
    return Transcript(
        text="\n".join(_shown(segment) for segment in segments),
        segments=segments,
        engine=engine.name,
        language=engine.language_of(*spoken[0]),
        confidence=mean_confidence(segments),
        note=unclear_note(segments),
    )


def _segments(heard: Sequence[Heard], windows: Sequence[Window]) -> list[Segment]:
    said = [_segment(one) for one in heard if one.text.strip()]
    wordless = [
        Segment(text=NO_WORDS, start=round(window.start, 2), end=round(window.end, 2), confidence=0.0, unclear=True)
        for window in windows
        if window.end - window.start >= LEAST_VOICE_SECONDS and not _is_covered(window, said)
    ]
    return sorted(said + wordless, key=_start)


def _segment(heard: Heard) -> Segment:
    return Segment(
        text=heard.text.strip(),
        start=round(heard.start, 2),
        end=round(heard.end, 2),
        confidence=round(heard.confidence, 3),
        unclear=heard.is_doubtful,
    )


def _is_covered(window: Window, said: Sequence[Segment]) -> bool:
    return any(window.holds(segment.start or 0.0, segment.end or 0.0) for segment in said)


def _start(segment: Segment) -> float:
    return segment.start or 0.0


def _by_time(ends: Sequence[Sequence[Segment]]) -> list[Segment]:
    """Both ends of a call as one conversation, each line labelled with its speaker."""
    labelled = [
        (segment, f"Speaker {number}: {segment.text}") for number, end in enumerate(ends, start=1) for segment in end
    ]
    ordered = sorted(labelled, key=lambda pair: _start(pair[0]))
    return [
        Segment(text=words, start=one.start, end=one.end, confidence=one.confidence, unclear=one.unclear)
        for one, words in ordered
    ]


def _shown(segment: Segment) -> str:
    if not segment.unclear:
        return segment.text
    return f"[unclear at {_clock(_start(segment))}: {segment.text}]"


def _clock(seconds: float) -> str:
    return f"{int(seconds) // 60}:{int(seconds) % 60:02d}"
