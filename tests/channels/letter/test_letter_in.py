"""Scanned post, through a real folder."""

from __future__ import annotations

import asyncio
import os
import tempfile
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from channels.contract import AddressClass, Inbound, RawMessage, Receipt, Unreadable
from channels.letter import Letter
from tests.channels.keeping import Keeping

PDF = b"%PDF-1.4\n1 0 obj <<>> endobj\ntrailer <<>>\n%%EOF\n"


def a_letter(folder: Path | None, settle: float = 0.06) -> Letter:
    return Letter(
        scan_dir=folder,
        print_dir=Path("unused"),
        render=lambda notice: notice.text.encode(),
        postal_address="1 County Square, Northtown, NT1 1AA",
        settle_seconds=settle,
        poll_seconds=0.02,
    )


@asynccontextmanager
async def watching(letter: Letter, accept: Keeping) -> AsyncIterator[None]:
    door = letter.door(accept)
    assert door is not None
    await door.open()
    try:
        yield
    finally:
        await door.close()


async def until(true: Callable[[], bool], seconds: float = 5.0) -> None:
    for _ in range(int(seconds / 0.01)):
        if true():
            return
        await asyncio.sleep(0.01)
    pytest.fail("it did not happen in time")


async def test_a_scan_is_kept_with_its_exact_bytes_and_then_leaves_the_folder(tmp_path: Path) -> None:
    keeping = Keeping()
    scan = tmp_path / "scan.pdf"
    scan.write_bytes(PDF)
    written = scan.stat().st_mtime
    async with watching(a_letter(tmp_path), keeping):
        await until(lambda: not scan.exists())
    (raw,) = keeping.kept
    assert (raw.channel, raw.body, raw.media_type) == ("letter", PDF, "application/pdf")
    assert raw.envelope["name"] == "scan.pdf"
    assert raw.received_at is not None and abs(raw.received_at.timestamp() - written) < 0.001


async def test_a_file_in_a_sub_folder_and_files_that_were_there_before_are_handed_in(tmp_path: Path) -> None:
    keeping = Keeping()
    (tmp_path / "monday" / "first").mkdir(parents=True)
    (tmp_path / "monday" / "first" / "1.pdf").write_bytes(PDF)
    (tmp_path / "2.pdf").write_bytes(PDF + b"2")
    async with watching(a_letter(tmp_path), keeping):
        await until(lambda: len(keeping.kept) == 2)
    assert {raw.envelope["folder"] for raw in keeping.kept} == {"monday/first/1.pdf", "2.pdf"}


async def test_a_half_written_file_is_waited_for(tmp_path: Path) -> None:
    keeping = Keeping()
    async with watching(a_letter(tmp_path, settle=0.15), keeping):
        with (tmp_path / "slow.png").open("wb") as scanner:
            for _ in range(8):
                scanner.write(b"\x89PNG\r\n\x1a\n")
                scanner.flush()
                await asyncio.sleep(0.05)
                assert not keeping.kept
        await until(lambda: len(keeping.kept) == 1)
    assert keeping.kept[0].body == b"\x89PNG\r\n\x1a\n" * 8


async def test_a_pdf_without_its_end_is_shown_soon_and_leaves_only_when_its_scanner_must_be_done(
    tmp_path: Path,
) -> None:
    keeping, half = Keeping(), tmp_path / "half.pdf"
    async with watching(a_letter(tmp_path, settle=0.05), keeping):
        half.write_bytes(PDF[:20])
        (tmp_path / "whole.pdf").write_bytes(PDF)
        await until(lambda: len(keeping.kept) == 2)
        assert [raw.envelope["name"] for raw in keeping.kept] == ["whole.pdf", "half.pdf"]
        assert half.exists()
        half.write_bytes(PDF)
        await until(lambda: len(keeping.kept) == 3)
        await until(lambda: not half.exists())
    assert keeping.kept[2].body == PDF


@pytest.mark.parametrize("name", [".hidden.pdf", "scan.pdf.part", "scan.tmp", "~scan.pdf", "scan.pdf~", "Thumbs.db"])
async def test_names_of_unfinished_or_hidden_files_are_left_alone(tmp_path: Path, name: str) -> None:
    keeping = Keeping()
    (tmp_path / name).write_bytes(PDF)
    (tmp_path / "whole.pdf").write_bytes(PDF)
    async with watching(a_letter(tmp_path), keeping):
        await until(lambda: len(keeping.kept) == 1)
        await asyncio.sleep(0.1)
    assert keeping.kept[0].envelope["name"] == "whole.pdf"
    assert (tmp_path / name).exists()


async def test_a_link_out_of_the_folder_is_not_followed(tmp_path: Path) -> None:
    keeping = Keeping()
    secret = tmp_path / "elsewhere.pdf"
    secret.write_bytes(PDF)
    scans = tmp_path / "scans"
    scans.mkdir()
    (scans / "link.pdf").symlink_to(secret)
    (scans / "whole.pdf").write_bytes(PDF)
    async with watching(a_letter(scans), keeping):
        await until(lambda: len(keeping.kept) == 1)
    assert keeping.kept[0].envelope["name"] == "whole.pdf"
    assert secret.exists()


async def test_what_cannot_be_kept_stays_and_is_tried_again(tmp_path: Path) -> None:
    keeping = Keeping()
    keeping.failing = True
    scan = tmp_path / "scan.pdf"
    scan.write_bytes(PDF)
    async with watching(a_letter(tmp_path), keeping):
        await until(lambda: keeping.asked >= 2)
        assert scan.exists() and not keeping.kept
        keeping.failing = False
        await until(lambda: not scan.exists())
    assert [raw.body for raw in keeping.kept] == [PDF]


class Stumbling(Keeping):
    async def __call__(self, raw: RawMessage) -> Receipt:
        if raw.envelope["name"] == "a.pdf":
            self.asked += 1
            raise RuntimeError("a defect of ours")
        return await super().__call__(raw)


async def test_one_file_that_trips_us_does_not_keep_the_others_waiting(tmp_path: Path) -> None:
    keeping = Stumbling()
    (tmp_path / "a.pdf").write_bytes(PDF)
    os.utime(tmp_path / "a.pdf", (1_700_000_000, 1_700_000_000))
    (tmp_path / "b.pdf").write_bytes(PDF)
    async with watching(a_letter(tmp_path), keeping):
        await until(lambda: not (tmp_path / "b.pdf").exists() and keeping.asked >= 3)
    assert (tmp_path / "a.pdf").exists()


async def test_a_file_found_again_after_a_crash_is_a_repeat_and_the_same_page_tomorrow_is_not(tmp_path: Path) -> None:
    keeping = Keeping()
    scan = tmp_path / "scan.pdf"
    scan.write_bytes(PDF)
    written = scan.stat()
    async with watching(a_letter(tmp_path), keeping):
        await until(lambda: not scan.exists())
    scan.write_bytes(PDF)
    os.utime(scan, ns=(written.st_atime_ns, written.st_mtime_ns))  # as a crash between keeping and removing leaves it
    async with watching(a_letter(tmp_path), keeping):
        await until(lambda: not scan.exists())
    assert (keeping.asked, len(keeping.kept)) == (2, 1)
    scan.write_bytes(PDF)
    async with watching(a_letter(tmp_path), keeping):
        await until(lambda: not scan.exists())
    assert (keeping.asked, len(keeping.kept)) == (3, 2)


async def test_an_empty_file_is_kept_and_read_as_empty(tmp_path: Path) -> None:
    keeping = Keeping()
    (tmp_path / "blank.pdf").touch()
    letter = a_letter(tmp_path)
    async with watching(letter, keeping):
        await until(lambda: len(keeping.kept) == 1)
    with pytest.raises(Unreadable, match="empty"):
        letter.parse(keeping.kept[0])


async def test_a_scan_from_days_ago_keeps_its_day_and_one_from_the_future_is_taken_as_now(tmp_path: Path) -> None:
    keeping = Keeping()
    three_days_ago = datetime.now(UTC) - timedelta(days=3)
    for name, at in (("old.pdf", three_days_ago), ("wrong clock.pdf", datetime.now(UTC) + timedelta(days=2))):
        (tmp_path / name).write_bytes(PDF)
        os.utime(tmp_path / name, (at.timestamp(), at.timestamp()))
    async with watching(a_letter(tmp_path), keeping):
        await until(lambda: len(keeping.kept) == 2)
    old, wrong = keeping.kept
    assert old.received_at is not None and wrong.received_at is not None
    assert abs(old.received_at - three_days_ago) < timedelta(seconds=1)
    assert wrong.received_at <= datetime.now(UTC)


@pytest.fixture
def locked_folder() -> Iterator[tuple[Path, Path]]:
    """A folder with a file that this process may remove but not open, also when the tests run as root."""
    with tempfile.TemporaryDirectory() as made:
        folder, nobody = Path(made), 65534
        scan = folder / "locked.pdf"
        scan.write_bytes(PDF)
        scan.chmod(0o000)
        folder.chmod(0o777)
        was = os.geteuid()
        if was == 0:
            os.seteuid(nobody)
        try:
            yield folder, scan
        finally:
            os.seteuid(was)


async def test_a_file_that_may_not_be_opened_is_named_by_no_log_and_tried_again(
    locked_folder: tuple[Path, Path], caplog: pytest.LogCaptureFixture
) -> None:
    folder, scan = locked_folder
    keeping = Keeping()
    async with watching(a_letter(folder), keeping):
        await until(lambda: len(caplog.records) >= 2)
        assert not keeping.kept and scan.exists()
    assert "PermissionError" in caplog.text
    assert "locked" not in caplog.text


async def test_a_large_scan_does_not_hold_up_the_other_doors(tmp_path: Path) -> None:
    keeping = Keeping()
    (tmp_path / "large.pdf").write_bytes(b"%PDF-1.4\n" + bytes(60_000_000) + b"%%EOF")
    longest = 0.0
    async with watching(a_letter(tmp_path), keeping):
        while not keeping.kept:
            before = time.thread_time()  # of the doors' own thread: a busy machine is no fault of theirs
            await asyncio.sleep(0.005)
            longest = max(longest, time.thread_time() - before)
    assert longest < 0.03  # a fingerprint of the scan alone would take more


async def test_a_missing_folder_is_told_at_the_start(tmp_path: Path) -> None:
    door = a_letter(tmp_path / "missing").door(Keeping())
    assert door is not None
    with pytest.raises(OSError, match="No such file"):
        await door.open()


def test_without_a_folder_the_door_is_shut_and_not_announced() -> None:
    letter = a_letter(None)
    assert letter.door(Keeping()) is None
    assert letter.ways_in() == ()


def test_the_address_to_write_to_is_announced(tmp_path: Path) -> None:
    (way,) = a_letter(tmp_path).ways_in()
    assert (way.title, way.detail) == ("Write to us", "1 County Square, Northtown, NT1 1AA")


def a_scan(body: bytes, name: str) -> RawMessage:
    return RawMessage(channel="letter", source_key="k", body=body, media_type="", envelope={"name": name})


@pytest.mark.parametrize(
    ("body", "name", "media_type"),
    [
        (PDF, "scan.pdf", "application/pdf"),
        (PDF, "scan", "application/pdf"),
        (b"%PDF-1.4 broken", "scan.pdf", "application/pdf"),
        (b"\xff\xd8\xff\xe0 picture", "scan.pdf", "image/jpeg"),
        (b"II*\x00 two pages", "scan.tif", "image/tiff"),
        (b"I saw her again on Monday.", "letter.txt", "text/plain"),
    ],
)
def test_a_scan_is_an_enclosure_of_the_kind_its_bytes_show(body: bytes, name: str, media_type: str) -> None:
    inbound = a_letter(None).parse(a_scan(body, name))
    assert isinstance(inbound, Inbound)
    (scan,) = inbound.enclosures
    assert (scan.content, scan.media_type, scan.name) == (body, media_type, name)
    assert inbound.sender.kind is AddressClass.POSTAL


@pytest.mark.parametrize("body", [bytes(range(256)), b"MZ\x90\x00program", b"PK\x03\x04 no letter"])
def test_what_is_no_document_goes_before_a_person(body: bytes) -> None:
    with pytest.raises(Unreadable, match="not a picture or document"):
        a_letter(None).parse(a_scan(body, "scan.pdf"))
