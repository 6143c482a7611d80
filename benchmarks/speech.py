"""The default speech engine beside openai-whisper: the same model, recording, beam and threads, one after the other.

Speed and memory are measured on a model of full size with random weights that says one fixed sentence in each window,
so that nothing is fetched: it shows the work of the architecture, and nothing of how many words are right. Those are
counted with the tests' tiny model on its ten voicemails: both engines hear the same there; of people it says nothing.
Ours includes finding voices and the times of words; openai-whisper is asked for neither.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from benchmarks.figures import Figure, beside
from benchmarks.run import Run
from tests.transcription.recordings import (
    HERTZ,
    TINY_CHECKPOINT,
    TINY_MODEL,
    VOICEMAILS,
    one_after_another,
    recording,
    said_in,
    sound_of,
)
from transcription.accuracy import word_errors

OURS, WHISPER = "ours", "whisper"
MOST_THREADS = 4
SHORT_SECONDS, LONG_SECONDS = 10, 240
PATIENCE_SECONDS = 3600
PAUSE = 0.4
LEAST_SHORT, LEAST_LONG, MOST_MEMORY = 5.0, 8.0, 1 / 3
HOW_TO_INSTALL = "openai-whisper is not installed: make openai-whisper"


@dataclass(frozen=True, kw_only=True)
class Heard:
    """What one engine needed for one recording that plays ``plays`` seconds."""

    plays: float
    seconds: float
    processor_seconds: float
    memory_mb: float
    text: str


def measure(run: Run) -> list[Figure]:
    """Speed, memory and words of both engines; ours alone, and how to install the other, where there is no other."""
    if find_spec("whisper") is None:
        run.say(f"speech: {HOW_TO_INSTALL}")
        ours = _hear(OURS, TINY_MODEL, VOICEMAILS[0])
        return [Figure(what="transcription of a voicemail, tiny model", value=ours.seconds / ours.plays, unit="s/s",
                       anchor=HOW_TO_INSTALL)]  # fmt: skip
    size = "tiny" if run.quick else "small"
    run.say(f"speech: a model of the size of {size} is made")
    _python("benchmarks.full_size_model", size, run.folder)
    models = {OURS: run.folder / f"{size}-ct2", WHISPER: run.folder / f"{size}.pt"}
    lengths = ((SHORT_SECONDS, LEAST_SHORT), (LONG_SECONDS // (4 if run.quick else 1), LEAST_LONG))
    figures = [figure for plays, least in lengths for figure in _side_by_side(run, models, size, plays, least)]
    return [*figures, *_words()]


def _side_by_side(run: Run, models: dict[str, Path], size: str, plays: int, least: float) -> list[Figure]:
    audio = run.folder / f"{plays}.wav"
    audio.write_bytes(_speech(plays))
    heard = {}
    for engine, model in models.items():
        run.say(f"speech: {engine} hears {plays} s")
        heard[engine] = _hear(engine, model, audio)
    ours, other = heard[OURS], heard[WHISPER]
    what = f"of {plays} s, {size}-sized model"
    return [
        beside(f"transcription {what}", ours.seconds / ours.plays, "s/s", least=least,
               anchor=f"openai-whisper {other.seconds / other.plays:.2f}", ratio=other.seconds / ours.seconds),
        beside(f"transcription {what}, of all processors", ours.processor_seconds / ours.plays, "s/s",
               anchor=f"openai-whisper {other.processor_seconds / other.plays:.2f}",
               ratio=other.processor_seconds / ours.processor_seconds),
        beside(f"transcription memory, {what}", ours.memory_mb, "MB", most=round(MOST_MEMORY, 2),
               anchor=f"openai-whisper {other.memory_mb:.0f}", ratio=ours.memory_mb / other.memory_mb),
    ]  # fmt: skip


def _words() -> list[Figure]:
    """Errors on the tiny model's voicemails, where both engines should make equally few."""
    truth = " ".join(map(said_in, VOICEMAILS))
    rates = {
        engine: 100 * word_errors(_hear(engine, model, *VOICEMAILS).text, truth).rate
        for engine, model in ((OURS, TINY_MODEL), (WHISPER, TINY_CHECKPOINT))
    }
    return [Figure(what="word errors, tiny model on its voicemails", value=rates[OURS], unit="%",
                   anchor=f"openai-whisper {rates[WHISPER]:.1f} %")]  # fmt: skip


def _speech(seconds: int) -> bytes:
    """Voicemails one after another, cut to length."""
    sounds = [sound_of(each) for each in VOICEMAILS]
    once = sum(sound.size for sound in sounds) // HERTZ
    return recording(one_after_another(*sounds * (seconds // once + 1), pause=PAUSE)[: seconds * HERTZ])


def _hear(engine: str, model: Path, *audio: Path) -> Heard:
    threads = min(os.cpu_count() or 1, MOST_THREADS)
    return Heard(**json.loads(_python("benchmarks.speech_engine", engine, model, threads, *audio)[-1]))


def _python(module: str, *arguments: object) -> Sequence[str]:
    """What a module prints when it is run to its end, with the threads of both engines set alike."""
    threads = str(min(os.cpu_count() or 1, MOST_THREADS))
    environment = {**os.environ, "OMP_NUM_THREADS": threads, "OMP_WAIT_POLICY": "PASSIVE"}
    done = subprocess.run(
        [sys.executable, "-m", module, *map(str, arguments)], stdout=subprocess.PIPE, text=True, check=True,
        timeout=PATIENCE_SECONDS, env=environment,
    )  # fmt: skip
    return done.stdout.splitlines()
