"""Whatever a relay offers or refuses, a mail goes out once in a form it can carry, and asks for news where it may."""

from __future__ import annotations

import email
import email.policy
from dataclasses import replace

import pytest

from channels.contract import SendError, SendFailed
from channels.email import Email
from channels.email.envelope import for_any_relay
from tests.channels.email.northshire import KEY, MAILBOX, NOTICE_ID, OWN, a_notice, email_channel
from tests.channels.email.scripted_relay import Script, scripted_relay


async def test_news_of_failure_and_delay_is_asked_for_where_the_relay_offers_it() -> None:
    script = Script()
    async with scripted_relay(script) as relay:
        channel = email_channel(relay=relay)
        await channel.send(a_notice(address="jo+a=b@example.org"))
        await channel.close()
    mail, rcpt = (next(each for each in script.heard if each.startswith(name)) for name in ("MAIL", "RCPT"))
    assert f"RET=HDRS ENVID={OWN.loop_mark(NOTICE_ID)}" in mail
    assert f"SIZE={len(script.mails[0]) - len('.') - 2}" in mail
    assert "NOTIFY=FAILURE,DELAY ORCPT=rfc822;jo+2Ba+3Db@example.org" in rcpt


async def test_a_relay_that_offers_nothing_is_asked_for_nothing() -> None:
    script = Script(offers=())
    async with scripted_relay(script) as relay:
        channel = email_channel(relay=relay)
        await channel.send(a_notice())
        await channel.close()
    assert [each for each in script.heard if "=" in each.partition(">")[2]] == []
    assert script.mails[0].isascii()


@pytest.mark.parametrize("command", ["MAIL", "RCPT"])
@pytest.mark.parametrize("answer", ["501 5.5.4 what?", "504 5.5.4 no", "555 5.5.4 parameters"])
async def test_a_relay_that_takes_its_offer_back_gets_the_mail_without_being_asked(command: str, answer: str) -> None:
    script = Script(answers={command: [answer]})
    async with scripted_relay(script) as relay:
        channel = email_channel(relay=relay)
        await channel.send(a_notice())
        await channel.close()
    assert (len(script.mails), script.connections) == (1, 1)
    last = [each for each in script.heard if each.startswith(("MAIL", "RCPT"))][-2:]
    assert not any("NOTIFY" in each or "ENVID" in each for each in last)


@pytest.mark.parametrize("command", ["MAIL", "RCPT"])
async def test_a_relay_tired_of_an_idle_connection_gets_the_mail_on_another_at_once(command: str) -> None:
    script = Script()
    async with scripted_relay(script) as relay:
        channel = email_channel(relay=relay)
        await channel.send(a_notice(notice_id="first"))
        script.answers = {command: ["421 4.4.2 idle for too long"]}
        await channel.send(a_notice(notice_id="second"))
        await channel.close()
    assert (len(script.mails), script.connections) == (2, 2)


@pytest.mark.parametrize(
    ("answers", "error", "permanent"),
    [
        ({"MAIL": ["421 4.3.0 shutting down"]}, SendError.AWAY, False),
        ({"MESSAGE": ["421 4.3.0 not now"]}, SendError.AWAY, False),
        ({"RCPT": ["450 4.7.1 greylisted, come back"]}, SendError.UNREACHABLE, False),
        ({"MESSAGE": ["550 5.1.1 no such user after all"]}, SendError.BAD_ADDRESS, True),
        ({"MESSAGE": ["450 4.2.1 mailbox busy"]}, SendError.UNREACHABLE, False),
        ({"MAIL": ["552 5.3.4 too large for us"]}, SendError.NOT_TAKEN, True),
        ({"MESSAGE": ["552 5.3.4 too large for them"]}, SendError.NOT_TAKEN, True),
        ({"DATA": ["451 4.3.0 later"]}, SendError.AWAY, False),
    ],
)
async def test_each_refusal_is_named_and_the_next_try_goes_through(
    answers: dict[str, list[str]], error: SendError, permanent: bool
) -> None:
    script = Script(answers=answers)
    async with scripted_relay(script) as relay:
        channel = email_channel(relay=relay)
        with pytest.raises(SendFailed) as failed:
            await channel.send(a_notice())
        assert (failed.value.error, failed.value.permanent) == (error, permanent)
        assert script.mails == []
        await channel.send(a_notice())
        await channel.close()
    assert len(script.mails) == 1


async def test_no_line_is_too_long_and_none_is_taken_for_the_end() -> None:
    script = Script()
    names = "北岸市役所児童家庭支援課" * 40
    handle = {
        "message_id": "last@example.org",
        "references": " ".join(f"{'x' * 200}{n}@example.org" for n in range(19)),
    }
    async with scripted_relay(script) as relay:
        channel = Email(
            mailboxes=OWN.mailboxes, listen="", relay=relay, mail_from=MAILBOX, organisation=names, loop_key=KEY,
            hostname="mx.northshire.example",
        )  # fmt: skip
        await channel.send(a_notice(
            text=".\n..\n" + "word " * 1000 + "\n.", subject="é" * 900, html="<p>" + "x" * 5000, reply_handle=handle,
        ))  # fmt: skip
        await channel.close()
    (mail,) = script.mails
    assert max(map(len, mail.split(b"\r\n"))) <= 998
    lines = [line.removeprefix(b".") for line in mail.removesuffix(b".\r\n").split(b"\r\n")]
    read = email.message_from_bytes(b"\r\n".join(lines), policy=email.policy.default).get_body(("plain",))
    assert read is not None
    assert read.get_content().splitlines()[:2] == [".", ".."]
    assert b"\n" not in mail.replace(b"\r\n", b"") and b"\r" not in mail.replace(b"\r\n", b"")
    assert mail.isascii()


async def test_a_domain_of_any_alphabet_is_reached_through_every_relay() -> None:
    script = Script(offers=())
    async with scripted_relay(script) as relay:
        channel = email_channel(relay=relay)
        await channel.send(a_notice(address="jo@straße.example"))
        with pytest.raises(SendFailed) as failed:
            await channel.send(replace(a_notice(address="zoë@straße.example")))
        await channel.close()
    assert failed.value.error is SendError.NOT_TAKEN
    assert "RCPT TO:<jo@xn--strae-oqa.example>" in script.heard
    assert b"To: jo@xn--strae-oqa.example\r\n" in script.mails[0]


def test_a_domain_that_cannot_be_written_in_ascii_is_left_as_it_is() -> None:
    assert for_any_relay("jo@\u2603\u200d.example") == "jo@\u2603\u200d.example"
    assert for_any_relay("jo@example.org") == "jo@example.org"
