"""The speech engine of choice: Whisper models run by faster-whisper (CTranslate2) on the processor."""

from collections.abc import Iterable, Iterator, Sequence
from importlib.metadata import version
from math import exp
from pathlib import Path
from typing import Any

import ctranslate2
from faster_whisper import BatchedInferencePipeline, WhisperModel

from transcription.contract import Word
from transcription.heard import ENGLISH, Heard, Language, likeliest
from transcription.sound import Waveform
from transcription.windows import Window, tellings

BEAM = 5
MOST_AT_ONCE = 8
"""Windows heard together are as many as threads: on one thread two took 0.9 and four 0.97 of the time of one by one,
and each costs 200 MB with a model of the size of small. Fewer also means that less is heard again after a crash."""

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
        self.at_once = max(1, min(threads, MOST_AT_ONCE))
        self._batches = BatchedInferencePipeline(self._model)

    def hear(self, sound: Waveform, windows: Sequence[Window], language: str | None) -> list[Heard]:
        return self._said(sound, windows, language, task="transcribe")

    def translate(self, sound: Waveform, windows: Sequence[Window], language: str) -> list[Heard]:
        if not self._model.model.is_multilingual:
            return []
        return self._said(sound, windows, language, task="translate")

    def language_of(self, sound: Waveform, windows: Sequence[Window]) -> Language | None:
        if not self._model.model.is_multilingual:
            return ENGLISH
        if not windows:
            return None
        told = [dict(self._model.detect_language(window.cut(sound))[2]) for window in tellings(windows)]
        return likeliest(told)

    def _said(self, sound: Waveform, windows: Sequence[Window], language: str | None, *, task: str) -> list[Heard]:
        heard: list[Heard] = []
        for first in range(0, len(windows), self.at_once):
            batch = windows[first : first + self.at_once]
            segments = list(self._first_pass(sound, batch, language, task))
            for window in batch:
                inside = [one for one in segments if window.holds(one.start, one.end)]
                if not inside or any(one.is_badly_supported for one in inside):
                    inside = self._better(inside, self._second_pass(sound, window, language, task))
                heard += inside
        return heard

    def _first_pass(self, sound: Waveform, batch: Sequence[Window], language: str | None, task: str) -> Iterator[Heard]:
        clips = [{"start": window.start, "end": window.end} for window in batch]
        segments, _ = self._batches.transcribe(
            sound,
            language=language,
            task=task,
            beam_size=BEAM,
            temperature=0.0,
            no_speech_threshold=None,
            condition_on_previous_text=False,
            without_timestamps=False,
            word_timestamps=True,
            vad_filter=False,
            clip_timestamps=clips,
            batch_size=self.at_once,
        )
        yield from _heard(segments, after=0.0)

    def _second_pass(self, sound: Waveform, window: Window, language: str | None, task: str) -> list[Heard]:
        ctranslate2.set_random_seed(SEED)
        segments, _ = self._model.transcribe(
            window.cut(sound),
            language=language,
            task=task,
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
        words = tuple(_word(word, after) for word in segment.words or [])
        sure = [word.confidence for word in words]
        yield Heard(
            text=segment.text,
            start=after + float(segment.start),
            end=after + float(segment.end),
            confidence=sum(sure) / len(sure) if sure else exp(min(float(segment.avg_logprob), 0.0)),
            log_probability=float(segment.avg_logprob),
            no_speech_probability=float(segment.no_speech_prob),
            compression=float(segment.compression_ratio),
            words=words,
        )


def _word(word: Any, after: float) -> Word:
    return Word(
        text=str(word.word).strip(),
        start=round(after + float(word.start), 2),
        end=round(after + float(word.end), 2),
        confidence=round(float(word.probability), 3),
    )
