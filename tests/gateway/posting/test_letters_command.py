"""A post room without a browser: the letters are listed, printed into a folder and marked by the command."""

from __future__ import annotations

import csv
import os
from collections.abc import Iterator
from pathlib import Path

import pypdfium2
import pytest

from gateway.core import Core, open_core
from gateway.settings import Settings
from tests.at_the_prompt import Ended, typed
from tests.fakes import MovableClock
from tests.gateway.posting.post import HOME, a_letter_out, of


@pytest.fixture
def at_work(tmp_path: Path) -> Iterator[Core]:
    """A gateway as the command opens it."""
    core = open_core(Settings(data_dir=tmp_path / "data", _env_file=None), clock=MovableClock())
    yield core
    core.close()


def letters(folder: Path, *words: str) -> Ended:
    clean = {name: value for name, value in os.environ.items() if not name.startswith("FRONTDOOR_")}
    ours = {"FRONTDOOR_DATA_DIR": str(folder / "data")}
    return typed(("letters", *words), folder=folder, environment=clean | ours, stdin="")


async def test_letters_are_listed_printed_and_marked(at_work: Core, tmp_path: Path) -> None:
    letter = await a_letter_out(at_work, HOME)
    heading, line = letters(tmp_path).stdout.splitlines()
    assert heading.startswith("number\treference") and "in the window\t5pm on Monday 23 November" in line
    made = letters(tmp_path, "--run", str(tmp_path / "out"))
    assert (made.returncode, made.stdout.startswith("Run 1: 1 letters.")) == (0, True)
    assert len(pypdfium2.PdfDocument(tmp_path / "out" / "letters-1.pdf")) == 2
    with (tmp_path / "out" / "letters-1.csv").open(encoding="utf-8", newline="") as listed:
        assert [row[3] for row in csv.reader(listed)] == ["pages", "1"]
    assert "Nothing waits" in letters(tmp_path, "--run", str(tmp_path / "out")).stdout
    assert letters(tmp_path, "--posted", "1", "--on", "2026-11-20").returncode == 2
    assert "Marked 1 letters of run 1 posted." in letters(tmp_path, "--posted", "1").stdout
    assert of(at_work, letter).posted_at is not None
    assert letters(tmp_path).stdout.splitlines() == [heading]


def test_what_makes_no_sense_is_said(at_work: Core, tmp_path: Path) -> None:
    assert letters(tmp_path, "--posted", "7").returncode == 2
    assert letters(tmp_path, "--posted", "7", "--on", "Monday").returncode == 2
