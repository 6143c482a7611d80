"""Mail fetched from a real server into a gateway of this test."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager

from sqlmodel import col, select

from channels.email import Email
from channels.mailbox import Mailbox
from gateway.core import Core
from gateway.pulling import Pulling, Timing
from gateway.pulling.wired import mailboxes_of
from gateway.settings import Settings
from gateway.wiring import wire_channels
from storage.message import Message

QUICK = Timing(first_wait=0.2, longest_wait=0.5, look_again=0.2, renew=0.2, lease=2.0)


def a_mail(number: int = 1, words: str = "The boy next door is alone at night.", **headers: str) -> bytes:
    """From somebody invented, with a Message-ID of its own."""
    told = {
        "From": f"person{number}@example.org", "To": "referrals@northshire.example", "Subject": "Worried",
        "Message-ID": f"<{number}@example.org>",
    } | {name.replace("_", "-"): value for name, value in headers.items()}  # fmt: skip
    lines = "".join(f"{name}: {value}\r\n" for name, value in told.items())
    return f"{lines}\r\n{words}\r\n".encode()


def with_mailboxes(core: Core, **settings: object) -> Sequence[Mailbox]:
    """The mailboxes that these settings name."""
    given: Settings = core.settings.model_copy(update=settings)
    email = wire_channels(core).receivers["email"]
    assert isinstance(email, Email)
    return mailboxes_of(given, email=email, sort=lambda raw: raw, shelf=core.shelving)


def a_pulling(core: Core, boxes: Sequence[Mailbox], timing: Timing = QUICK) -> Pulling:
    """Of one process."""
    return Pulling(database=core.database, intake=core.intake, mailboxes=boxes, clock=core.clock, timing=timing)


@asynccontextmanager
async def fetching(core: Core, boxes: Sequence[Mailbox], timing: Timing = QUICK) -> AsyncIterator[Pulling]:
    """A process that fetches as long as the block lasts."""
    pulling = a_pulling(core, boxes, timing)
    task = asyncio.create_task(pulling.run())
    try:
        yield pulling
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


def kept(core: Core, channel: str = "email") -> Sequence[Message]:
    """What stands in the ledger, in order."""
    with core.database.reading() as session:
        numbered = select(Message).where(Message.channel == channel, col(Message.ledger_no).is_not(None))
        return session.exec(numbered.order_by(col(Message.ledger_no))).all()


async def until(holds: Callable[[], bool], seconds: float = 15.0) -> None:
    """Fails when it does not come true in time."""
    for _ in range(int(seconds / 0.02)):
        if await asyncio.to_thread(holds):
            return
        await asyncio.sleep(0.02)
    raise AssertionError("it did not come true in time")
