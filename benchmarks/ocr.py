"""How well and how fast paper is read: character errors and seconds a family of letters, pages a second, memory."""

from __future__ import annotations

import asyncio
import re
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from pathlib import Path

from benchmarks import tesseract
from benchmarks.figures import Figure, at_most, beside
from benchmarks.ocr_cases import Case, known_cases
from benchmarks.run import Run
from benchmarks.table import show
from transcription.accuracy import character_error_rate
from transcription.worker import TranscriptionWorker

PROCESSES = 2
MEMORY_MB = 600.0
PRINTED = 0.3
LIMITS = {"colour": 2.0, "fax": 4.0, "form": 1.0, "handfont": 2.0}
"""Per cent of characters; the figures every family is held to."""

BY_HAND = {"handfont", "form"}
UPRIGHT = {"clean300", "faint", "typewriter", "textlayer_scan", "skew3"}
MOST_TIMED = 12


@dataclass(frozen=True, kw_only=True)
class Read:
    """How one letter was read: per cent of wrong characters, seconds a page, fields found exactly."""

    case: Case
    errors: float
    seconds: float
    fields_found: int
    out_of_order: float


def measure(run: Run) -> list[Figure]:
    """Every family beside its limit and tesseract's errors, fields found exactly, memory, and pages a second."""
    cases = known_cases()[:: 4 if run.quick else 1]
    read, memory = asyncio.run(_read_all(cases, run.folder))
    return [*_figures(read, memory, run.folder), *asyncio.run(_rate(_at_300_dpi(cases), run.folder))]


def _figures(read: Sequence[Read], memory: float, folder: Path) -> list[Figure]:
    cases = [one.case for one in read]
    theirs = tesseract.errors_of(cases, folder, PROCESSES) if tesseract.is_here() else {}
    figures = [
        at_most(
            f"OCR character errors, {family}", errors, "%", LIMITS.get(family, PRINTED),
            anchor=f"tesseract {theirs[family]:.1f} %" if family in theirs else "",
        )
        for family, errors in _means(read, "errors").items()
    ]  # fmt: skip
    printed = [one for one in read if one.case.family not in BY_HAND]
    found, fields = sum(one.fields_found for one in printed), sum(len(one.case.fields) for one in printed)
    if fields:
        what = "OCR names, dates, postcodes and numbers of print found exactly"
        figures.append(
            Figure(what=what, value=100 * found / fields, unit="%", target=">= 99 %", met=found >= 0.99 * fields)
        )
    order = sum(one.out_of_order for one in read) / max(len(read), 1)
    figures.append(Figure(what="OCR words out of their order, all families", value=order, unit="%"))
    return [*figures, at_most("OCR memory of one process, peak", memory, "MB", MEMORY_MB)]


def _at_300_dpi(cases: Sequence[Case]) -> list[Case]:
    """Upright scanned letters in PDFs, which both read at 300 dots per inch; all kinds where there are none."""
    scanned = [case for case in cases if case.file.suffix == ".pdf" and case.family in UPRIGHT]
    return (scanned or list(cases))[:MOST_TIMED]


def _out_of_order(said: str, truth: str) -> float:
    """Of the words that were read at all those that stand elsewhere than in the truth, in per cent."""
    expected, words = truth.split(), said.split()
    in_order = sum(block.size for block in SequenceMatcher(None, expected, words, autojunk=False).get_matching_blocks())
    read = sum((Counter(expected) & Counter(words)).values())
    return 100 * (1 - in_order / read) if read else 0.0


async def _read_all(cases: Sequence[Case], folder: Path) -> tuple[list[Read], float]:
    worker = TranscriptionWorker(speech_model="none", models_dir=folder)
    read, memory = [], 0.0
    for case in cases:
        began = time.perf_counter()
        text = await _text(worker, case)
        seconds = (time.perf_counter() - began) / case.pages
        errors = 100 * character_error_rate(text, case.truth)
        found = sum(field in " ".join(text.split()) for field in case.fields)
        read.append(
            Read(
                case=case,
                errors=errors,
                seconds=seconds,
                fields_found=found,
                out_of_order=_out_of_order(text, case.truth),
            )
        )
        memory = max(memory, _peak_mb(worker.child_pid))
    await worker.close()
    return read, memory


async def _text(worker: TranscriptionWorker, case: Case) -> str:
    transcript = await worker.transcribe(case.file.read_bytes(), "application/octet-stream", case.file.name)
    return transcript.text


async def _rate(cases: Sequence[Case], folder: Path) -> list[Figure]:
    """Pages a second with one worker on each of two processors, and tesseract over the same pages."""
    workers = [TranscriptionWorker(speech_model="none", models_dir=folder) for _ in range(PROCESSES)]
    await asyncio.gather(*(_text(worker, cases[0]) for worker in workers))
    began = time.perf_counter()
    waiting = iter(cases)
    await asyncio.gather(*(_each_next(worker, waiting) for worker in workers))
    rate = sum(case.pages for case in cases) / (time.perf_counter() - began)
    await asyncio.gather(*(worker.close() for worker in workers))
    what = f"OCR letters at 300 dpi, {PROCESSES} processes"
    if not tesseract.is_here():
        return [Figure(what=what, value=rate, unit="pages/s", anchor="tesseract is not on this machine")]
    anchor = await asyncio.to_thread(tesseract.rate, cases, folder, PROCESSES)
    return [beside(what, rate, "pages/s", anchor=f"tesseract {anchor:.2f} pages/s", ratio=rate / anchor, least=1.0)]


async def _each_next(worker: TranscriptionWorker, cases: Iterator[Case]) -> None:
    """Read the next letter nobody has taken, as tesseract's two do."""
    for case in cases:
        await _text(worker, case)


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
        figures = [*_figures(read, memory, Path(folder)), *asyncio.run(_rate(_at_300_dpi(cases), Path(folder)))]
    show(figures)


if __name__ == "__main__":
    main()
