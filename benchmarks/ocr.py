"""How well and how fast paper is read: character errors and seconds a family of letters, pages a second, memory."""

from __future__ import annotations

import asyncio
import json
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.table import Table

from benchmarks.figures import Figure, at_most, beside
from benchmarks.run import Run
from transcription.accuracy import character_error_rate
from transcription.worker import TranscriptionWorker

ROOT = Path(__file__).parents[1]
CASES = (ROOT.parent / "shared" / "cases" / "letters", ROOT / "tests" / "samples" / "letters")
PROCESSES = 2
MEMORY_MB = 600.0
PRINTED = 0.3
LIMITS = {"colour": 2.0, "fax": 4.0, "form": 1.0, "handfont": 2.0}
"""Per cent of characters; the figures every family is held to."""

SAMPLE_FAMILIES = {"jpg": "jpeg", "l150": "low150", "fax": "fax", "dig": "borndigital"}


@dataclass(frozen=True, kw_only=True)
class Case:
    """A letter whose words are known."""

    family: str
    file: Path
    truth: str
    pages: int
    fields: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Read:
    """How one letter was read: per cent of wrong characters, seconds a page, fields found exactly."""

    case: Case
    errors: float
    seconds: float
    fields_found: int


def measure(run: Run) -> list[Figure]:
    """Every family beside its limit, then two processes beside tesseract where this machine has it."""
    cases = known_cases()[:: 4 if run.quick else 1]
    read, memory = asyncio.run(_read_all(cases, run.folder))
    figures = [
        at_most(f"OCR character errors, {family}", errors, "%", LIMITS.get(family, PRINTED))
        for family, errors in _means(read, "errors").items()
    ]
    figures.append(at_most("OCR memory of one process, peak", memory, "MB", MEMORY_MB))
    sample = [case for case in cases if case.file.suffix in {".jpg", ".png", ".tif"} and case.pages == 1][:8]
    return [*figures, *asyncio.run(_rate(sample, run.folder))]


def known_cases() -> list[Case]:
    """The full set of cases where it lies beside the sources, else the few sample letters of the tests."""
    folder = next(path for path in CASES if path.is_dir())
    manifest = folder / "manifest.json"
    if manifest.is_file():
        return [_case(folder, entry) for entry in json.loads(manifest.read_text("utf-8"))]
    letters = sorted(path for path in folder.iterdir() if path.suffix != ".txt")
    return [
        Case(family=SAMPLE_FAMILIES.get(path.stem.split("_")[0], "other"), file=path, pages=1, fields=(),
             truth=path.with_suffix(".txt").read_text("utf-8"))
        for path in letters
    ]  # fmt: skip


def _case(folder: Path, entry: dict[str, object]) -> Case:
    fields = entry["fields"]
    return Case(
        family=str(entry["family"]),
        file=folder / str(entry["file"]),
        truth=(folder / str(entry["gt"])).read_text("utf-8"),
        pages=int(str(entry["pages"])),
        fields=tuple(str(each) for each in fields) if isinstance(fields, list) else (),
    )


async def _read_all(cases: Sequence[Case], folder: Path) -> tuple[list[Read], float]:
    worker = TranscriptionWorker(speech_model="none", models_dir=folder)
    read, memory = [], 0.0
    for case in cases:
        began = time.perf_counter()
        text = await _text(worker, case)
        seconds = (time.perf_counter() - began) / case.pages
        errors = 100 * character_error_rate(text, case.truth)
        found = sum(field in " ".join(text.split()) for field in case.fields)
        read.append(Read(case=case, errors=errors, seconds=seconds, fields_found=found))
        memory = max(memory, _peak_mb(worker.child_pid))
    await worker.close()
    return read, memory


async def _text(worker: TranscriptionWorker, case: Case) -> str:
    transcript = await worker.transcribe(case.file.read_bytes(), "application/octet-stream", case.file.name)
    return transcript.text


async def _rate(cases: Sequence[Case], folder: Path) -> list[Figure]:
    """Pages a second with one worker on each of two processors."""
    workers = [TranscriptionWorker(speech_model="none", models_dir=folder) for _ in range(PROCESSES)]
    await asyncio.gather(*(_text(worker, cases[0]) for worker in workers))
    began = time.perf_counter()
    shares = [cases[number::PROCESSES] for number in range(PROCESSES)]
    await asyncio.gather(*(_in_turn(worker, share) for worker, share in zip(workers, shares, strict=True)))
    rate = len(cases) / (time.perf_counter() - began)
    await asyncio.gather(*(worker.close() for worker in workers))
    what = f"OCR pages a second, {PROCESSES} processes"
    if (anchor := await asyncio.to_thread(_tesseract_rate, cases)) is None:
        return [Figure(what=what, value=rate, unit="pages/s", anchor="tesseract is not on this machine")]
    return [beside(what, rate, "pages/s", anchor=f"tesseract {anchor:.2f} pages/s", ratio=rate / anchor, least=1.0)]


async def _in_turn(worker: TranscriptionWorker, cases: Sequence[Case]) -> None:
    for case in cases:
        await _text(worker, case)


def _tesseract_rate(cases: Sequence[Case]) -> float | None:
    """Two tesseracts at a time over the same pages, one thread each, as its authors advise."""
    program = shutil.which("tesseract")
    if program is None:
        return None
    began = time.perf_counter()
    for first in range(0, len(cases), PROCESSES):
        together = [
            subprocess.Popen(
                [program, str(case.file), "stdout"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                env={"OMP_THREAD_LIMIT": "1"},
            )
            for case in cases[first : first + PROCESSES]
        ]  # fmt: skip
        for each in together:
            each.wait()
    return len(cases) / (time.perf_counter() - began)


def _peak_mb(pid: int | None) -> float:
    status = Path(f"/proc/{pid}/status")
    found = re.search(r"VmHWM:\s+(\d+)", status.read_text("ascii")) if status.exists() else None
    return int(found[1]) / 1024 if found else 0.0


def _means(read: Sequence[Read], what: str) -> dict[str, float]:
    by_family: dict[str, list[float]] = defaultdict(list)
    for one in read:
        by_family[one.case.family].append(getattr(one, what))
    return {family: sum(values) / len(values) for family, values in by_family.items()}


def main() -> None:
    """``python -m benchmarks.ocr [family ...]``: the table by itself."""
    wanted = set(sys.argv[1:])
    cases = [case for case in known_cases() if not wanted or case.family in wanted]
    with tempfile.TemporaryDirectory() as folder:
        read, memory = asyncio.run(_read_all(cases, Path(folder)))
    table = Table("family", "letters", "character errors %", "limit %", "s/page", "fields found")
    errors, seconds = _means(read, "errors"), _means(read, "seconds")
    for family in errors:
        of_family = [one for one in read if one.case.family == family]
        found, fields = sum(one.fields_found for one in of_family), sum(len(one.case.fields) for one in of_family)
        table.add_row(
            family, str(len(of_family)), f"{errors[family]:.2f}", f"{LIMITS.get(family, PRINTED):g}",
            f"{seconds[family]:.1f}", f"{found} of {fields}" if fields else "",
        )  # fmt: skip
    Console().print(table)
    print(f"peak memory of the reading process: {memory:.0f} MB")


if __name__ == "__main__":
    main()
