"""What a telephone system mails is voicemail in the queue, and the caller is told of it, never the machine."""

from __future__ import annotations

import asyncio
import smtplib
from pathlib import Path

import pytest
from sqlmodel import select

from channels.email.door import MailDoor
from gateway.core import Core, build_core
from gateway.ingesting import as_message
from gateway.settings import Settings
from gateway.wiring import wire_channels
from storage import attachment, notice, referral
from storage.blobs import Blobs
from storage.database import Database
from storage.identity import Identity
from storage.notice import Notice
from storage.referral import Referral
from storage.sealing import Seal
from storage.staff import Role
from tests.builders import read_all
from tests.fakes import MovableClock
from tests.gateway.a_provider import AProvider, ARelay, desk
from tests.gateway.office import Office, words_of
from tests.gateway.test_joining_texts import texted

SAMPLES = Path(__file__).parents[1] / "samples" / "voicemail_mail"
MAILBOX = "voicemail@northshire.example"
SYSTEM, SOMEBODY = "asterisk@pbx.example.org", "sam@example.org"


@pytest.fixture
def core(settings: Settings, database: Database, blobs: Blobs, seal: Seal, clock: MovableClock) -> Core:
    with_box = settings.model_copy(update={"voicemail_mailbox": MAILBOX, "voicemail_from": "@pbx.example.org"})
    built = build_core(with_box, clock=clock, seal=seal, database=database, blobs=blobs)
    built.intake.patience_seconds = 60.0
    return built


async def mailed(core: Core, name: str, *, to: str = MAILBOX, by: str = SYSTEM) -> Referral:
    """One mail over SMTP, as the system sends it, to the row in the queue."""
    channels = wire_channels(core)
    door = channels.receivers["email"].door(core.intake.accept)
    assert isinstance(door, MailDoor)
    await door.open()
    try:
        await asyncio.to_thread(_hand_over, door.port, (SAMPLES / f"{name}.eml").read_bytes(), to, by)
    finally:
        await door.close()
    await read_all(core, channels)
    with core.database.reading() as session:
        row = session.exec(select(Referral).order_by(Referral.ledger_no.desc())).first()  # type: ignore[attr-defined]
    assert row is not None
    return row


def _hand_over(port: int, body: bytes, to: str, by: str) -> None:
    with smtplib.SMTP("127.0.0.1", port, timeout=30) as peer:
        peer.sendmail(by, [to], body)


def notices(core: Core, row: Referral) -> list[Notice]:
    with core.database.reading() as session:
        return notice.of_referrals(session, [row.id or 0])


async def test_a_mobile_caller_is_texted_the_receipt_and_the_machine_hears_nothing(core: Core) -> None:
    row = await mailed(core, "asterisk")
    assert (row.channel, row.kind, row.summary) == ("voicemail", "concern", "")
    assert row.received_at.isoformat() == "2026-11-23T09:58:11+00:00"
    phones, relay = AProvider(), ARelay()
    await desk(core, phones, relay).drain()
    (sent,) = phones.sent
    assert sent.address.value == "+447700900123" and row.reference in sent.text and not relay.sent
    with core.database.reading() as session:
        (part,) = attachment.of_referrals(session, [row.id or 0])
    assert (part.name, part.media_type, part.text_state) == ("recording-1.wav", "audio/wave", "waiting")
    assert part.sha256 is not None


async def test_whoever_may_not_know_who_rang_reads_it_nowhere_on_the_page(core: Core) -> None:
    row = await mailed(core, "exchange_um")
    office = Office(core)
    seen = words_of(await (await office.browser(Role.READONLY)).see(f"/referrals/{row.reference}"))
    assert "a machine's words that nobody has checked" in seen and "I saw the boy again" in seen
    assert "Ann Example" not in seen and "900123" not in seen
    told = words_of(await (await office.browser()).see(f"/referrals/{row.reference}?who=shown"))
    assert "Ann Example" in told and "07700900123" in told.replace(" ", "")


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("freepbx", "a landline cannot be texted"), ("no_sound", "the mail has no sound"),
        ("nobody_named", "the mail does not say who rang"),
    ],
)  # fmt: skip
async def test_whom_no_machine_can_tell_is_a_persons(core: Core, name: str, reason: str) -> None:
    row = await mailed(core, name)
    receipt, task = sorted(notices(core, row), key=lambda each: each.kind)
    assert (receipt.state, task.kind, task.state) == ("cancelled", "staff_task", "owed")
    assert reason in (task.reason or "")


async def test_who_withheld_their_number_is_in_the_queue_with_the_reason_nobody_is_told(core: Core) -> None:
    row = await mailed(core, "withheld")
    (receipt,) = notices(core, row)
    assert (receipt.state, receipt.reason) == ("cancelled", "the caller withheld their number")
    with core.database.reading() as session:
        assert session.exec(select(Identity)).all() == []


async def test_a_caller_who_wants_no_texts_gets_none_by_this_way_either(core: Core) -> None:
    await mailed(core, "asterisk")
    with core.database.transaction() as session:
        (who,) = session.exec(select(Identity))
        who.texts_stopped_at = core.clock()
        session.add(who)
    receipt, task = sorted(notices(core, await mailed(core, "gamma")), key=lambda each: each.kind)
    assert receipt.state == "cancelled" and "texts were stopped" in (task.reason or "")


async def test_a_text_that_answers_our_receipt_joins_the_voicemail(core: Core) -> None:
    row = await mailed(core, "asterisk")
    await desk(core, AProvider()).drain()
    joined = await texted(core, "It is number 12", "a")
    assert (joined.id, joined.channel) == (row.id, "voicemail")
    assert len([each for each in notices(core, row) if each.kind == "receipt"]) == 1


async def test_the_same_mail_twice_is_one_voicemail(core: Core) -> None:
    first, again = await mailed(core, "asterisk"), await mailed(core, "asterisk")
    assert first.id == again.id


async def test_a_person_who_writes_to_that_mailbox_is_answered_by_mail(core: Core) -> None:
    row = await mailed(core, "a_person_answers", by=SOMEBODY)
    relay = ARelay()
    await desk(core, AProvider(), relay).drain()
    assert [sent.address.value for sent in relay.sent] == ["sam@example.org"]
    assert "worse now" in row.summary


async def test_an_automatic_answer_to_that_mailbox_is_answered_by_nobody(core: Core) -> None:
    row = await mailed(core, "out_of_office", by=SOMEBODY)
    phones, relay = AProvider(), ARelay()
    await desk(core, phones, relay).drain()
    assert not phones.sent and not relay.sent
    assert [each.state for each in notices(core, row)] == ["cancelled"]


async def test_other_mailboxes_take_their_mail_as_mail(core: Core) -> None:
    elsewhere = await mailed(core, "a_person_answers", to="referrals@northshire.example", by=SOMEBODY)
    assert elsewhere.channel == "email"


async def test_the_mailbox_is_shown_to_nobody(core: Core) -> None:
    ways = [way for channel in wire_channels(core).receivers.values() for way in channel.ways_in()]
    assert not any(MAILBOX in way.detail or MAILBOX in way.href for way in ways)


async def test_a_mail_of_the_system_handed_in_as_a_file_is_the_same_voicemail(core: Core) -> None:
    receipt = await core.intake.accept(as_message(SAMPLES / "three_cx.eml", "voicemail"))
    await read_all(core)
    with core.database.reading() as session:
        row = referral.by_reference(session, receipt.reference)
        assert row is not None
        (part,) = attachment.of_referrals(session, [row.id or 0])
    assert (row.channel, part.name) == ("voicemail", "recording-1.wav")
