"""The letters whose words are known: the full set where it lies beside the sources, else the samples of the tests."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]
CASES = (ROOT.parent / "shared" / "cases" / "letters", ROOT / "tests" / "samples" / "letters")

SAMPLE_FAMILIES = {"jpg": "jpeg", "l150": "low150", "fax": "fax", "dig": "borndigital"}


@dataclass(frozen=True, kw_only=True)
class Case:
    """A letter whose words are known."""

    family: str
    file: Path
    truth: str
    pages: int
    fields: tuple[str, ...]


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
