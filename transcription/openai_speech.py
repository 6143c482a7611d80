"""The second speech engine: the same Whisper models run by openai-whisper (PyTorch), where it is installed."""

from collections.abc import Iterator, Sequence
from importlib.metadata import version
from math import exp
from pathlib import Path
from typing import Any

import torch
import whisper

from transcription.sound import HERTZ, Waveform
from transcription.speech import Heard
from transcription.windows import Window

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

    def hear(self, sound: Waveform, windows: Sequence[Window]) -> list[Heard]:
        language = self.language_of(sound, windows)
        return [heard for window in windows for heard in self._hear_window(sound, window, language)]

    def language_of(self, sound: Waveform, windows: Sequence[Window]) -> str | None:
        if not self._model.is_multilingual:
            return "en"
        if not windows:
            return None
        opening = whisper.pad_or_trim(windows[0].cut(sound), FIRST_SECONDS * HERTZ)
        mel = whisper.log_mel_spectrogram(opening, self._model.dims.n_mels)
        _, probabilities = self._model.detect_language(mel)
        return str(max(probabilities, key=probabilities.get))

    def _hear_window(self, sound: Waveform, window: Window, language: str | None) -> Iterator[Heard]:
        torch.manual_seed(SEED)
        result: dict[str, Any] = self._model.transcribe(
            window.cut(sound),
            language=language,
            beam_size=BEAM,
            temperature=TEMPERATURES,
            no_speech_threshold=None,
            condition_on_previous_text=False,
            fp16=False,
            verbose=None,
        )
        for segment in result["segments"]:
            yield Heard(
                text=segment["text"],
                start=window.start + segment["start"],
                end=window.start + segment["end"],
                confidence=exp(min(segment["avg_logprob"], 0.0)),
                log_probability=segment["avg_logprob"],
                no_speech_probability=segment["no_speech_prob"],
                compression=segment["compression_ratio"],
            )
