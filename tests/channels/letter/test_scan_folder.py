"""Large files, folders that say something, and what systems leave lying, in a real folder."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from channels.contract import InFile, NotKept, RawMessage
from channels.letter import LargeScans, Letter
from channels.letter.in_pieces import HELD_BYTES
from channels.letter.said_by_folder import said_by
from tests.channels.keeping import Keeping
from tests.channels.letter.test_letter_in import PDF, until, watching

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)


class OneLaying:
    """A body that lies in memory; tells who listens of every block."""

    def __init__(self, heard: Callable[[bytes], object], *, fails: bool = False) -> None:
        self.blocks: list[bytes] = []
        self.is_abandoned, self._heard, self._fails = False, heard, fails

    async def write(self, block: bytes) -> None:
        self._heard(block)
        self.blocks.append(block)

    async def finish(self) -> InFile | bytes:
        if self._fails:
            raise NotKept
        body = b"".join(self.blocks)
        return InFile(sha256=hashlib.sha256(body).hexdigest(), size=len(body))

    def abandon(self) -> None:
        self.is_abandoned = True


class AShelf:
    """A ``Shelf`` that remembers what was laid on it; the first ``failures`` of it cannot be kept."""

    def __init__(self, failures: int = 0) -> None:
        self.laid: list[OneLaying] = []
        self._failures = failures

    async def begin(self, heard: Callable[[bytes], object]) -> OneLaying:
        self.laid.append(OneLaying(heard, fails=len(self.laid) < self._failures))
        return self.laid[-1]


def a_letter(folder: Path, large: LargeScans | None = None) -> Letter:
    return Letter(
        scan_dir=folder, print_dir=Path("unused"), render=lambda notice: b"", settle_seconds=0.04, poll_seconds=0.02,
        large=large,
    )  # fmt: skip


async def test_a_large_file_goes_onto_the_shelf_in_pieces_under_the_key_it_would_have_whole(tmp_path: Path) -> None:
    content = b"%PDF-1.4\n" + bytes(3 * HELD_BYTES) + b"%%EOF"
    shelf, kept = AShelf(), []
    for large in (LargeScans(shelf=shelf), LargeScans()):
        keeping, scan = Keeping(), tmp_path / "large.pdf"
        scan.write_bytes(content)
        os.utime(scan, ns=(1_760_000_000_000_000_000, 1_760_000_000_000_000_000))
        async with watching(a_letter(tmp_path, large), keeping):
            await until(lambda scan=scan: not scan.exists())  # type: ignore[misc]
        kept += keeping.kept
    laid, whole = kept
    assert laid.in_file == InFile(sha256=hashlib.sha256(content).hexdigest(), size=len(content))
    assert (laid.body, whole.body, laid.media_type) == (b"", content, "application/pdf")
    assert laid.source_key == whole.source_key
    assert max(map(len, shelf.laid[0].blocks)) <= 2 * HELD_BYTES


async def test_a_large_file_that_cannot_be_kept_now_stays_and_nothing_of_the_attempt_does(tmp_path: Path) -> None:
    keeping, shelf, scan = Keeping(), AShelf(failures=1), tmp_path / "large.pdf"
    scan.write_bytes(b"%PDF-1.4\n" + bytes(HELD_BYTES) + b"%%EOF")
    async with watching(a_letter(tmp_path, LargeScans(shelf=shelf)), keeping):
        await until(lambda: not scan.exists())
    assert [laying.is_abandoned for laying in shelf.laid] == [True, False]
    assert len(keeping.kept) == 1


async def test_a_file_that_is_too_large_stays_and_is_told_of_once(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    told: list[tuple[str, int]] = []

    def note(name: str, size: int, written_ns: int) -> RawMessage:
        told.append((name, size))
        return RawMessage(channel="note", source_key="k", body=b"{}", media_type="application/json")

    keeping = Keeping()
    (tmp_path / "huge.pdf").write_bytes(PDF + bytes(100))
    async with watching(a_letter(tmp_path, LargeScans(most_bytes=99, told=note)), keeping):
        await until(lambda: bool(keeping.kept))
        (tmp_path / "small.pdf").write_bytes(PDF)
        await until(lambda: not (tmp_path / "small.pdf").exists())
    assert told == [("huge.pdf", len(PDF) + 100)]
    assert [raw.channel for raw in keeping.kept] == ["note", "letter"]
    assert (tmp_path / "huge.pdf").read_bytes() == PDF + bytes(100)
    assert "too large" in caplog.text and "huge" not in caplog.text


@pytest.mark.parametrize(
    ("folders", "said"),
    [
        (["2026-11-20"], {"arrived": "2026-11-20", "arrived_basis": "scan_folder"}),
        (["post room", "20-11-2026"], {"arrived": "2026-11-20", "arrived_basis": "scan_folder"}),
        (["20261120"], {"arrived": "2026-11-20", "arrived_basis": "scan_folder"}),
        (["2026-11-19", "1.11.2026"], {"arrived": "2026-11-01", "arrived_basis": "scan_folder"}),
        (["Returned_Post"], {"came_back": "yes"}),
        (["2026-11-24"], {}), (["2026-13-40"], {}), (["monday"], {}), ([], {}),
    ],
)  # fmt: skip
def test_a_folder_says_when_its_post_arrived_or_that_it_came_back(folders: list[str], said: dict[str, str]) -> None:
    assert said_by(folders, now=NOW) == said


def test_a_day_has_come_when_it_has_in_london() -> None:
    an_hour_to_midnight_by_utc = datetime(2026, 7, 1, 23, 0, tzinfo=UTC)
    assert "arrived" in said_by(["2026-07-02"], now=an_hour_to_midnight_by_utc)
    assert "arrived" not in said_by(["2026-07-03"], now=an_hour_to_midnight_by_utc)


async def test_what_a_folder_says_goes_with_each_file_in_it(tmp_path: Path) -> None:
    keeping = Keeping()
    for folder in ("2026-01-05", "returned"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "scan.pdf").write_bytes(PDF)
    async with watching(a_letter(tmp_path), keeping):
        await until(lambda: len(keeping.kept) == 2)
    said = {raw.envelope["folder"]: raw.envelope for raw in keeping.kept}
    assert said["2026-01-05/scan.pdf"]["arrived"] == "2026-01-05"
    assert said["returned/scan.pdf"]["came_back"] == "yes"


async def test_a_name_in_the_letters_of_windows_is_read_as_it_was_meant(tmp_path: Path) -> None:
    keeping = Keeping()
    with open(os.fsencode(tmp_path) + b"/caf\xe9 \x80.pdf", "wb") as scan:
        scan.write(PDF)
    async with watching(a_letter(tmp_path), keeping):
        await until(lambda: len(keeping.kept) == 1)
    assert keeping.kept[0].envelope["name"] == "café €.pdf"


async def test_the_bin_of_a_file_server_is_no_post(tmp_path: Path) -> None:
    keeping = Keeping()
    (tmp_path / "#recycle").mkdir()
    (tmp_path / "#recycle" / "old.pdf").write_bytes(PDF)
    (tmp_path / "ehthumbs.db").write_bytes(PDF)
    (tmp_path / "new.pdf").write_bytes(PDF)
    async with watching(a_letter(tmp_path), keeping):
        await until(lambda: not (tmp_path / "new.pdf").exists())
    assert [raw.envelope["name"] for raw in keeping.kept] == ["new.pdf"]
