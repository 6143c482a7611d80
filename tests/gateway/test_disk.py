"""A disk that is nearly full takes nothing in and says so; one that loses its power has all that was acknowledged."""

import asyncio
import shutil
import sqlite3
import subprocess
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

import aiosmtplib
import httpx
import pytest
from sqlmodel import select

from channels.contract import NoRoom, NotKept, RawMessage
from gateway.app import build_app
from gateway.core import Core, open_core
from gateway.settings import Settings
from gateway.wiring import wire_channels, wire_email
from storage import disk
from storage.message import Message
from storage.sealing import Seal
from storage.spool import Spool
from storage.spool_segments import Record
from tests.builders import a_message
from tests.missing_parts import needs

pytestmark = needs("mounting")


@contextmanager
def mounted(folder: Path, *how: str) -> Iterator[Path]:
    folder.mkdir()
    subprocess.run(["mount", *how, str(folder)], check=True)
    try:
        yield folder
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)


@pytest.fixture
def small(tmp_path: Path) -> Iterator[Path]:
    """A disk of 40 MB: it counts as full from 2 MB on."""
    with mounted(tmp_path / "small", "-t", "tmpfs", "-o", "size=40m", "tmpfs") as folder:
        yield folder


@pytest.fixture
def core(small: Path) -> Iterator[Core]:
    opened = open_core(Settings(data_dir=small / "data", http="", smtp="127.0.0.1:0"))
    yield opened
    opened.close()


def fill(folder: Path, leave: int) -> Path:
    """Until this many bytes are left."""
    ballast = folder / "ballast"
    with ballast.open("ab") as file:
        while (more := disk.free_bytes(folder) - leave) > 0:
            file.write(bytes(min(more, 1 << 20)))
            file.flush()
    return ballast


def kept(core: Core) -> int:
    with core.database.reading() as session:
        return len(session.exec(select(Message.id)).all())


async def test_nothing_is_written_once_the_disk_is_nearly_full(core: Core, small: Path) -> None:
    await core.intake.accept(a_message())
    ballast = fill(small, 1_500_000)
    before = disk.free_bytes(small)
    with pytest.raises(NoRoom):
        await core.intake.accept(a_message())
    core.intake.holding.begin()
    with pytest.raises(NoRoom):
        await core.intake.accept(a_message(b"x" * 200_000))
    assert (kept(core), disk.free_bytes(small)) == (1, before)
    ballast.unlink()
    await core.intake.accept(a_message())


async def test_a_message_too_large_for_what_is_left_waits_and_a_small_one_is_taken(core: Core, small: Path) -> None:
    fill(small, 4_000_000)
    with pytest.raises(NoRoom):
        await core.intake.accept(a_message(b"x" * 3_000_000))
    await core.intake.accept(a_message())


async def test_every_door_says_later_in_its_own_words(core: Core, small: Path) -> None:
    channels = wire_channels(core)
    transport = httpx.ASGITransport(build_app(core, channels))
    fill(small, 1_000_000)
    async with httpx.AsyncClient(transport=transport, base_url="http://frontdoor.example") as web:
        form = await web.post("/report", data={"what": "The baby cries"})
        ready = await web.get("/health/ready")
    assert (form.status_code, ready.status_code) == (503, 503)
    assert ready.json()["parts"]["disk"] == "nearly full (0 MiB left): nothing more is taken in"
    door = wire_email(core).door(core.intake.accept)
    assert door is not None
    await door.open()
    try:
        async with aiosmtplib.SMTP(hostname="127.0.0.1", port=door.port, timeout=10) as client:
            await client.mail("a@example.org")
            await client.rcpt("referrals@northshire.example")
            with pytest.raises(aiosmtplib.SMTPDataError) as told:
                await client.data(b"From: a@example.org\r\n\r\nThe baby cries\r\n")
    finally:
        await door.close()
    assert (told.value.code, told.value.message[:5]) == (451, "4.3.1")


async def test_a_disk_that_fills_up_while_the_spool_is_written_keeps_no_half_of_it(small: Path, seal: Seal) -> None:
    spool = Spool(small / "spool", seal)
    spool.append([Record(head=b"first", body=b"words")])
    with pytest.raises(OSError, match="No space left"):
        spool.append([Record(head=b"second", body=bytes(60_000_000))])
    spool.append([Record(head=b"third", body=b"words")])
    spool.close()
    again = Spool(small / "spool", seal)
    again.adopt(lambda _: None)
    assert [record.head for record in again.oldest(10, 10**9)] == [b"first", b"third"]
    assert (again.torn, list(again.lost())) == (0, [])
    again.close()


async def test_a_disk_that_fills_up_between_asking_and_writing_means_not_kept(
    core: Core, small: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As if the last bytes went after the room was looked at: neither the database nor the spool can write."""
    core.intake.draining.wait_for_database(lambda: None)
    fill(small, 0)
    monkeypatch.setattr(disk, "has_room", lambda folder, more=0: True)
    with pytest.raises(NotKept):
        await core.intake.accept(a_message(b"x" * 100_000))
    assert core.intake.holding.spool.count == 0


async def everything_kept(data: Path, held: int = 0) -> list[str]:
    """The references in the ledger once all that is held in the spool, ``held`` messages at least, has come into it."""
    core = open_core(Settings(data_dir=data, http="", smtp=""))
    await core.intake.draining.begin()
    assert core.intake.holding.spool.count >= held
    async with asyncio.timeout(30):
        while core.intake.holding.is_in_force:
            await asyncio.sleep(0.05)
    with core.database.reading() as session:
        found = session.exec(select(Message).order_by(Message.ledger_no)).all()  # type: ignore[arg-type]
    core.close()
    return [row.reference for row in found]


async def test_after_a_power_cut_everything_acknowledged_is_in_the_ledger_or_the_spool(tmp_path: Path) -> None:
    """The image is copied while all is running: the copy holds what was synced, as a disk without power does."""
    image, told = tmp_path / "disk.img", list[str]()
    subprocess.run(["truncate", "-s", "200M", str(image)], check=True)
    subprocess.run(["mkfs.ext4", "-q", "-F", str(image)], check=True)
    with mounted(tmp_path / "before", "-o", "loop,commit=300", str(image)) as disk_before:
        core = open_core(Settings(data_dir=disk_before / "data", http="", smtp=""))
        told += [(await core.intake.accept(a_message(b"%d" % n))).reference for n in range(20)]
        holder = sqlite3.connect(disk_before / "data" / "frontdoor.db", isolation_level=None)
        holder.execute("BEGIN EXCLUSIVE")
        for n in range(20):
            told.append((await core.intake.accept(a_message(bytes(n * 10_000)))).reference)
        writing = [asyncio.create_task(core.intake.accept(a_message(b"never answered"))) for _ in range(5)]
        await asyncio.to_thread(shutil.copyfile, image, tmp_path / "after.img")
        await asyncio.gather(*writing)
        await core.intake.draining.close()
        holder.close()
        core.close()
    with mounted(tmp_path / "after", "-o", "loop", str(tmp_path / "after.img")) as disk_after:
        assert (await everything_kept(disk_after / "data", held=20))[: len(told)] == told


@asynccontextmanager
async def left_by_a_killed_process(
    folder: Path, name: str, *, held: bool
) -> AsyncIterator[tuple[RawMessage, str, Path]]:
    """A message, its reference, and a data folder in which what has this name was written and never synced."""
    killed, image, message = folder / "killed", folder / "disk.img", a_message(b"The baby cries")
    subprocess.run(["truncate", "-s", "200M", str(image)], check=True)
    subprocess.run(["mkfs.ext4", "-q", "-F", str(image)], check=True)
    core = open_core(Settings(data_dir=killed, http="", smtp=""))
    with mounted(folder / "before", "-o", "loop,commit=300", str(image)) as disk_before:
        data = disk_before / "data"
        shutil.copytree(killed, data, ignore=shutil.ignore_patterns("*-shm"))
        subprocess.run(["sync", "-f", str(data)], check=True)
        if held:
            core.intake.holding.begin()
        told = (await core.intake.accept(message)).reference
        (shutil.copytree if held else shutil.copyfile)(killed / name, data / name)
        await core.intake.draining.close()
        core.close()
        yield message, told, data


async def test_a_record_a_killed_process_had_not_synced_is_durable_before_a_repeat_is_told_so(tmp_path: Path) -> None:
    """Read back from memory it looks as if it were kept; the power goes right after the repeat's answer."""
    async with left_by_a_killed_process(tmp_path, "spool", held=True) as (message, told, data):
        core = open_core(Settings(data_dir=data, http="", smtp=""))
        holder = sqlite3.connect(data / "frontdoor.db", isolation_level=None)
        holder.execute("BEGIN EXCLUSIVE")
        await core.intake.draining.begin()
        again = await core.intake.accept(message)
        assert (again.reference, again.repeated) == (told, True)
        await asyncio.to_thread(shutil.copyfile, tmp_path / "disk.img", tmp_path / "after.img")
        await core.intake.draining.close()
        holder.close()
        core.close()
    with mounted(tmp_path / "after", "-o", "loop", str(tmp_path / "after.img")) as disk_after:
        assert await everything_kept(disk_after / "data") == [told]


async def test_a_commit_a_killed_process_had_not_synced_is_durable_before_a_repeat_is_told_so(tmp_path: Path) -> None:
    async with left_by_a_killed_process(tmp_path, "frontdoor.db-wal", held=False) as (message, told, data):
        core = open_core(Settings(data_dir=data, http="", smtp=""))
        again = await core.intake.accept(message)
        assert (again.reference, again.repeated) == (told, True)
        await asyncio.to_thread(shutil.copyfile, tmp_path / "disk.img", tmp_path / "after.img")
        core.close()
    with mounted(tmp_path / "after", "-o", "loop", str(tmp_path / "after.img")) as disk_after:
        assert await everything_kept(disk_after / "data") == [told]
