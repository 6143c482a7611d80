"""Each guarantee, broken on purpose: the process killed at any instant, the worker gone, the engine missing."""

import asyncio
import hashlib
import json
import os
import sqlite3
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

import aiosmtplib
import httpx
import psycopg
import pytest
from sqlmodel import select

from gateway import checking
from gateway.core import Core, build_core, open_core
from gateway.reading.parts import original
from gateway.settings import Settings
from gateway.verifying import faults
from gateway.watch import Watch
from gateway.wiring import wire_channels, wire_desks
from storage.attachment import Attachment
from storage.message import Message
from storage.notice import Notice, NoticeKind
from storage.referral import Referral
from storage.sealing import Seal
from tests.at_the_prompt import start
from tests.builders import a_message, a_referral, read_all
from tests.chaos.processes import HostClock
from tests.fakes import MovableClock
from tests.house import TOKEN, a_house, free_port

MAILS = 200
KILLS = 10
LEASES_ARE_OVER = timedelta(minutes=2)
"""What a killed desk had claimed is another's after a minute: so late starts the last process, for nobody to wait."""


def settings_of(folder: Path, database_url: str, smtp: int, http: int) -> dict[str, str]:
    return {
        "FRONTDOOR_DATA_DIR": str(folder / "data"), "FRONTDOOR_DATABASE_URL": database_url,
        "FRONTDOOR_SMTP": f"127.0.0.1:{smtp}", "FRONTDOOR_HTTP": f"127.0.0.1:{http}", "FRONTDOOR_API_TOKEN": TOKEN,
    }  # fmt: skip


@asynccontextmanager
async def a_process(folder: Path, database_url: str, smtp: int, http: int, *options: str) -> AsyncIterator[BaseProcess]:
    """``frontdoor serve`` as an operator starts it, killed at the end with no time to put anything right."""
    environment = {**os.environ, **settings_of(folder, database_url, smtp, http)}
    process = start(["serve", *options], folder=folder, environment=environment)
    try:
        yield process
    finally:
        process.kill()
        await asyncio.to_thread(process.join)


@asynccontextmanager
async def a_later_process(folder: Path, database_url: str, smtp: int, http: int) -> AsyncIterator[None]:
    """The same when the leases of a killed one are over, by its clock at least; from a fresh interpreter."""
    clock = HostClock(folder / "clock")
    clock.set(int(LEASES_ARE_OVER.total_seconds()))
    settings = settings_of(folder, database_url, smtp, http) | clock.environment()
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "gateway", "serve", env={**os.environ, **settings},
        stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.DEVNULL,
    )  # fmt: skip
    try:
        yield
    finally:
        process.kill()
        await process.wait()


def mail(number: int) -> bytes:
    head = f"From: a{number}@example.org\r\nTo: referrals@northshire.example\r\nMessage-ID: <m{number}@example.org>\r\n"
    return (head + f"Subject: Report {number}\r\n\r\nThis is report {number}.\r\n").encode()


async def send_until_taken(port: int, number: int, taken: set[int]) -> None:
    """A mail server: it keeps trying until it is told 250."""
    while number not in taken:
        try:
            async with aiosmtplib.SMTP(hostname="127.0.0.1", port=port, timeout=10) as client:
                await client.mail(f"a{number}@example.org")
                await client.rcpt("referrals@northshire.example")
                await client.data(mail(number))
                taken.add(number)
        except (aiosmtplib.SMTPException, OSError, TimeoutError):
            await asyncio.sleep(0.05)


async def test_mails_sent_while_the_process_is_killed_ten_times_are_all_there_exactly_once(
    tmp_path: Path, database_url: str
) -> None:
    smtp, http, taken = free_port(), free_port(), set[int]()
    (tmp_path / "data").mkdir(exist_ok=True)
    queue = iter(range(MAILS))

    async def mail_server() -> None:
        for number in queue:
            await send_until_taken(smtp, number, taken)
            await asyncio.sleep(0.005)

    servers = [asyncio.create_task(mail_server()) for _ in range(4)]
    for kill in range(KILLS):
        async with a_process(tmp_path, database_url, smtp, http):
            before = len(taken)
            while len(taken) < min(MAILS, before + MAILS // (KILLS + 1)) and len(taken) < MAILS:
                await asyncio.sleep(0.002 * (kill + 1))
    async with a_later_process(tmp_path, database_url, smtp, http):
        await asyncio.gather(*servers)
        opens_again = httpx.AsyncHTTPTransport(retries=8)  # every mail may have been taken before this start
        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{http}", timeout=30, transport=opens_again) as web:
            referrals: list[Any] = []
            for _ in range(300):
                answer = await web.get("/api/v1/referrals?limit=500", headers={"Authorization": f"Bearer {TOKEN}"})
                referrals = answer.json()
                if len(referrals) == MAILS and all(r["notices"] for r in referrals):
                    break
                await asyncio.sleep(0.2)
    kept = sorted(m["sha256"] for r in referrals for m in r["messages"])
    assert kept == sorted(hashlib.sha256(mail(n)).hexdigest() for n in range(MAILS))
    assert all(any(n["kind"] == "receipt" for n in r["notices"]) for r in referrals)
    core = open_core(Settings(data_dir=tmp_path / "data", database_url=database_url))
    assert [fault for fault in faults(core) if fault] == []
    core.close()


async def test_five_identical_posts_of_one_provider_event_make_one_referral(tmp_path: Path, database_url: str) -> None:
    async with a_house(tmp_path, database_url) as house:
        await house.sim.sms("/twilio/sms", "The baby cries")
        hook = next(h for h in house.sim.sent if h.kind == "sms")
        answers = await asyncio.gather(*(house.sim.replay(hook) for _ in range(5)))
        assert {a.status_code for a in answers if a} == {200}
        (referral,) = await house.settled(lambda rs: len(rs) == 1 and bool(rs[0]["notices"]))
        assert len(referral["messages"]) == 1


async def test_a_message_that_crashes_the_reading_three_times_stands_in_the_queue(
    core: Core, clock: MovableClock
) -> None:
    receipt = await core.intake.accept(a_message(channel="email", source_key="poison"))
    channels = wire_channels(core)
    desk = wire_desks(core, channels, ["reading"]).named("reading")
    for _ in range(3):
        await desk._claim(1)
        clock.move(seconds=61)
    await desk.drain()
    with core.database.reading() as session:
        row = session.exec(select(Referral)).one()
        part = session.exec(select(Attachment)).one()
        task = session.exec(select(Notice).where(Notice.kind == NoticeKind.STAFF_TASK)).one()
        message = session.exec(select(Message)).one()
        assert core.contents.of_part(session, part) == core.contents.of_message(session, message)
    assert (row.reference, part.text_state, task.state) == (receipt.reference, "failed", "owed")
    assert original(message)[0].sha256 == part.sha256


async def test_a_referral_nobody_acknowledged_is_given_to_a_person(core: Core) -> None:
    row = await a_referral(core)
    with core.database.transaction() as session:
        for notice in session.exec(select(Notice)):
            session.delete(notice)
    with core.database.reading() as session:
        assert "no_acknowledgement" in {b.rule for b in checking.broken_promises(session, core.clock())}
    assert await Watch(database=core.database, owing=core.owing, clock=core.clock).look() == 1
    with core.database.reading() as session:
        assert session.exec(select(Notice)).one().referral_id == row.id
        assert "no_acknowledgement" not in {b.rule for b in checking.broken_promises(session, core.clock())}


async def test_with_the_desks_away_everything_is_in_the_queue_with_its_clock(tmp_path: Path, database_url: str) -> None:
    smtp, http, taken = free_port(), free_port(), set[int]()
    (tmp_path / "data").mkdir(exist_ok=True)
    async with a_process(tmp_path, database_url, smtp, http, "--doors"):
        await send_until_taken(smtp, 1, taken)
        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{http}") as web:
            (waiting,) = (await web.get("/api/v1/queue", headers={"Authorization": f"Bearer {TOKEN}"})).json()
    assert waiting["messages"][0]["sha256"] == hashlib.sha256(mail(1)).hexdigest()
    assert (waiting["state"], waiting["notices"]) == ("received", [])
    assert waiting["look_by"] > waiting["received_at"]


async def test_a_promise_that_is_missed_is_found(core: Core, clock: MovableClock) -> None:
    row = await a_referral(core)
    clock.move(days=1, minutes=1)
    with core.database.reading() as session:
        (broken,) = [b for b in checking.broken_promises(session, clock()) if b.rule == "not_looked_at"]
    assert (broken.reference, broken.since) == (row.reference, row.look_by)


async def test_a_deleted_or_changed_message_is_found_by_name(core: Core, database_url: str) -> None:
    for _ in range(3):
        await core.intake.accept(a_message())
    assert [fault for fault in faults(core) if fault] == []
    change(database_url, "DELETE FROM message WHERE ledger_no = 2")
    assert "ledger number 2 is missing" in list(faults(core))


async def test_a_changed_message_is_found_by_its_number(core: Core, database_url: str) -> None:
    await core.intake.accept(a_message())
    change(database_url, "UPDATE message SET sha256 = 'x'")
    assert any("number 1 was changed" in fault for fault in faults(core))


def change(database_url: str, statement: str) -> None:
    """What an intruder with the database's password would do: first take the guards away."""
    if database_url.startswith("sqlite"):
        with sqlite3.connect(database_url.removeprefix("sqlite:///")) as connection:
            for name in ("message_is_fixed", "message_stays"):
                connection.execute(f"DROP TRIGGER {name}")
            connection.execute(statement)
        connection.close()
        return
    with psycopg.connect(database_url) as postgres:
        postgres.execute("ALTER TABLE message DISABLE TRIGGER ALL")
        postgres.execute(statement)


async def test_nothing_of_who_told_us_stands_in_the_referral_tables(core: Core) -> None:
    body = b"MessageSid=SM1&From=%2B447700900177&To=%2B441632960000&Body=The+baby+cries&NumMedia=0"
    await core.intake.accept(a_message(body, source_key="SM1", media_type="application/x-www-form-urlencoded"))
    await read_all(core)
    with core.database.reading() as session:
        dump = json.dumps(
            [
                row.model_dump()
                for table in (Referral, Message, Notice, Attachment)
                for row in session.exec(select(table)).all()
            ],
            default=repr,
        )
    assert "900177" not in dump
    assert core.settings.phone.replace(" ", "") not in dump


async def test_a_key_that_does_not_fit_opens_nothing(core: Core) -> None:
    await core.intake.accept(a_message(b"a sentence"))
    stranger = open_with_key(core, Seal(b"x" * 32))
    with core.database.reading() as session:
        message = session.exec(select(Message)).one()
        with pytest.raises(Exception, match="body"):
            stranger.contents.of_message(session, message)


def open_with_key(core: Core, seal: Seal) -> Core:
    return build_core(core.settings, clock=core.clock, seal=seal, database=core.database, blobs=core.blobs)


async def test_a_transcriber_without_a_model_says_so_and_holds_up_nothing(tmp_path: Path, database_url: str) -> None:
    wav = (Path(__file__).parent / "samples" / "voicemails" / "vm00.wav").read_bytes()
    core = open_core(Settings(data_dir=tmp_path / "data", database_url=database_url, speech_model="none-such"))
    try:
        await core.intake.accept(a_message(wav, channel="voicemail", media_type="audio/wav"))
        channels = wire_channels(core)
        desks = wire_desks(core, channels, ["reading", "transcribing"])
        await desks.named("reading").drain()
        await desks.named("transcribing").drain()
        assert desks.worker is not None
        await desks.worker.close()
        with core.database.reading() as session:
            part = session.exec(select(Attachment)).one()
        assert (part.text_state, part.note) == ("waiting", "Not transcribed yet.")
    finally:
        core.close()
