"""The speech engine of choice: Whisper models run by faster-whisper (CTranslate2) on the processor."""

from collections.abc import Iterable, Iterator, Sequence
from importlib.metadata import version
from math import exp
from pathlib import Path
from typing import Any

import ctranslate2
from faster_whisper import BatchedInferencePipeline, WhisperModel

from transcription.sound import Waveform
from transcription.speech import Heard
from transcription.windows import Window

BEAM = 5
BATCH = 8
"""Windows heard at once; more costs memory and gains nothing on a processor."""

SECOND_TRIES = (0.0, 0.2, 0.4, 0.6)
"""Temperatures for a window that the first, certain pass could not support (Radford et al. 2022, section 4.5)."""

SEED = 20
"""Sampling starts from here for every window, so that the same recording gives the same words every time."""


class FasterSpeech:
    """A loaded CTranslate2 Whisper model with 8-bit weights; hears windows in batches, a doubtful one again alone."""

    def __init__(self, folder: Path, *, model: str, threads: int) -> None:
        self.name = f"faster-whisper {version('faster-whisper')} {model}"
        self._model = WhisperModel(
            str(folder), device="cpu", compute_type="int8", cpu_threads=threads, local_files_only=True
        )
        self._batches = BatchedInferencePipeline(self._model)

    def hear(self, sound: Waveform, windows: Sequence[Window]) -> list[Heard]:
        heard: list[Heard] = []
        language = self.language_of(sound, windows)
        for first in range(0, len(windows), BATCH):
            batch = windows[first : first + BATCH]
            segments = list(self._first_pass(sound, batch, language))
            for window in batch:
                inside = [one for one in segments if window.holds(one.start, one.end)]
                if not inside or any(one.is_badly_supported for one in inside):
                    inside = self._better(inside, self._second_pass(sound, window, language))
                heard += inside
        return heard

    def language_of(self, sound: Waveform, windows: Sequence[Window]) -> str | None:
        if not self._model.model.is_multilingual:
            return "en"
        if not windows:
            return None
        language, _, _ = self._model.detect_language(windows[0].cut(sound))
        return str(language)

    def _first_pass(self, sound: Waveform, batch: Sequence[Window], language: str | None) -> Iterator[Heard]:
        clips = [{"start": window.start, "end": window.end} for window in batch]
        segments, _ = self._batches.transcribe(
            sound,
            language=language,
            beam_size=BEAM,
            temperature=0.0,
            no_speech_threshold=None,
            condition_on_previous_text=False,
            without_timestamps=False,
            word_timestamps=True,
            vad_filter=False,
            clip_timestamps=clips,
            batch_size=BATCH,
        )
        yield from _heard(segments, after=0.0)

    def _second_pass(self, sound: Waveform, window: Window, language: str | None) -> list[Heard]:
        ctranslate2.set_random_seed(SEED)
        segments, _ = self._model.transcribe(
            window.cut(sound),
            language=language,
            beam_size=BEAM,
            temperature=SECOND_TRIES,
            no_speech_threshold=None,
            condition_on_previous_text=False,
            word_timestamps=True,
            vad_filter=False,
        )
        return list(_heard(segments, after=window.start))

    @staticmethod
    def _better(first: list[Heard], second: list[Heard]) -> list[Heard]:
        if not second or sum(one.is_badly_supported for one in second) > sum(one.is_badly_supported for one in first):
            return first
        return second


def _heard(segments: Iterable[Any], *, after: float) -> Iterator[Heard]:
    for segment in segments:
        words = segment.words or []
        spoken_by = [word.probability for word in words]
        yield Heard(
            text=segment.text,
            start=after + float(segment.start),
            end=after + float(segment.end),
            confidence=float(sum(spoken_by) / len(spoken_by) if spoken_by else exp(min(segment.avg_logprob, 0.0))),
            log_probability=float(segment.avg_logprob),
            no_speech_probability=float(segment.no_speech_prob),
            compression=float(segment.compression_ratio),
        )
