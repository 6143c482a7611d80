"""News of notices and of files: waited for, matched, and never lost without a person being told."""

from urllib.parse import urlencode

from sqlmodel import select

from channels.contract import Purpose, RawMessage
from channels.email.own import Own
from gateway.core import Core
from storage import notice
from storage.attachment import Attachment
from storage.message import Message
from storage.notice import Notice
from storage.referral import Referral
from tests.builders import a_message, read_all
from tests.fakes import MovableClock

FORM = "application/x-www-form-urlencoded"


def a_text(key: str = "SM1", **fields: str) -> RawMessage:
    said = {"MessageSid": key, "From": "+447700900123", "To": "+441632960000", "Body": "The baby cries"} | fields
    return a_message(urlencode(said).encode(), source_key=key, media_type=FORM)


def a_report(provider_id: str, state: str) -> RawMessage:
    return a_message(
        urlencode({"MessageSid": provider_id, "MessageStatus": state}).encode(), source_key=f"{provider_id}:{state}",
        media_type=FORM, purpose=Purpose.REPORT, envelope={"step": "message-status"},
    )  # fmt: skip


def notices(core: Core) -> list[Notice]:
    with core.database.reading() as session:
        return list(session.exec(select(Notice).order_by(Notice.created_at, Notice.id)))  # type: ignore[arg-type]


async def test_a_failure_told_minutes_before_its_notice_is_known_as_sent_still_reaches_a_person(
    core: Core, clock: MovableClock
) -> None:
    await core.intake.accept(a_text())
    await core.intake.accept(a_report("SM-late", "undelivered"))
    await read_all(core)
    for _ in range(4):
        clock.move(seconds=25)
        await read_all(core)
    with core.database.transaction() as session:
        (owed,) = session.exec(select(Notice)).all()
        owed.state, owed.provider_id = "sent", "SM-late"
    clock.move(minutes=6)
    await read_all(core)
    assert [(n.kind, n.state) for n in notices(core)] == [("receipt", "failed"), ("staff_task", "owed")]


async def test_a_returned_mail_that_belongs_to_no_notice_is_seen_by_a_person(core: Core, clock: MovableClock) -> None:
    own = Own(
        mailboxes=core.settings.mailbox_list, mail_from=core.settings.mailbox_list[0],
        loop_key=core.seal.key_for("mail loop mark"),
    )  # fmt: skip
    bounce = own.bounce_address("0" * 32)
    body = f"From: mailer@example.org\r\nTo: {bounce}\r\nX-Failed-Recipients: a@example.org\r\n\r\nReturned\r\n"
    envelope = {"mail_from": "<>", "rcpt_to": bounce}
    await core.intake.accept(a_message(body.encode(), channel="email", media_type="message/rfc822", envelope=envelope))
    for _ in range(6):
        await read_all(core)
        clock.move(minutes=1)
    with core.database.reading() as session:
        row = session.exec(select(Referral)).one()
        assert session.exec(select(Message)).one().referral_id == row.id
    assert any(n.kind == "staff_task" for n in notices(core))


async def test_a_file_that_never_comes_is_told_to_a_person(core: Core) -> None:
    picture = {"NumMedia": "1", "MediaUrl0": "https://x.example/Media/ME1", "MediaContentType0": "image/jpeg"}
    await core.intake.accept(a_text(**picture))
    await read_all(core)
    with core.database.reading() as session:
        part = session.exec(select(Attachment)).one()
        tasks = notice.open_tasks(session, [part.referral_id])
    assert part.text_state == "failed"
    assert ["could not be fetched" in (task.reason or "") for task in tasks] == [True]
