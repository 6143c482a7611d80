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
from storage.attachment import Attachment
from storage.message import Message
from storage.notice import Notice, NoticeKind
from storage.sheet import Sheet
from tests.builders import a_message, read_all
from tests.fakes import MovableClock
from tests.gateway.dividing.scans import letters_with_separators

ROOT = Path(__file__).parents[3]


@pytest.mark.parametrize(
    ("database_url", "when", "read_before"),
    [("sqlite", "files", 0), ("postgresql", "commit", 1)],
    indirect=["database_url"],
)
async def test_a_killed_desk_loses_no_letter_and_repeats_none(
    core: Core, clock: MovableClock, database_url: str, when: str, read_before: int
) -> None:
    body = letters_with_separators([1, 2, 1])
    await core.intake.accept(
        a_message(body, channel="letter", media_type="application/pdf", envelope={"name": "a.pdf"})
    )
    desk = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.gateway.dividing.killed_desk", str(core.settings.data_dir), database_url, when,
        cwd=ROOT,
    )  # fmt: skip
    assert await desk.wait() == -signal.SIGKILL
    with core.database.reading() as session:
        assert sum(row.read_at is not None for row in session.exec(select(Message))) == read_before
    clock.move(minutes=2)
    await read_all(core)
    with core.database.reading() as session:
        letters = session.exec(select(Message)).all()
        receipts = session.exec(select(Notice).where(Notice.kind == NoticeKind.RECEIPT)).all()
        parts = session.exec(select(Attachment)).all()
        pages = session.exec(select(Sheet)).all()
    assert len(letters) == len({row.referral_id for row in letters}) == len(receipts) == len(parts) == 3
    assert [len(pages), len({page.number for page in pages})] == [7, 7]
    assert set(core.blobs.names()) == {row.sha256 for row in letters} | {part.sha256 for part in parts}
    assert not [fault for fault in faults(core) if fault]
