"""A large mail on a disk that fills up or loses its power, in the spool, and in a process that is killed."""

import asyncio
import contextlib
import hashlib
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path

import aiosmtplib
import pytest
from sqlmodel import select

from gateway import held_here
from gateway.app import running
from gateway.core import Core, open_core
from gateway.held_record import as_record, as_waiting
from gateway.settings import Settings
from gateway.shelving import FOLDER, UNFINISHED
from gateway.verifying import faults
from gateway.waiting import Waiting
from gateway.wiring import wire_email
from storage.message import Content, Message
from tests.builders import a_message
from tests.fakes import MONDAY_MORNING
from tests.gateway.test_disk import core as small_core
from tests.gateway.test_disk import everything_kept, fill, mounted, small
from tests.gateway.test_intake_outage import away, drained
from tests.house import free_port
from tests.missing_parts import needs
from tests.outages import Outage, outage, own_cluster
from tests.test_promises import a_process

__all__ = ["away", "outage", "own_cluster", "small", "small_core"]

WORDS = b"I am worried about the boy in the house with the blue door, he is often alone.\r\n"
ENVELOPE = b"EHLO x\r\nMAIL FROM:<a@example.org>\r\nRCPT TO:<referrals@northshire.example>\r\nDATA\r\n"


def a_mail(size: int, name: str = "1") -> bytes:
    head = f"From: a@example.org\r\nMessage-ID: <{name}@example.org>\r\nSubject: Films\r\n\r\n".encode()
    return head + WORDS * (size // len(WORDS))


async def sent(core: Core, *mails: bytes) -> list[aiosmtplib.SMTPResponse]:
    """What the gateway's own door says of each."""
    listening = replace(core, settings=core.settings.model_copy(update={"smtp": "127.0.0.1:0"}))
    door = wire_email(listening).door(core.intake.accept)
    assert door is not None
    await door.open()
    try:
        async with aiosmtplib.SMTP(hostname="127.0.0.1", port=door.port, timeout=30) as client:
            answers = []
            for mail in mails:
                await client.mail("a@example.org")
                await client.rcpt("referrals@northshire.example")
                answers.append(await client.data(mail))
            return answers
    finally:
        await door.close()


def unfinished(folder: Path) -> list[Path]:
    return list(folder.rglob(f"{FOLDER}/*/*"))


def parts(folder: Path) -> list[Path]:
    return [path for path in unfinished(folder) if path.suffix == UNFINISHED]


async def test_its_row_names_a_file_and_holds_no_bytes(core: Core) -> None:
    mail = a_mail(2_000_000)
    await sent(core, mail, mail)
    with core.database.reading() as session:
        row, content = session.exec(select(Message)).one(), session.exec(select(Content)).one()
        assert (row.size, row.sha256) == (len(mail), hashlib.sha256(mail).hexdigest())
        assert content.body is None
        assert core.contents.of_message(session, row) == mail
    assert [fault for fault in faults(core) if fault] == []


@needs("mounting")
async def test_a_disk_without_room_says_later_and_has_no_half_of_it(small_core: Core, small: Path) -> None:
    fill(small, 4_000_000)
    with pytest.raises(aiosmtplib.SMTPDataError) as told:
        await sent(small_core, a_mail(6_000_000))
    assert (told.value.code, told.value.message[:5]) == (451, "4.3.1")
    await small_core.shelving.done(lambda: None)
    assert parts(small) == []
    assert (await sent(small_core, a_mail(1000)))[0].code == 250


@needs("mounting")
async def test_after_a_power_cut_what_was_acknowledged_is_whole(tmp_path: Path) -> None:
    image, mail = tmp_path / "disk.img", a_mail(3_000_000)
    subprocess.run(["truncate", "-s", "200M", str(image)], check=True)
    subprocess.run(["mkfs.ext4", "-q", "-F", str(image)], check=True)
    with mounted(tmp_path / "before", "-o", "loop,commit=300", str(image)) as disk_before:
        core = open_core(Settings(data_dir=disk_before / "data", http="", smtp="127.0.0.1:0"))
        [told] = await sent(core, mail)
        await asyncio.to_thread(shutil.copyfile, image, tmp_path / "after.img")
        core.close()
    with mounted(tmp_path / "after", "-o", "loop", str(tmp_path / "after.img")) as disk_after:
        assert told.message.endswith((await everything_kept(disk_after / "data"))[0])
        core = open_core(Settings(data_dir=disk_after / "data", http="", smtp=""))
        assert [fault for fault in faults(core) if fault] == []
        core.close()


async def test_while_the_database_is_away_the_spool_names_its_file(away: Core, outage: Outage) -> None:
    mail = a_mail(2_000_000)
    outage.begin()
    [told] = await sent(away, mail)
    assert away.intake.holding.spool.size < 10_000
    assert [fault for fault in faults_of_the_spool(away) if fault] == []
    outage.end()
    await drained(away)
    with away.database.reading() as session:
        row = session.exec(select(Message)).one()
        assert told.message.endswith(row.reference)
        assert away.contents.of_message(session, row) == mail
    assert [fault for fault in faults(away) if fault] == []


def faults_of_the_spool(core: Core) -> list[str]:
    return list(held_here.faults(core))


async def test_a_file_that_the_spool_names_and_nobody_has_is_told(core: Core) -> None:
    core.intake.holding.begin()
    await sent(core, a_mail(2_000_000))
    (name,) = core.blobs.names()
    (core.settings.data_dir / "sealed" / name[:2] / name).unlink()
    assert [fault for fault in faults_of_the_spool(core) if fault] != []
    core.intake.holding.close()


def test_a_record_of_an_older_version_has_its_body() -> None:
    item = Waiting.of(a_message(b"words"), MONDAY_MORNING)
    item.bound(lambda: "KMR-4729-HX")
    again = as_waiting(as_record(item))
    assert (again.raw.body, again.raw.in_file, again.in_file) == (b"words", None, False)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_a_process_killed_in_the_middle_of_it_has_received_nothing_and_the_next_one_sweeps(
    tmp_path: Path, database_url: str
) -> None:
    smtp, http, mail = free_port(), free_port(), a_mail(30_000_000)
    async with a_process(tmp_path, database_url, smtp, http, "--doors"):
        reader, writer = await until_it_listens(smtp)
        writer.write(ENVELOPE + mail[:20_000_000])
        heard = await reader.readuntil(b"354 ")
        while sum(path.stat().st_size for path in parts(tmp_path)) < 10_000_000:
            await asyncio.sleep(0.01)
    with contextlib.suppress(ConnectionError):
        while more := await reader.read(1000):
            heard += more
    writer.transport.abort()
    assert b"2.0.0" not in heard
    assert len(parts(tmp_path)) == 1
    core = open_core(Settings(data_dir=tmp_path / "data", database_url=database_url))
    async with running(core, doors=False, desks=()):
        assert unfinished(tmp_path) == []
        with core.database.reading() as session:
            assert session.exec(select(Message)).all() == []
    assert list(core.blobs.names()) == []
    core.close()


async def until_it_listens(port: int) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    async with asyncio.timeout(60):
        while True:
            with contextlib.suppress(ConnectionError):
                return await asyncio.open_connection("127.0.0.1", port)
            await asyncio.sleep(0.02)
