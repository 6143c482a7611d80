"""Real mails that others have published, sent to a real door: each is taken, kept byte for byte, and its words found.

`FRONTDOOR_MAIL_CASES` names a folder with `manifest.json`; the mails in Python's own tests are sent as well, if it has
any. Two that differ only in the trace of their ways are one mail, so one of them is sent. The words are looked for by
``oracle``, which reads no form.
"""

import asyncio
import hashlib
import json
import logging
import re
import shutil
import sysconfig
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import aiosmtplib
import pytest
from sqlmodel import select

from channels.email.door import MailDoor
from channels.email.mail_key import source_key
from gateway.core import Core
from gateway.wiring import wire_channels
from storage.attachment import Attachment
from storage.message import Message
from tests.builders import read_all
from tests.channels.email.northshire import SENDER
from tests.channels.email.oracle import missing, runs_of_words
from tests.channels.email.test_public_mails import CASES

MAILBOX = "referrals@northshire.example"
OF_PYTHON = Path(sysconfig.get_path("stdlib")) / "test" / "test_email" / "data"
AT_ONCE = 4
# What the oracle takes for words of the mail and is none, each looked at by a person.
NO_WORDS = {
    "multipart_report_emails__multipart_report_multiple_status.eml",  # a subject, cut by its own encoding
    "attached-pdf.eml",  # between the parts, for readers older than MIME
    "msg_45.txt",  # a field of a part's header
    "ctype-bug.raw",  # the page says it in other words than the plain text beside it
}
_BARE_LINE_END = re.compile(rb"\r\n|\r|\n")

pytestmark = pytest.mark.skipif(
    not (CASES / "manifest.json").exists() and not OF_PYTHON.is_dir(), reason="no folder of public mails is at hand"
)


@pytest.fixture
def database_url(sqlite_template: Path, tmp_path: Path) -> str:
    """One kind of database is enough: what is asked is what the door and the reader make of them."""
    (tmp_path / "data").mkdir(exist_ok=True)
    shutil.copy(sqlite_template, tmp_path / "data" / "frontdoor.db")
    return f"sqlite:///{tmp_path / 'data' / 'frontdoor.db'}"


@pytest.fixture
async def door(core: Core) -> AsyncIterator[MailDoor]:
    opened = wire_channels(core).receivers["email"].door(core.intake.accept)
    assert isinstance(opened, MailDoor)
    await opened.open()
    yield opened
    await opened.close()


def published() -> Iterator[Path]:
    if (CASES / "manifest.json").exists():
        listed = json.loads((CASES / "manifest.json").read_text())
        yield from (CASES / entry["file"] for entry in listed if entry["kind"] == "message")
    yield from sorted(OF_PYTHON.glob("msg_*.txt"))


def as_sent(mail: bytes) -> bytes:
    """With the line ends that SMTP has, the last line among them."""
    lines = _BARE_LINE_END.sub(b"\r\n", mail)
    return lines if lines.endswith(b"\r\n") else lines + b"\r\n"


async def send(port: int, mails: list[bytes]) -> list[int]:
    async with aiosmtplib.SMTP(hostname="127.0.0.1", port=port, timeout=120) as client:
        codes = []
        for mail in mails:
            await client.mail(SENDER)
            await client.rcpt(MAILBOX)
            codes.append((await client.data(mail)).code)
        return codes


async def test_every_published_mail_is_taken_kept_and_read(
    core: Core, door: MailDoor, caplog: pytest.LogCaptureFixture
) -> None:
    once = {source_key(sent): (file, sent) for file in published() if (sent := as_sent(file.read_bytes()))}
    mails = {hashlib.sha256(sent).hexdigest(): file for file, sent in once.values()}
    whole = [sent for _, sent in once.values()]
    codes = await asyncio.gather(*(send(door.port, whole[n::AT_ONCE]) for n in range(AT_ONCE)))
    assert {code for each in codes for code in each} == {250}
    await read_all(core)
    with core.database.reading() as session:
        kept = {message.sha256: message for message in session.exec(select(Message)).all()}
        assert set(kept) == set(mails)
        assert [file.name for key, file in mails.items() if kept[key].read_at is None] == []
        unread = [mails[key].name for key, message in kept.items() if message.unreadable]
        files: dict[str, list[bytes]] = {}
        for part in session.exec(select(Attachment)).all():
            files.setdefault(part.message_id, []).append(core.contents.of_part(session, part))
        held = {key: core.contents.of_message(session, message) for key, message in kept.items()}
    changed = [mails[key].name for key, content in held.items() if hashlib.sha256(content).hexdigest() != key]
    assert (unread, changed) == ([], [])
    lost = {
        file.name: gone
        for key, file in mails.items()
        if (gone := missing(runs_of_words(as_sent(file.read_bytes())), kept[key].text, files.get(kept[key].id, [])))
    }
    assert {name: gone for name, gone in lost.items() if name not in NO_WORDS} == {}
    silent = [file.name for key, file in mails.items() if runs_of_words(file.read_bytes()) and not kept[key].text]
    assert silent == []
    assert [record.getMessage() for record in caplog.records if record.levelno >= logging.ERROR] == []
