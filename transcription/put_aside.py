"""Hears recordings in slices: a long one steps aside for others and goes on without being decoded anew."""

import hashlib
import time
from collections.abc import Callable

from transcription.begun import Begun, kept_begun
from transcription.contract import Transcript
from transcription.heard import SpeechEngine
from transcription.hearing import Hearing
from transcription.said import transcript_of
from transcription.wire import Task

SMALL_BYTES = 4 * 1024 * 1024
"""Something this small may be heard while the sound of a long recording waits in memory; two long ones may not."""


class Recordings:
    """One engine, and the sound of the recording that was put aside last."""

    def __init__(self, engine: SpeechEngine, *, translates: bool = False) -> None:
        self._engine, self._translates = engine, translates
        self._aside: Hearing | None = None
        self._aside_key = b""

    def read(self, task: Task, told: Callable[[Begun], None]) -> Transcript | Begun:
        """The transcript, or what has been heard when the slice was over; raises CannotRead."""
        key = hashlib.sha256(task.data).digest()
        hearing = self._taken_up(key) if task.begun else None
        if hearing is None:
            if len(task.data) > SMALL_BYTES:
                self._aside = None
            hearing = Hearing.of(task.data, self._engine, begun=kept_begun(task.begun), translates=self._translates)
        end = time.monotonic() + task.slice_seconds if task.slice_seconds else float("inf")
        if hearing.go_on(told, lambda: time.monotonic() >= end):
            return transcript_of(hearing.begun)
        self._aside, self._aside_key = hearing, key
        return hearing.begun

    def _taken_up(self, key: bytes) -> Hearing | None:
        if self._aside_key != key:
            return None
        hearing, self._aside = self._aside, None
        return hearing
