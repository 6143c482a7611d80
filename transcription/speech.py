"""Turns the bytes of a recording into a transcript with any Whisper engine."""

from transcription.contract import Transcript
from transcription.heard import SpeechEngine
from transcription.hearing import Hearing
from transcription.said import transcript_of


def transcribe_recording(data: bytes, engine: SpeechEngine, *, translates: bool = False) -> Transcript:
    """The words of a recording; raises CannotRead when the bytes are no recording or far too long."""
    hearing = Hearing.of(data, engine, translates=translates)
    hearing.go_on(lambda _: None, lambda: False)
    return transcript_of(hearing.begun)
