"""Reads one attachment with whatever reads its kind, loading each engine at its first use and keeping it."""

from pathlib import Path
from typing import TYPE_CHECKING

from transcription.choose import Kind, kind_of_bytes
from transcription.contract import CannotRead, NoEngine, Transcript, Unreadable
from transcription.models import SpeechEngineName, model_state
from transcription.wire import Setup

if TYPE_CHECKING:
    from transcription.speech import SpeechEngine


class Reader:
    """Everything that can be read, behind one method; belongs in a process of its own, for the engines are large."""

    def __init__(self, setup: Setup) -> None:
        self._setup = setup
        self._speech: SpeechEngine | None = None

    def read(self, data: bytes, media_type: str, name: str) -> Transcript:
        """The text of an attachment; raises CannotRead or NoEngine, and MemoryError where memory runs out."""
        if not data:
            raise CannotRead(Unreadable.EMPTY)
        kind = kind_of_bytes(data, media_type, name)
        if kind is None:
            raise CannotRead(Unreadable.UNSUPPORTED)
        if kind is Kind.RECORDING:
            from transcription.speech import transcribe_recording

            return transcribe_recording(data, self._speech_engine())
        raise CannotRead(Unreadable.UNSUPPORTED)

    def _speech_engine(self) -> "SpeechEngine":
        if self._speech is None:
            self._speech = load_speech_engine(self._setup)
        return self._speech


def load_speech_engine(setup: Setup) -> "SpeechEngine":
    """The engine and model of the settings; raises NoEngine when either is not on this machine."""
    state = model_state(setup.speech_model, Path(setup.models_dir), setup.speech_engine)
    if state.path is None:
        raise NoEngine(state.why)
    model = Path(setup.speech_model).name
    if state.engine == SpeechEngineName.OPENAI_WHISPER:
        from transcription.openai_speech import OpenAISpeech

        return OpenAISpeech(state.path, model=model, threads=setup.threads)
    from transcription.faster_speech import FasterSpeech

    return FasterSpeech(state.path, model=model, threads=setup.threads)
