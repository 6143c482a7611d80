"""The second speech engine: the same Whisper models run by openai-whisper (PyTorch), where it is installed."""

from collections.abc import Iterator, Sequence
from importlib.metadata import version
from math import exp
from pathlib import Path
from typing import Any

import torch
import whisper

from transcription.contract import Word
from transcription.heard import ENGLISH, Heard, Language, likeliest
from transcription.sound import Waveform
from transcription.windows import HERTZ, Window, tellings

BEAM = 5
TEMPERATURES = (0.0, 0.2, 0.4, 0.6)
SEED = 20
FIRST_SECONDS = 30


class OpenAISpeech:
    """A loaded openai-whisper checkpoint; hears the windows one by one, a doubtful one again."""

    def __init__(self, checkpoint: Path, *, model: str, threads: int) -> None:
        torch.set_num_threads(threads)
        self.name = f"openai-whisper {version('openai-whisper')} {model}"
        self._model = whisper.load_model(str(checkpoint), device="cpu")

    at_once = 1

    def hear(self, sound: Waveform, windows: Sequence[Window], language: str | None) -> list[Heard]:
        return [one for window in windows for one in self._hear_window(sound, window, language, "transcribe")]

    def translate(self, sound: Waveform, windows: Sequence[Window], language: str) -> list[Heard]:
        if not self._model.is_multilingual:
            return []
        return [one for window in windows for one in self._hear_window(sound, window, language, "translate")]

    def language_of(self, sound: Waveform, windows: Sequence[Window]) -> Language | None:
        if not self._model.is_multilingual:
            return ENGLISH
        if not windows:
            return None
        return likeliest([self._languages(window.cut(sound)) for window in tellings(windows)])

    def _languages(self, sound: Waveform) -> dict[str, float]:
        opening = whisper.pad_or_trim(sound, FIRST_SECONDS * HERTZ)
        mel = whisper.log_mel_spectrogram(opening, self._model.dims.n_mels)
        _, probabilities = self._model.detect_language(mel)
        return dict(probabilities)

    def _hear_window(self, sound: Waveform, window: Window, language: str | None, task: str) -> Iterator[Heard]:
        torch.manual_seed(SEED)
        result: dict[str, Any] = self._model.transcribe(
            window.cut(sound),
            language=language,
            task=task,
            beam_size=BEAM,
            temperature=TEMPERATURES,
            no_speech_threshold=None,
            condition_on_previous_text=False,
            word_timestamps=True,
            fp16=False,
            verbose=None,
        )
        for segment in result["segments"]:
            words = tuple(_word(word, window.start) for word in segment.get("words", ()))
            sure = [word.confidence for word in words]
            yield Heard(
                text=segment["text"],
                start=window.start + float(segment["start"]),
                end=window.start + float(segment["end"]),
                confidence=sum(sure) / len(sure) if sure else exp(min(segment["avg_logprob"], 0.0)),
                log_probability=segment["avg_logprob"],
                no_speech_probability=segment["no_speech_prob"],
                compression=segment["compression_ratio"],
                words=words,
            )


def _word(word: dict[str, Any], after: float) -> Word:
    return Word(
        text=str(word["word"]).strip(),
        start=round(after + float(word["start"]), 2),
        end=round(after + float(word["end"]), 2),
        confidence=round(float(word["probability"]), 3),
    )
