"""What a scanner mails, over SMTP to the queue: each file is post, a batch is divided, a person's mail is a mail."""

from __future__ import annotations

import asyncio
import hashlib
import io
import smtplib
import zipfile

import pytest
from reportlab.pdfgen.canvas import Canvas
from sqlmodel import col, select

from channels.email.door import MailDoor
from gateway.core import Core, build_core
from gateway.settings import Settings
from gateway.wiring import wire_channels
from storage import attachment, sheet
from storage.attachment import Attachment
from storage.blobs import Blobs
from storage.database import Database
from storage.message import Message
from storage.notice import Notice
from storage.referral import Referral
from storage.sealing import Seal
from tests.builders import a_message, read_all
from tests.channels.letter.scanner_mails import MAILBOX, SCANNER, a_scanners_mail
from tests.fakes import MovableClock

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def core(settings: Settings, database: Database, blobs: Blobs, seal: Seal, clock: MovableClock) -> Core:
    with_box = settings.model_copy(update={"scan_mailbox": MAILBOX, "scan_from": "@printers.northshire.example"})
    built = build_core(with_box, clock=clock, seal=seal, database=database, blobs=blobs)
    built.intake.patience_seconds = 60.0
    return built


def a_pdf(*pages: str) -> bytes:
    """A page for each; an empty one is blank."""
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=(300, 400), invariant=True)
    for words in pages:
        canvas.drawString(40, 300, words)
        canvas.showPage()
    canvas.save()
    return out.getvalue()


async def mailed(core: Core, mail: bytes, *, by: str = SCANNER) -> None:
    """One mail over SMTP, read."""
    channels = wire_channels(core)
    door = channels.receivers["email"].door(core.intake.accept)
    assert isinstance(door, MailDoor)
    await door.open()
    try:
        await asyncio.to_thread(_hand_over, door.port, mail, by)
    finally:
        await door.close()
    await read_all(core, channels)


def _hand_over(port: int, mail: bytes, by: str) -> None:
    with smtplib.SMTP("127.0.0.1", port) as server:
        server.sendmail(by, [MAILBOX], mail)


def messages(core: Core) -> list[Message]:
    with core.database.reading() as session:
        return list(session.exec(select(Message).order_by(col(Message.ledger_no))))


def parts_of(core: Core, message_id: str) -> list[Attachment]:
    with core.database.reading() as session:
        return attachment.of_message(session, message_id)


async def test_each_file_is_a_letter_with_a_referral_of_its_own_and_the_mail_is_kept(core: Core) -> None:
    one, two = a_pdf("The first letter"), a_pdf("The second letter")
    mail = a_scanners_mail({"one.pdf": one, "two.pdf": two})
    await mailed(core, mail)
    first, second = messages(core)
    assert {first.channel, second.channel} == {"letter"} and first.referral_id != second.referral_id
    assert second.sha256 == hashlib.sha256(two).hexdigest()
    assert [part.sha256 for part in parts_of(core, first.id)] == [hashlib.sha256(one).hexdigest()]
    assert core.blobs.get(first.sha256).splitlines() == [*mail.splitlines(), b""]
    with core.database.reading() as session:
        assert {row.channel for row in session.exec(select(Referral))} == {"letter"}
        assert sheet.of_scan(session, first.id)[0].sha256 == hashlib.sha256(one).hexdigest()
    await mailed(core, mail)
    assert len(messages(core)) == 2


async def test_a_batch_in_a_mail_is_divided_and_every_letter_has_its_pages(core: Core) -> None:
    batch = a_pdf("Letter one, page one", "Letter one, page two", "", "Letter two", "", "Letter three")
    await mailed(core, a_scanners_mail({"batch.pdf": batch}))
    rows = messages(core)
    assert len(rows) == 3 and {row.scan_id for row in rows} == {rows[0].id}
    with core.database.reading() as session:
        sheets = sheet.of_scan(session, rows[0].id)
        assert {each.sha256 for each in sheets} == {hashlib.sha256(batch).hexdigest()}
    assert [len([s for s in sheets if s.message_id == row.id]) for row in rows] == [2, 1, 1]
    for row in rows:
        [part] = parts_of(core, row.id)
        assert part.is_put_together and core.blobs.get(part.sha256 or "").startswith(b"%PDF")
        assert core.blobs.get(row.sha256)
    assert core.blobs.get(hashlib.sha256(batch).hexdigest()) == batch


async def test_a_persons_mail_to_the_scanners_mailbox_is_answered_like_any_mail(core: Core) -> None:
    words = (
        "I met the mother at the clinic this morning and she told me that nobody is looking after the baby at night."
    )
    mail = a_scanners_mail({"photo.pdf": a_pdf("A photo")}, words=words, sender="jo@school.example.org")
    await mailed(core, mail, by="jo@school.example.org")
    [row] = messages(core)
    with core.database.reading() as session:
        referral = session.get_one(Referral, row.referral_id)
        told = session.exec(select(Notice).where(Notice.referral_id == referral.id)).first()
    assert (row.channel, row.text) == ("email", words)
    assert told is not None and (told.kind, told.channel) == ("receipt", "email")


async def test_an_archive_of_scans_is_a_letter_for_each(core: Core) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for number in range(2):
            archive.writestr(f"scan {number}.pdf", a_pdf(f"Letter {number}"))
    raw = a_message(packed.getvalue(), channel="letter", media_type="application/zip", envelope={"name": "monday.zip"})
    await core.intake.accept(raw)
    await read_all(core)
    rows = messages(core)
    assert len({row.referral_id for row in rows}) == 2
    assert [parts_of(core, row.id)[0].name for row in rows] == ["scan 0.pdf", "scan 1.pdf"]
