"""The mail servers of the world: each tries with the same bytes until it is told 250, as real ones do."""

from __future__ import annotations

import hashlib
import random
import re

import aiosmtplib

from tests.chaos.content import (
    MACHINE,
    MAILBOX,
    Mail,
    a_bounce,
    a_machine_mail,
    a_mail,
    a_poison_mail,
    a_vacation,
    address_of,
)
from tests.chaos.plan import PlannedMessage, Way
from tests.chaos.world import Patience, World

TIMEOUT = 20.0
SENT_AGAIN = 0.04


async def send_mail(world: World, message: PlannedMessage) -> None:
    """A person's mail, an automatic one or poison; some servers miss our 250 and send the mail once more."""
    mail, recipient = _mail_of(world, message)
    key = "" if mail.kind == "bounce" else hashlib.sha256(mail.content).hexdigest()
    world.sent(message, key=key, who=address_of(message.number), marker=mail.marker, answers=mail.message_id)
    await _until_taken(world, message, mail, recipient)
    if random.Random(message.draw + 1).random() < SENT_AGAIN:
        await _until_taken(world, message, mail, recipient)


def _mail_of(world: World, message: PlannedMessage) -> tuple[Mail, str]:
    if message.way is Way.MAIL:
        return a_mail(message), MAILBOX
    if message.way is Way.POISON:
        return a_poison_mail(message), MAILBOX
    chance = random.Random(message.draw)
    kind = chance.choice(MACHINE)
    if kind in ("vacation", "bounce") and world.relay.taken:
        notice = chance.choice(world.relay.taken)
        if kind == "vacation":
            return a_vacation(message, answered=notice.mail), MAILBOX
        return a_bounce(message, returned=notice.mail, recipient=notice.recipient), notice.envelope_from
    return a_machine_mail(message, kind="auto-replied" if kind in ("vacation", "bounce") else kind), MAILBOX


async def _until_taken(world: World, message: PlannedMessage, mail: Mail, recipient: str) -> None:
    patience = Patience(world, message.draw)
    while True:
        try:
            answer = await _handed_over(world, mail, recipient)
        except (aiosmtplib.SMTPException, OSError, TimeoutError):
            if not await patience.wait():
                return
        else:
            named = re.search(r"Kept as (\S+)", answer)
            world.taken(message, reference=named[1] if named else "")
            return


async def _handed_over(world: World, mail: Mail, recipient: str) -> str:
    client = aiosmtplib.SMTP(hostname="127.0.0.1", port=world.smtp_port, timeout=TIMEOUT)
    try:
        await client.connect()
        await client.mail(mail.sender)
        await client.rcpt(recipient)
        answer = await client.data(mail.content)
        return answer.message
    finally:
        client.close()
