"""What a machine mails is sorted to its own channel at the door, and sorting never costs a mail."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import replace

import aiosmtplib
import pytest

from channels.contract import RawMessage
from channels.email.door import MailDoor
from tests.channels.email.northshire import MAILBOX, OWN, SENDER, a_mail
from tests.channels.keeping import Keeping

MACHINES = "voicemail@northshire.example"


async def delivered(sort: Callable[[RawMessage], RawMessage], *, to: str) -> RawMessage:
    keeping = Keeping()
    own = replace(OWN, machines_write_to=(MACHINES,))
    door = MailDoor(keeping, own=own, host="127.0.0.1", port=0, hostname="mx.northshire.example", sort=sort)
    await door.open()
    try:
        async with aiosmtplib.SMTP(hostname="127.0.0.1", port=door.port) as client:
            await client.sendmail(SENDER, [to], a_mail())
    finally:
        await door.close()
    (raw,) = keeping.kept
    return raw


def to_voicemail(raw: RawMessage) -> RawMessage:
    return replace(raw, channel="voicemail")


def fails(raw: RawMessage) -> RawMessage:
    raise RuntimeError(raw.envelope["mail_from"])


@pytest.mark.parametrize("to", [MACHINES, MAILBOX, "Voicemail+desk@northshire.example"])
async def test_a_mail_is_kept_as_what_it_was_sorted_to(to: str) -> None:
    raw = await delivered(to_voicemail, to=to)
    assert (raw.channel, raw.body) == ("voicemail", a_mail() + b"\r\n")


async def test_a_mail_that_cannot_be_sorted_is_kept_as_a_mail_and_nothing_of_it_is_told(
    caplog: pytest.LogCaptureFixture,
) -> None:
    with caplog.at_level(logging.ERROR):
        raw = await delivered(fails, to=MAILBOX)
    assert raw.channel == "email"
    assert "a mail could not be sorted: RuntimeError" in caplog.text and SENDER not in caplog.text


async def test_another_address_is_no_mailbox_of_ours() -> None:
    with pytest.raises(aiosmtplib.SMTPRecipientsRefused):
        await delivered(to_voicemail, to="nobody@northshire.example")
