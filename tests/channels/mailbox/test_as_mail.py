"""A fetched mail is the same message as by SMTP: its key, its recipients, its purpose, wherever its bytes lie."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime

import pytest

from channels.contract import InFile, NotKept, Purpose, RawMessage
from channels.email.mail_key import source_key
from channels.email.own import Own
from channels.mailbox.as_mail import Arrival, AsMail

BOX = "referrals@northshire.example"
OWN = Own(mailboxes=(BOX, "desk@northshire.example"), mail_from=BOX, loop_key=b"key")
AT = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)
MAIL = b"From: a@example.org\r\nMessage-ID: <1@example.org>\r\n\r\nWorried\r\n"


async def blocks_of(mail: bytes, size: int = 100_000) -> AsyncIterator[bytes]:
    for start in range(0, len(mail), size):
        yield mail[start : start + size]


async def fetched(mail: bytes, as_mail: AsMail = AsMail(own=OWN)) -> RawMessage:  # noqa: B008
    return await as_mail.of(blocks_of(mail), Arrival(address=BOX, peer="imap", received_at=AT, basis="IMAP"))


class OneShelf:
    """Lays one body; ``fails`` when it is written to."""

    def __init__(self, *, fails: bool = False) -> None:
        self.laid, self.fails, self.is_abandoned = bytearray(), fails, False

    async def begin(self, heard: Callable[[bytes], object]) -> OneShelf:
        self._heard = heard
        return self

    async def write(self, block: bytes) -> None:
        if self.fails:
            raise NotKept("the disk is full")
        self._heard(block)
        self.laid += block

    async def finish(self) -> InFile | bytes:
        return InFile(sha256="0" * 64, size=len(self.laid))

    def abandon(self) -> None:
        self.is_abandoned = True


async def test_it_has_the_key_it_would_have_by_smtp_whatever_relays_wrote_above_it() -> None:
    raw = await fetched(b"Return-Path: <a@example.org>\r\nDelivered-To: " + BOX.encode() + b"\r\n" + MAIL)
    assert raw.source_key == source_key(MAIL)
    assert (raw.channel, raw.media_type, raw.received_at) == ("email", "message/rfc822", AT)
    assert raw.envelope == {"rcpt_to": BOX, "peer": "imap", "received_by": "IMAP"}


async def test_the_recipients_are_ours_that_the_server_wrote_down() -> None:
    header = b"Delivered-To: referrals+KMR-4729-HX@northshire.example\r\nX-Original-To: <stranger@example.org>\r\n"
    assert (await fetched(header + MAIL)).envelope["rcpt_to"] == "referrals+KMR-4729-HX@northshire.example"
    assert (await fetched(b"Delivered-To: stranger@example.org\r\n" + MAIL)).envelope["rcpt_to"] == BOX


@pytest.mark.parametrize(
    ("sender", "kind", "purpose"),
    [
        ("<>", "multipart/report", Purpose.REPORT),
        ("<a@example.org>", "multipart/report", Purpose.MESSAGE),
        ("<>", "text/plain", Purpose.MESSAGE),
    ],
)
async def test_a_report_to_a_bounce_address_is_news_of_a_notice(sender: str, kind: str, purpose: Purpose) -> None:
    to = OWN.bounce_address("notice")
    header = f"Return-Path: {sender}\r\nDelivered-To: {to}\r\nContent-Type: {kind}; boundary=b\r\n".encode()
    assert (await fetched(header + MAIL)).purpose is purpose


async def test_a_large_mail_lies_on_the_shelf_and_has_the_same_key() -> None:
    large, shelf = MAIL + b"x" * 900_000, OneShelf()
    raw = await fetched(large, AsMail(own=OWN, shelf=shelf))
    assert (raw.body, raw.in_file, bytes(shelf.laid)) == (b"", InFile(sha256="0" * 64, size=len(large)), large)
    assert raw.source_key == (await fetched(large)).source_key == source_key(large)


async def test_a_large_mail_that_cannot_be_laid_is_given_up() -> None:
    shelf = OneShelf(fails=True)
    with pytest.raises(NotKept):
        await fetched(MAIL + b"x" * 900_000, AsMail(own=OWN, shelf=shelf))
    assert shelf.is_abandoned


async def test_what_a_machine_mailed_goes_to_its_own_channel_and_what_cannot_be_sorted_is_mail() -> None:
    def broken(raw: RawMessage) -> RawMessage:
        raise LookupError("unknown")

    assert (await fetched(MAIL, AsMail(own=OWN, sort=broken))).channel == "email"
