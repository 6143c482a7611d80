"""Measures an engine and model on recordings whose words are known: errors, speed and memory."""

import io
import re
import time
import wave
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from transcription.accuracy import NO_ERRORS, WordErrors, word_errors
from transcription.choose import Kind, kind_of
from transcription.contract import CannotRead, EngineFailed, Transcript
from transcription.marking import is_wordless
from transcription.worker import TranscriptionWorker

SPEAKER = re.compile(r"^Speaker \d+: ", re.MULTILINE)
WARM_UP_SECONDS = 1


class NothingToEvaluate(Exception):
    """The folder holds no recordings, or some without their words; says which."""


@dataclass(frozen=True, kw_only=True)
class Case:
    """A recording and the file with the words said on it."""

    recording: Path
    words: Path


@dataclass(frozen=True, kw_only=True)
class Measured:
    """One recording heard: its errors, seconds it plays, seconds it took; `fault` where it could not be heard.

    `numbers_differ`: one of the two texts has digits and the other none, so that equal numbers may count as errors.
    """

    name: str
    errors: WordErrors
    plays: float
    took: float
    numbers_differ: bool = False
    fault: str = ""


@dataclass(frozen=True, kw_only=True)
class Summary:
    """Over all recordings that could be heard: errors, real-time factor (seconds to hear a second), peak memory."""

    errors: WordErrors
    plays: float
    took: float
    memory_mb: float
    numbers_differ: int
    faults: int

    @property
    def real_time_factor(self) -> float:
        return self.took / self.plays if self.plays else 0.0


def cases_in(folder: Path) -> list[Case]:
    """Every recording in the folder with the .txt of the same name; raises NothingToEvaluate."""
    if not folder.is_dir():
        raise NothingToEvaluate(f"{folder}: there is no such folder")
    recordings = sorted(path for path in folder.iterdir() if kind_of("", path.name) is Kind.RECORDING)
    if not recordings:
        raise NothingToEvaluate(f"{folder}: no recordings in it (such as one.wav beside one.txt)")
    cases = [Case(recording=path, words=path.with_suffix(".txt")) for path in recordings]
    if missing := [case.recording.name for case in cases if not case.words.is_file()]:
        raise NothingToEvaluate(f"{folder}: no .txt with the words said beside {', '.join(missing)}")
    return cases


async def measured(worker: TranscriptionWorker, cases: Sequence[Case]) -> AsyncIterator[Measured]:
    """Each recording heard once, the model loaded before; raises NoEngine where there is none."""
    await worker.transcribe(_silence(), "audio/wav")
    for case in cases:
        yield await _measure(worker, case)


def summary(found: Sequence[Measured], memory_mb: float) -> Summary:
    """The figures over all."""
    heard = [one for one in found if not one.fault]
    return Summary(
        errors=sum((one.errors for one in heard), NO_ERRORS),
        plays=sum(one.plays for one in heard),
        took=sum(one.took for one in heard),
        memory_mb=memory_mb,
        numbers_differ=sum(one.numbers_differ for one in heard),
        faults=len(found) - len(heard),
    )


def peak_mb(pid: int | None) -> float:
    """The most memory a process has held so far; 0 where the system does not tell."""
    status = Path(f"/proc/{pid}/status")
    found = re.search(r"VmHWM:\s+(\d+)", status.read_text("ascii")) if status.exists() else None
    return int(found[1]) / 1024 if found else 0.0


async def _measure(worker: TranscriptionWorker, case: Case) -> Measured:
    truth = case.words.read_text(encoding="utf-8-sig", errors="replace")
    began = time.perf_counter()
    try:
        transcript = await worker.transcribe(case.recording.read_bytes(), "", case.recording.name)
    except (CannotRead, EngineFailed) as fault:
        return Measured(name=case.recording.name, errors=NO_ERRORS, plays=0.0, took=0.0, fault=str(fault))
    took, heard = time.perf_counter() - began, _as_said(transcript)
    return Measured(
        name=case.recording.name, errors=word_errors(heard, truth), plays=transcript.seconds or 0.0, took=took,
        numbers_differ=_has_digits(heard) != _has_digits(truth),
    )  # fmt: skip


def _as_said(transcript: Transcript) -> str:
    """The engine's words without our marks: doubtful ones count, for better or worse."""
    return SPEAKER.sub("", "\n".join(each.text for each in transcript.segments if not is_wordless(each)))


def _has_digits(text: str) -> bool:
    return any(sign.isdigit() for sign in text)


def _silence() -> bytes:
    file = io.BytesIO()
    with wave.open(file, "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(8000)
        out.writeframes(bytes(16000 * WARM_UP_SECONDS))
    return file.getvalue()
