"""What a speech engine is asked and answers: languages, and stretches of speech with how well each is supported."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from transcription.contract import Word
from transcription.windows import Window

if TYPE_CHECKING:
    from transcription.sound import Waveform

NO_SPEECH_PROBABILITY = 0.6
LOW_LOG_PROBABILITY = -1.0
REPEATING_COMPRESSION = 2.4
"""The three limits are Whisper's own (Radford et al. 2022, section 4.5); past them it is known to invent words."""

LOW_CONFIDENCE = 0.5

UNCERTAIN_LANGUAGE = 0.7
"""A language the engine is less sure of than this is given with a word of warning."""


@dataclass(frozen=True, kw_only=True)
class Language:
    """A language as an ISO 639-1 code, and how sure the engine is of it, 0 to 1."""

    code: str
    probability: float

    @property
    def is_uncertain(self) -> bool:
        """Whether a person should listen before an interpreter is called."""
        return self.probability < UNCERTAIN_LANGUAGE


def likeliest(told: Sequence[Mapping[str, float]]) -> Language:
    """The language whose mean probability over some windows is the highest."""
    codes = {code for one in told for code in one}
    means = {code: sum(one.get(code, 0.0) for one in told) / len(told) for code in codes}
    code = max(means, key=lambda each: (means[each], each))
    return Language(code=code, probability=means[code])


ENGLISH = Language(code="en", probability=1.0)
"""What a model that knows nothing else hears."""


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
    words: tuple[Word, ...] = ()

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
    """A loaded Whisper model; `name` says engine, version and model, `at_once` how many windows it hears together."""

    name: str
    at_once: int

    def hear(self, sound: "Waveform", windows: Sequence[Window], language: str | None) -> list[Heard]:
        """Everything said in the windows, in order, nothing left out; times count from the start of `sound`."""
        ...

    def translate(self, sound: "Waveform", windows: Sequence[Window], language: str) -> list[Heard]:
        """The same in English; nothing from a model that does not translate."""
        ...

    def language_of(self, sound: "Waveform", windows: Sequence[Window]) -> Language | None:
        """The language spoken, None where the engine cannot tell."""
        ...
