"""Two gateways that write to each other fall silent by themselves, even where a relay takes off every mark."""

import asyncio
import email
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from email.message import Message
from pathlib import Path

import aiosmtplib
from aiosmtpd.smtp import SMTP, Envelope

from tests.house import House, a_house

NORTH, SOUTH = "referrals@north.example", "referrals@south.example"
MARKS = (
    "Auto-Submitted", "X-Auto-Response-Suppress", "X-Frontdoor-Loop", "In-Reply-To", "References", "Message-ID",
    "Precedence", "X-Frontdoor-Kind",
)  # fmt: skip
QUIET_SECONDS = 3.0
Change = Callable[[Message, int], None]


class Post:
    """A relay between two gateways: ``carried`` is what it brought to the other side, as its recipient sees it."""

    def __init__(self, change: Change) -> None:
        self.change, self.carried = change, list[str]()
        self.doors: dict[str, int] = {}

    async def handle_DATA(self, _: object, __: object, envelope: Envelope) -> str:
        (recipient,) = envelope.rcpt_tos
        mail = email.message_from_bytes(bytes(envelope.original_content or b""))
        self.carried.append(recipient)
        self.change(mail, len(self.carried))
        sender = mail["From"].rpartition("<")[2].strip(" >")
        async with aiosmtplib.SMTP(hostname="127.0.0.1", port=self.doors[recipient]) as client:
            await client.mail(sender)
            await client.rcpt(recipient)
            await client.data(mail.as_bytes())
        return "250 OK"


@asynccontextmanager
async def two_gateways(folder: Path, change: Change) -> AsyncIterator[tuple[Post, House, House]]:
    """Each with a mailbox of its own and one relay between them."""
    post, loop = Post(change), asyncio.get_running_loop()
    server = await loop.create_server(lambda: SMTP(post, loop=loop), "127.0.0.1", 0)
    relay = f"smtp://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    async with _one(folder / "north", NORTH, relay) as north, _one(folder / "south", SOUTH, relay) as south:
        post.doors = {NORTH: north.smtp_port, SOUTH: south.smtp_port}
        yield post, north, south
    server.close()
    await server.wait_closed()


@asynccontextmanager
async def _one(folder: Path, mailbox: str, relay: str) -> AsyncIterator[House]:
    folder.mkdir()
    (folder / "data").mkdir()
    url = f"sqlite:///{folder / 'data' / 'frontdoor.db'}"
    async with a_house(folder, url, mailboxes=mailbox, mail_from=mailbox, mail_relay=relay) as house:
        yield house


def as_it_is(_: Message, __: int) -> None:
    """The mail arrives as it was sent."""


def without_marks(mail: Message, number: int) -> None:
    """A gateway of old: it takes every mark off, gives the mail an id of its own and a subject of its own."""
    for name in MARKS:
        del mail[name]
    mail["Message-ID"] = f"<again-{number}@old-relay.example>"
    mail.replace_header("Subject", "Your case")


async def begin(house: House) -> None:
    """A mail that seems to come from the other gateway's mailbox."""
    text = f"From: {SOUTH}\r\nTo: {NORTH}\r\nMessage-ID: <first@south.example>\r\nSubject: A worry\r\n\r\nShouting.\r\n"
    async with aiosmtplib.SMTP(hostname="127.0.0.1", port=house.smtp_port) as client:
        await client.mail(SOUTH)
        await client.rcpt(NORTH)
        await client.data(text.encode())


async def falls_silent(post: Post) -> list[str]:
    """What was carried, once nothing has been for a while."""
    for _ in range(40):
        before = len(post.carried)
        await asyncio.sleep(QUIET_SECONDS)
        if before and len(post.carried) == before:
            return post.carried
    raise AssertionError(f"{len(post.carried)} mails and no end")


async def test_two_gateways_exchange_one_automatic_mail(tmp_path: Path) -> None:
    async with two_gateways(tmp_path, as_it_is) as (post, north, south):
        await begin(north)
        assert await falls_silent(post) == [SOUTH]
        (there,) = await south.settled(lambda rs: len(rs) == 1)
        assert [n["state"] for n in there["notices"]] == ["cancelled"]


async def test_without_any_mark_they_fall_silent_after_a_few_and_a_person_has_it(tmp_path: Path) -> None:
    async with two_gateways(tmp_path, without_marks) as (post, north, south):
        await begin(north)
        carried = await falls_silent(post)
        assert 2 <= len(carried) <= 4
        everything = await north.api("referrals") + await south.api("referrals")
        tasks = [n for r in everything for n in r["notices"] if n["kind"] == "staff_task"]
        assert len(tasks) == 1 and "perhaps a machine" in tasks[0]["reason"]
