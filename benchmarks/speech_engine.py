"""One engine hears one recording in a process of its own and prints seconds, memory and words as JSON."""

from __future__ import annotations

import json
import resource
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from transcription.windows import HERTZ

BEAM = 5
Hear = Callable[[bytes], tuple[str, float]]
"""The words of a recording, and how many seconds it plays."""


def main() -> None:
    """``python -m benchmarks.speech_engine ours|whisper MODEL THREADS AUDIO...``."""
    kind, model, threads, files = sys.argv[1], Path(sys.argv[2]), int(sys.argv[3]), map(Path, sys.argv[4:])
    hear = _ours(model, threads) if kind == "ours" else _whisper(model, threads)
    recordings = [file.read_bytes() for file in files]
    began, processor = time.perf_counter(), time.process_time()
    texts, plays = zip(*(hear(each) for each in recordings), strict=True)
    found = {"text": " ".join(texts), "plays": sum(plays), **_took(began, processor)}
    kilobytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(json.dumps({**found, "memory_mb": kilobytes / 1024}))


def _took(began: float, processor: float) -> dict[str, float]:
    """Seconds by the clock, and seconds of all processors."""
    return {"seconds": time.perf_counter() - began, "processor_seconds": time.process_time() - processor}


def _ours(model: Path, threads: int) -> Hear:
    from transcription.faster_speech import FasterSpeech
    from transcription.speech import transcribe_recording

    engine = FasterSpeech(model, model=model.name, threads=threads)

    def hear(data: bytes) -> tuple[str, float]:
        transcript = transcribe_recording(data, engine)
        return transcript.text, transcript.seconds or 0.0

    return hear


def _whisper(model: Path, threads: int) -> Hear:
    """With the same beam, threads and temperatures; the times of words are not asked for."""
    import torch
    import whisper

    from transcription.sound import waveforms

    torch.set_num_threads(threads)
    loaded = whisper.load_model(str(model), device="cpu")

    def hear(data: bytes) -> tuple[str, float]:
        [sound] = waveforms(data)
        result: dict[str, Any] = loaded.transcribe(
            sound, language="en", beam_size=BEAM, temperature=(0.0, 0.2, 0.4, 0.6), condition_on_previous_text=False,
            fp16=False, verbose=None,
        )  # fmt: skip
        return str(result["text"]), sound.size / HERTZ

    return hear


if __name__ == "__main__":
    main()
