"""A notice goes out through a real relay once, and what became of it is told honestly."""

import asyncio
import email
import email.policy
import json
import time
from email.message import EmailMessage

import pytest

from channels.contract import AddressClass, Answerable, Inbound, SendError, SendFailed, SendUnknown
from channels.email.own import LOOP_HEADER
from channels.email.relay import Relay, relay_address
from tests.channels.email.northshire import (
    MAILBOX,
    NOTICE_ID,
    OWN,
    SENDER,
    a_notice,
    as_kept,
    email_channel,
)
from tests.channels.email.relay_sink import Sink, Taken, relay_sink


def relay_url(sink: Sink) -> str:
    return f"smtp://127.0.0.1:{sink.port}"


def opened(taken: Taken) -> EmailMessage:
    message = email.message_from_bytes(taken.content, policy=email.policy.default)
    assert isinstance(message, EmailMessage)
    return message


async def test_the_sender_gets_words_a_page_and_a_part_for_programs() -> None:
    async with relay_sink() as sink:
        channel = email_channel(relay=relay_url(sink))
        long = f"{'X' * 90}@eur.prod.example.org"
        handle = {"message_id": "2@example.org", "references": f"{long} 1@example.org"}
        sent_as = await channel.send(a_notice(text="Pay £5 — né.\nBye", html="<p>Page</p>", reply_handle=handle))
        await channel.close()
    [taken] = sink.taken
    assert taken.sender == OWN.bounce_address(NOTICE_ID)
    assert taken.recipients == (SENDER,)
    mail = opened(taken)
    assert mail["Message-ID"] == f"<{sent_as}>"
    assert str(mail["From"]) == f"Northshire Council <{MAILBOX}>"
    assert mail["To"] == SENDER
    assert mail["Subject"] == "We have your message - KMR-4729-HX"
    assert mail["Date"] == "Mon, 23 Nov 2026 10:15:00 +0000"
    assert mail["In-Reply-To"] == "<2@example.org>"
    assert str(mail["References"]).split() == [f"<{long}>", "<1@example.org>", "<2@example.org>"]
    assert f"References: <{long}>".encode() in taken.content
    assert mail["Auto-Submitted"] == "auto-replied"
    assert mail["X-Auto-Response-Suppress"] == "DR, RN, NRN, OOF, AutoReply"
    assert [part.get_content_type() for part in mail.walk()] == [
        "multipart/mixed", "multipart/alternative", "text/plain", "text/html", "application/json",
    ]  # fmt: skip
    plain, page = mail.get_body(("plain",)), mail.get_body(("html",))
    assert plain is not None
    assert page is not None
    assert plain.get_content().splitlines() == ["Pay £5 — né.", "Bye"]
    assert page.get_content().strip() == "<p>Page</p>"
    [receipt] = mail.iter_attachments()
    assert receipt.get_filename() == "receipt.json"
    assert json.loads(receipt.get_content())["reference"] == "KMR-4729-HX"


async def test_our_own_notice_coming_back_is_known_and_never_answered() -> None:
    async with relay_sink() as sink:
        channel = email_channel(relay=relay_url(sink))
        await channel.send(a_notice())
        await channel.close()
    back = channel.parse(as_kept(sink.taken[0].content))
    assert isinstance(back, Inbound)
    assert back.answerable is Answerable.MACHINE


async def test_a_notice_sent_twice_is_the_same_mail_byte_for_byte() -> None:
    async with relay_sink() as sink:
        channel = email_channel(relay=relay_url(sink))
        assert await channel.send(a_notice()) == await channel.send(a_notice())
        await channel.close()
    assert sink.taken[0] == sink.taken[1]
    assert len(sink.connections) == 1


async def test_nothing_from_outside_can_add_a_header_or_a_recipient() -> None:
    evil = "x\r\nBcc: all@example.org"
    async with relay_sink() as sink:
        channel = email_channel(relay=relay_url(sink))
        handle = {"message_id": "a@b>\r\nBcc: <all@example.org", "references": "ok@example.org"}
        await channel.send(a_notice(subject=evil, reply_handle=handle))
        await channel.send(
            a_notice(reply_handle={"message_id": "2@example.org", "references": "a@b<x> é@x ok@example.org"})
        )
        for address in (
            "jo@example.org\r\nRCPT TO:<x@example.org>",
            "a@example.org, b@example.org",
            "jo",
            "",
            "<jo@example.org>",
        ):
            with pytest.raises(SendFailed) as failed:
                await channel.send(a_notice(address=address))
            assert failed.value.permanent
            assert "jo" not in failed.value.reason
        await channel.close()
    first, second = map(opened, sink.taken)
    assert first["Bcc"] is None
    assert first["In-Reply-To"] is None
    assert first["Subject"] == "x Bcc: all@example.org"
    assert str(second["References"]).split() == ["<ok@example.org>", "<2@example.org>"]


async def test_we_do_not_write_to_ourselves_or_to_a_telephone() -> None:
    channel = email_channel(relay="smtp://127.0.0.1:9")
    for notice in (a_notice(address=f"{MAILBOX}"), a_notice(address="07700900123", kind=AddressClass.MOBILE)):
        with pytest.raises(SendFailed) as failed:
            await channel.send(notice)
        assert failed.value.permanent


async def test_without_a_relay_the_notice_waits() -> None:
    with pytest.raises(SendFailed) as failed:
        await email_channel().send(a_notice())
    assert (failed.value.permanent, failed.value.reason) == (False, "no relay is set")


@pytest.mark.parametrize(
    ("command", "answer", "permanent", "reason"),
    [
        ("RCPT", "550 5.1.1 <jo@school.example.org> unknown", True, "the relay answered 550 5.1.1"),
        ("RCPT", "450 4.2.0 greylisted", False, "the relay answered 450 4.2.0"),
        ("DATA", "554 5.7.1 spam", True, "the relay answered 554 5.7.1"),
        ("DATA", "451 try later", False, "the relay answered 451"),
        ("MAIL", "553 5.7.1 not your sender", False, "the relay answered 553 5.7.1"),
        ("RCPT", "530 5.7.0 sign in first", False, "the relay answered 530 5.7.0"),
    ],
)
async def test_a_refusal_is_for_good_only_when_it_is_about_the_address(
    command: str, answer: str, permanent: bool, reason: str
) -> None:
    async with relay_sink() as sink:
        channel = email_channel(relay=relay_url(sink))
        sink.answers = {command: answer}
        with pytest.raises(SendFailed) as failed:
            await channel.send(a_notice())
        assert (failed.value.permanent, failed.value.reason) == (permanent, reason)
        sink.answers = {}
        await channel.send(a_notice())
        await channel.close()
    assert len(sink.taken) == 1
    assert len(sink.connections) == 1


async def test_a_relay_that_is_not_there_is_tried_again_later() -> None:
    async with relay_sink() as sink:
        gone = relay_url(sink)
    with pytest.raises(SendFailed) as failed:
        await email_channel(relay=gone).send(a_notice())
    assert not failed.value.permanent
    assert failed.value.reason.startswith("the relay could not be reached")


async def test_when_the_last_answer_is_lost_nobody_claims_to_know() -> None:
    async with relay_sink() as sink:
        channel = email_channel(relay=relay_url(sink))
        sink.dies_at = "DATA"
        with pytest.raises(SendUnknown):
            await channel.send(a_notice())
        sink.dies_at = ""
        await channel.send(a_notice())
        await channel.close()


@pytest.mark.parametrize("command", ["MAIL", "DATA"])
async def test_a_relay_that_hangs_holds_up_one_mail_at_a_time(command: str) -> None:
    async with relay_sink() as sink:
        sink.hangs_at, sink.seconds = command, 8.0
        relay = Relay(relay_address(relay_url(sink)), hostname="gateway.example.org", time_limit=0.3)
        sending = (
            relay.hand_over(b"Subject: x\r\n\r\nx\r\n", sender=MAILBOX, recipient=f"{n}@example.org") for n in range(8)
        )
        began = time.monotonic()
        first, *others = await asyncio.gather(*sending, return_exceptions=True)
        took = time.monotonic() - began
        await relay.close()
    assert isinstance(first, SendUnknown if command == "DATA" else SendFailed)
    assert {getattr(other, "error", None) for other in others} == {SendError.AWAY}
    assert took < 2.0


@pytest.mark.parametrize("command", ["MAIL", "RCPT"])
async def test_a_relay_that_dies_before_it_has_the_mail_leaves_no_doubt(command: str) -> None:
    async with relay_sink() as sink:
        channel = email_channel(relay=relay_url(sink))
        sink.dies_at = command
        with pytest.raises(SendFailed) as failed:
            await channel.send(a_notice())
        assert not failed.value.permanent
        await channel.close()


async def test_a_connection_the_relay_closed_meanwhile_is_made_again() -> None:
    async with relay_sink() as sink:
        channel = email_channel(relay=relay_url(sink))
        await channel.send(a_notice())
        sink.drop_everybody()
        await channel.send(a_notice(notice_id="second"))
        await asyncio.sleep(0.01)
        sink.drop_everybody()
        await asyncio.sleep(0.01)
        await channel.send(a_notice(notice_id="third"))
        await channel.close()
    assert len(sink.taken) == 3
    assert len(sink.connections) == 3


async def test_many_notices_at_once_each_go_out_once() -> None:
    async with relay_sink() as sink:
        channel = email_channel(relay=relay_url(sink))
        ids = await asyncio.gather(*(channel.send(a_notice(notice_id=f"n-{n}")) for n in range(20)))
        await channel.close()
    assert sorted(ids) == sorted(OWN.message_id(f"n-{n}") for n in range(20))
    assert sorted(opened(taken)["Message-ID"] for taken in sink.taken) == sorted(f"<{each}>" for each in ids)
    assert len({opened(taken)[LOOP_HEADER] for taken in sink.taken}) == 20


async def test_an_address_in_any_alphabet_goes_where_the_relay_can_carry_it() -> None:
    async with relay_sink() as sink:
        channel = email_channel(relay=relay_url(sink))
        await channel.send(a_notice(address="zoë@example.org"))
        await channel.close()
    assert sink.taken[0].recipients == ("zoë@example.org",)
    assert "To: zoë@example.org\r\n".encode() in sink.taken[0].content
    async with relay_sink(smtputf8=False) as sink:
        channel = email_channel(relay=relay_url(sink))
        with pytest.raises(SendFailed) as failed:
            await channel.send(a_notice(address="zoë@example.org"))
        await channel.close()
    assert failed.value.permanent


async def test_a_password_never_goes_over_the_wire_in_the_clear_and_never_into_a_message() -> None:
    with pytest.raises(ValueError, match=r"^the mail relay is written") as wrong:
        relay_address("http://user:secret@relay.example.org")
    assert "secret" not in str(wrong.value)
    found = relay_address("smtp://us%40er:p%2Fw@relay.example.org")
    assert (found.port, found.user, found.password, found.is_here) == (587, "us@er", "p/w", False)
    assert (relay_address("smtps://relay.example.org").port, relay_address("smtp://[::1]").is_here) == (465, True)
