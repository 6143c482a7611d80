"""The process is killed while it divides a scan, or as soon as it has: no letter is lost, and none comes twice."""

from __future__ import annotations

import asyncio
import signal
import sys
from pathlib import Path

import pytest
from sqlmodel import select

from gateway.core import Core
from gateway.verifying import faults
from gateway.wiring import wire_channels, wire_desks
from storage.attachment import Attachment
from storage.message import Message
from storage.notice import Notice, NoticeKind
from storage.sheet import Sheet
from tests.builders import a_message, read_all
from tests.fakes import MovableClock
from tests.gateway.dividing.scans import letters_with_separators

ROOT = Path(__file__).parents[3]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_a_desk_killed_while_it_keeps_the_files_loses_no_letter_and_repeats_none(
    core: Core, clock: MovableClock, database_url: str
) -> None:
    await keep_a_scan(core)
    desk = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.gateway.dividing.killed_desk", str(core.settings.data_dir), database_url, cwd=ROOT
    )
    assert await desk.wait() == -signal.SIGKILL
    assert read(core) == 0
    assert len(list(core.blobs.names())) > 1
    clock.move(minutes=2)
    await read_all(core)
    assert_each_is_there_once(core)


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
async def test_what_a_desk_wrote_down_before_it_ended_is_gone_on_with_by_another(core: Core) -> None:
    await keep_a_scan(core)
    desk = wire_desks(core, wire_channels(core), ["reading"]).named("reading")
    await desk.drain(rounds=1)
    assert read(core) == 1
    await read_all(core)
    assert_each_is_there_once(core)


async def keep_a_scan(core: Core) -> None:
    body = letters_with_separators([1, 2, 1])
    known = {"name": "a.pdf"}
    await core.intake.accept(a_message(body, channel="letter", media_type="application/pdf", envelope=known))


def read(core: Core) -> int:
    with core.database.reading() as session:
        return sum(row.read_at is not None for row in session.exec(select(Message)))


def assert_each_is_there_once(core: Core) -> None:
    with core.database.reading() as session:
        letters = session.exec(select(Message)).all()
        receipts = session.exec(select(Notice).where(Notice.kind == NoticeKind.RECEIPT)).all()
        parts = session.exec(select(Attachment)).all()
        pages = session.exec(select(Sheet)).all()
    assert len(letters) == len({row.referral_id for row in letters}) == len(receipts) == len(parts) == 3
    assert [len(pages), len({page.number for page in pages})] == [7, 7]
    assert set(core.blobs.names()) == {row.sha256 for row in letters} | {part.sha256 for part in parts}
    assert not [fault for fault in faults(core) if fault]
