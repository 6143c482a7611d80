"""Hears a recording a few windows at a time, so that it can be told how far it is, put aside and gone on with."""

from collections.abc import Callable
from dataclasses import replace

from transcription.begun import Begun, End
from transcription.heard import SpeechEngine
from transcription.sound import Waveform, sounds_like, waveforms
from transcription.voices import speech_windows
from transcription.windows import HERTZ

ENGLISH_CODE = "en"


class Hearing:
    """One recording on its way to a transcript. `begun` is always true: what it holds need never be heard again."""

    def __init__(self, sounds: tuple[Waveform, ...], begun: Begun, engine: SpeechEngine, *, translates: bool) -> None:
        self.begun = begun
        self._sounds, self._engine, self._translates = sounds, engine, translates

    @classmethod
    def of(
        cls, data: bytes, engine: SpeechEngine, *, begun: Begun | None = None, translates: bool = False
    ) -> "Hearing":
        """From the beginning or, if the same engine has begun it, from where it stopped; raises CannotRead."""
        sounds = waveforms(data)
        if begun is None or begun.engine != engine.name or len(begun.ends) != len(sounds):
            begun = Begun(
                engine=engine.name,
                seconds=round(max((sound.size for sound in sounds), default=0) / HERTZ, 2),
                sounds=sounds_like(sounds),
                ends=tuple(End(windows=speech_windows(sound)) for sound in sounds),
            )
        return cls(sounds, begun, engine, translates=translates)

    def go_on(self, told: Callable[[Begun], None], is_enough: Callable[[], bool]) -> bool:
        """Hear until the end or until it is enough, asked after each step; True at the end."""
        while any(not end.is_finished for end in self.begun.ends):
            self._step()
            told(self.begun)
            if is_enough():
                break
        return self.begun.is_finished

    def _step(self) -> None:
        """The next windows of the end that is furthest behind, so that both sides of a call are heard together."""
        behind = min(
            (number for number, end in enumerate(self.begun.ends) if not end.is_finished),
            key=lambda number: self.begun.ends[number].reached,
        )
        ends = list(self.begun.ends)
        ends[behind] = self._heard_further(ends[behind], self._sounds[behind])
        self.begun = replace(self.begun, ends=tuple(ends))

    def _heard_further(self, end: End, sound: Waveform) -> End:
        windows = end.windows[end.finished : end.finished + self._engine.at_once]
        language = end.language or self._engine.language_of(sound, end.windows)
        code = language.code if language else None
        heard = self._engine.hear(sound, windows, code)
        translated = self._engine.translate(sound, windows, code) if self._wants_english(code) and code else []
        return replace(
            end,
            finished=end.finished + len(windows),
            language=language,
            heard=(*end.heard, *heard),
            translated=(*end.translated, *translated),
        )

    def _wants_english(self, code: str | None) -> bool:
        return self._translates and code != ENGLISH_CODE
