"""Mail comes in through SMTP as mail servers speak it, and is kept before it is acknowledged."""

import asyncio
import logging.config
from datetime import UTC, datetime

import aiosmtplib
import pytest

from channels.contract import Listener, Purpose, RawMessage, Receipt, Receiver, Sender
from channels.email.door import source_key
from tests.channels.email.conftest import OpenDoor
from tests.channels.email.northshire import MAILBOX, NOTICE_ID, OWN, SENDER, a_mail, email_channel
from tests.channels.keeping import REFERENCES


async def deliver(port: int, mail: bytes, *recipients: str, sender: str = SENDER) -> aiosmtplib.SMTPResponse:
    """Hand a mail over as a mail server does; refusals raise."""
    async with aiosmtplib.SMTP(hostname="127.0.0.1", port=port) as client:
        await client.ehlo()
        await client.mail(sender)
        for recipient in recipients or (MAILBOX,):
            await client.rcpt(recipient)
        return await client.data(mail)


async def broken(raw: RawMessage) -> Receipt:
    raise RuntimeError(raw.source_key)


def test_the_channel_keeps_the_contract() -> None:
    channel = email_channel()
    assert isinstance(channel, Receiver)
    assert isinstance(channel, Sender)
    assert channel.name == "email"


def test_a_door_without_an_address_to_listen_on_stays_shut() -> None:
    channel = email_channel(listen="")
    assert channel.door(broken) is None
    assert channel.ways_in() == ()


def test_the_contact_page_learns_the_mailboxes() -> None:
    assert [way.href for way in email_channel().ways_in()] == [f"mailto:{MAILBOX}", "mailto:mash@northshire.example"]


async def test_mail_is_acknowledged_with_its_reference_once_it_is_kept(front: OpenDoor) -> None:
    answer = await deliver(front.port, a_mail())
    assert (answer.code, answer.message) == (250, f"2.0.0 Kept as {REFERENCES[0]}")
    [raw] = front.keeping.kept
    assert raw.body == a_mail() + b"\r\n"
    assert raw.channel == "email"
    assert raw.media_type == "message/rfc822"
    assert raw.envelope["mail_from"] == SENDER
    assert raw.envelope["rcpt_to"] == MAILBOX


async def test_mail_that_cannot_be_kept_is_to_be_sent_again(front: OpenDoor) -> None:
    front.keeping.failing = True
    with pytest.raises(aiosmtplib.SMTPDataError) as refused:
        await deliver(front.port, a_mail())
    assert refused.value.code == 451
    assert refused.value.message.startswith("4.3.0 ")
    front.keeping.failing = False
    assert (await deliver(front.port, a_mail())).code == 250


async def test_an_error_of_our_own_is_never_a_refusal_and_tells_nothing(caplog: pytest.LogCaptureFixture) -> None:
    door = email_channel().door(broken)
    assert door is not None
    await door.open()
    with pytest.raises(aiosmtplib.SMTPDataError) as refused:
        await deliver(door.port, a_mail())
    await door.close()
    assert refused.value.code == 451
    assert "RuntimeError" in caplog.text
    assert SENDER not in caplog.text


async def test_nothing_is_logged_of_who_wrote_and_what(front: OpenDoor, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level("DEBUG"):
        await deliver(front.port, a_mail())
    assert "jo@" not in caplog.text
    assert "children next door" not in caplog.text


async def test_only_our_mailboxes_take_mail(front: OpenDoor) -> None:
    for address in (
        "someone@northshire.example",
        "referrals@elsewhere.example.org",
        "referrals",
        "bounce+x-y@northshire.example",
    ):
        with pytest.raises(aiosmtplib.SMTPRecipientRefused) as refused:
            await deliver(front.port, a_mail(), address)
        assert refused.value.code == 550
        assert refused.value.message.startswith("5.1.1 ")
    assert front.keeping.kept == []


async def test_a_mailbox_is_known_in_any_case_and_with_a_reference_behind_a_plus(front: OpenDoor) -> None:
    both = ("Referrals+KMR-4729-HX@NORTHSHIRE.example", "MASH@northshire.example")
    assert (await deliver(front.port, a_mail(), *both)).code == 250
    assert front.keeping.kept[0].envelope["rcpt_to"] == "\n".join(both)


async def test_a_mail_that_says_it_is_too_large_is_refused_before_it_is_sent(front: OpenDoor) -> None:
    async with aiosmtplib.SMTP(hostname="127.0.0.1", port=front.port) as client:
        await client.ehlo()
        with pytest.raises(aiosmtplib.SMTPSenderRefused) as refused:
            await client.mail(SENDER, options=["SIZE=1000001"])
        assert refused.value.code == 552
        assert refused.value.message.startswith("5.3.4 ")
        assert (await client.mail(SENDER, options=["SIZE=1000000"])).code == 250


async def test_a_mail_that_is_too_large_is_refused_and_the_next_one_taken(front: OpenDoor) -> None:
    async with aiosmtplib.SMTP(hostname="127.0.0.1", port=front.port) as client:
        await client.ehlo()
        await client.mail(SENDER)
        await client.rcpt(MAILBOX)
        with pytest.raises(aiosmtplib.SMTPDataError) as refused:
            await client.data(a_mail("x" * 70 + "\r\n") * 20_000)
        assert (refused.value.code, refused.value.message[:6]) == (552, "5.3.4 ")
        await client.mail(SENDER)
        await client.rcpt(MAILBOX)
        assert (await client.data(a_mail())).code == 250
    assert len(front.keeping.kept) == 1


async def test_a_mail_of_exactly_the_limit_is_taken(front: OpenDoor) -> None:
    mail = (a_mail() + b"\r\n").ljust(999_998, b"x") + b"\r\n"
    assert (await deliver(front.port, mail)).code == 250
    assert front.keeping.kept[0].body == mail


async def test_the_same_mail_is_kept_once_however_often_and_to_whomever_it_is_sent(front: OpenDoor) -> None:
    first = await deliver(front.port, a_mail())
    again = await deliver(front.port, a_mail(), "mash@northshire.example")
    by_another_way = await deliver(front.port, b"Received: from mx2.example.org by mx;\r\n\tlater\r\n" + a_mail())
    assert first.message == again.message == by_another_way.message
    assert len(front.keeping.kept) == 1


def test_mails_that_differ_in_anything_said_have_different_keys() -> None:
    keys = [
        source_key(mail)
        for mail in (
            a_mail(),
            a_mail("Other words."),
            a_mail(Subject="Another worry"),
            a_mail(Message_ID="<2@school.example.org>"),
            a_mail(Message_ID=""),
            b"Received: x\r\n" + a_mail(Message_ID=""),
            b"",
            b"\r\n\r\nMessage-ID: <1@x.example.org>",
        )
    ]
    assert len(set(keys)) == len(keys)


async def test_eight_of_the_same_at_once_are_one_message(front: OpenDoor) -> None:
    answers = await asyncio.gather(*(deliver(front.port, a_mail()) for _ in range(8)))
    assert {answer.message for answer in answers} == {f"2.0.0 Kept as {REFERENCES[0]}"}
    assert len(front.keeping.kept) == 1


async def test_malformed_mail_is_kept(front: OpenDoor) -> None:
    for mail in (
        b"",
        b"no header at all",
        bytes(range(256)) * 10,
        b"From: \xff\xfe\r\nContent-Type: multipart/mixed\r\n\r\n",
    ):
        assert (await deliver(front.port, mail)).code == 250
    assert len(front.keeping.kept) == 4


async def test_a_delivery_report_to_our_bounce_address_is_news_of_a_notice_and_other_mail_there_is_not(
    front: OpenDoor,
) -> None:
    bounce = OWN.bounce_address(NOTICE_ID)
    report = a_mail(Content_Type="multipart/report; report-type=delivery-status", Message_ID="<r@mx.example.org>")
    await deliver(front.port, report, bounce, sender="")
    await deliver(front.port, a_mail("I am away: multipart/report"), bounce, sender="")
    await deliver(front.port, report + b"and a person", bounce, MAILBOX, sender="")
    assert [raw.purpose for raw in front.keeping.kept] == [Purpose.REPORT, Purpose.MESSAGE, Purpose.MESSAGE]
    assert {raw.envelope["mail_from"] for raw in front.keeping.kept} == {"<>"}


async def test_a_sender_with_letters_of_any_alphabet_is_taken(front: OpenDoor) -> None:
    async with aiosmtplib.SMTP(hostname="127.0.0.1", port=front.port) as client:
        await client.ehlo()
        assert client.supports_extension("smtputf8")
        await client.mail("zoë@example.org", options=["SMTPUTF8", "BODY=8BITMIME"], encoding="utf-8")
        await client.rcpt(MAILBOX)
        assert (await client.data("From: zoë@example.org\r\n\r\nHello".encode())).code == 250
    assert front.keeping.kept[0].envelope["mail_from"] == "zoë@example.org"


async def test_closing_the_door_answers_the_mail_that_is_being_kept() -> None:
    begun, may_go_on = asyncio.Event(), asyncio.Event()

    async def slowly(raw: RawMessage) -> Receipt:
        begun.set()
        await may_go_on.wait()
        now = datetime(2026, 11, 23, 10, 15, tzinfo=UTC)
        return Receipt(reference="KMR-4729-HX", received_at=now, look_by=now)

    door = email_channel().door(slowly)
    assert door is not None
    assert isinstance(door, Listener)
    await door.open()
    idle, idle_writer = await asyncio.open_connection("127.0.0.1", door.port)
    answers, writer = await asyncio.open_connection("127.0.0.1", door.port)
    writer.write(f"EHLO x\r\nMAIL FROM:<{SENDER}>\r\nRCPT TO:<{MAILBOX}>\r\nDATA\r\n".encode())
    writer.write(a_mail() + b"\r\n.\r\n")
    await begun.wait()
    shutting = asyncio.create_task(door.close())
    assert (await idle.read()).startswith(b"220 ")
    assert not shutting.done()
    may_go_on.set()
    assert (await answers.read()).endswith(b"250 2.0.0 Kept as KMR-4729-HX\r\n")
    await shutting
    with pytest.raises(ConnectionError):
        await asyncio.open_connection("127.0.0.1", door.port)
    for end in (idle_writer, writer):
        end.close()


async def test_what_a_peer_says_is_not_logged_even_when_another_library_sets_logging_up_later(
    front: OpenDoor, caplog: pytest.LogCaptureFixture
) -> None:
    logging.config.dictConfig({"version": 1, "disable_existing_loggers": False})
    reader, writer = await asyncio.open_connection("127.0.0.1", front.port)
    writer.write(b"He is at number 7\r\nQUIT\r\n")
    said = await reader.read()
    writer.close()
    await writer.wait_closed()
    assert b"500" in said
    assert not [record for record in caplog.records if record.name == "mail.log"]
