"""Plain tesseract beside our own reading: the same pages as pictures, two processes of one thread each."""

from __future__ import annotations

import shutil
import subprocess
import time
from collections import defaultdict
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pypdfium2 as pdfium

from benchmarks.ocr_cases import Case
from transcription.accuracy import character_error_rate
from transcription.scans.pictures import pages

DOTS_PER_INCH = 300
POINTS_PER_INCH = 72


def is_here() -> bool:
    """Whether this machine has tesseract."""
    return shutil.which("tesseract") is not None


def pictures_of(case: Case, folder: Path) -> list[Path]:
    """The pages of a letter as tesseract can open them: of a PDF drawn at 300 dots per inch."""
    if case.file.suffix == ".pdf":
        document = pdfium.PdfDocument(case.file)
        found = [page.render(scale=DOTS_PER_INCH / POINTS_PER_INCH).to_pil() for page in document]
        paths = [folder / f"{case.file.stem}-{number}.png" for number in range(len(found))]
        for picture, path in zip(found, paths, strict=True):
            picture.convert("L").save(path, dpi=(DOTS_PER_INCH, DOTS_PER_INCH))
        return paths
    if case.file.suffix == ".heic":
        path = folder / f"{case.file.stem}.png"
        from PIL import Image

        (sheet,) = pages(case.file.read_bytes())
        Image.fromarray(sheet.picture[:, :, ::-1]).save(path)
        return [path]
    return [case.file]


def errors_of(cases: Sequence[Case], folder: Path, processes: int) -> dict[str, float]:
    """Per cent of characters read wrong, mean by family."""

    def one(case: Case, pictures: Sequence[Path]) -> float:
        return 100 * character_error_rate("\n\n".join(map(_read, pictures)), case.truth)

    drawn = [pictures_of(case, folder) for case in cases]  # by one thread: PDFium is not made for two
    by_family: dict[str, list[float]] = defaultdict(list)
    with ThreadPoolExecutor(processes) as pool:
        for case, errors in zip(cases, pool.map(one, cases, drawn), strict=True):
            by_family[case.family].append(errors)
    return {family: sum(errors) / len(errors) for family, errors in by_family.items()}


def rate(cases: Sequence[Case], folder: Path, processes: int) -> float:
    """Pages a second, the pictures drawn beforehand."""
    drawn = [picture for case in cases for picture in pictures_of(case, folder)]
    began = time.perf_counter()
    with ThreadPoolExecutor(processes) as pool:
        list(pool.map(_read, drawn))
    return sum(case.pages for case in cases) / (time.perf_counter() - began)


def _read(picture: Path) -> str:
    return subprocess.run(
        ["tesseract", str(picture), "stdout"], capture_output=True, check=True, text=True,
        env={"OMP_THREAD_LIMIT": "1", "PATH": "/usr/local/bin:/usr/bin:/bin"},
    ).stdout  # fmt: skip
