"""From a mailbox that others keep for us to the queue, and back to whoever wrote."""

from __future__ import annotations

from email import message_from_bytes, policy
from pathlib import Path
from typing import Any

from tests.channels.mailbox.graph_twin import GraphTwin, graph_settings
from tests.dovecot import Dovecot, dovecot
from tests.house import a_house
from tests.missing_parts import needs
from tests.test_journeys import a_mail as a_letter

pytestmark = needs("dovecot")


def a_mail(words: str = "I am worried about the boy at the blue door.", **headers: str) -> bytes:
    return a_letter(words, **headers).as_bytes(policy=policy.SMTP)


def acknowledged(referrals: list[Any]) -> bool:
    return len(referrals) == 1 and any(
        notice["kind"] == "receipt" and notice["state"] == "sent" for notice in referrals[0]["notices"]
    )


async def test_a_mail_put_into_a_mailbox_is_in_the_queue_and_its_sender_is_told(
    tmp_path: Path, database_url: str
) -> None:
    with dovecot() as server:
        async with a_house(tmp_path, database_url, imap=server.url(), smtp="") as house:
            server.put(a_mail())
            (referral,) = await house.settled(acknowledged)
            assert "blue door" in referral["text"]
            told = message_from_bytes(house.relayed[0], policy=policy.default)
            assert (told["To"], told["In-Reply-To"]) == ("a@example.org", "<first@example.org>")
            assert referral["reference"] in str(told["Subject"])
            await a_reply_by_the_plus_address_joins(house, server, referral["reference"])
            contact = (await house.web.get("/")).text
            assert "mailto:referrals@northshire.example" in contact
            ready = (await house.web.get("/health/ready")).json()["parts"]
            assert ready["mailboxes"] == "ready"


async def a_reply_by_the_plus_address_joins(house: Any, server: Dovecot, reference: str) -> None:
    """The server writes down for whom it took the mail."""
    delivered = f"referrals+{reference}@northshire.example"
    server.put(a_mail("He has a bruise.", Message_ID="<second@example.org>", Delivered_To=delivered, Subject="More"))
    (joined,) = await house.settled(lambda rs: len(rs) == 1 and len(rs[0]["messages"]) == 2)
    assert "bruise" in joined["text"]


async def test_a_mail_in_microsoft_365_is_in_the_queue_and_its_sender_is_told(
    tmp_path: Path, database_url: str
) -> None:
    async with GraphTwin() as twin:
        twin.put(a_mail())
        async with a_house(tmp_path, database_url, **graph_settings(twin)) as house:
            (referral,) = await house.settled(acknowledged)
            assert "blue door" in referral["text"]
            assert message_from_bytes(house.relayed[0], policy=policy.default)["To"] == "a@example.org"
            await house.mail(a_mail())
            assert len(await house.api("referrals")) == 1


async def test_a_mail_that_came_by_smtp_and_lies_in_the_mailbox_too_is_one(tmp_path: Path, database_url: str) -> None:
    with dovecot() as server:
        async with a_house(tmp_path, database_url, imap=server.url()) as house:
            await house.mail(a_mail())
            await house.settled(acknowledged)
            server.put(b"Return-Path: <a@example.org>\r\nDelivered-To: referrals@northshire.example\r\n" + a_mail())
            server.put(a_mail("He has a bruise.", Message_ID="<second@example.org>", In_Reply_To="<first@example.org>"))
            (joined,) = await house.settled(lambda rs: len(rs) == 1 and len(rs[0]["messages"]) == 2)
            assert "bruise" in joined["text"]
