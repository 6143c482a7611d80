"""Every conversation with a machine ends after one automatic mail of ours, and a person has it."""

import asyncio
import email
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import timedelta
from email.message import Message
from pathlib import Path
from typing import Any

import aiosmtplib
from aiosmtpd.smtp import SMTP, Envelope

from storage import work
from tests.correspondents import (
    Back,
    Habit,
    a_bounce,
    a_bounce_to_the_author,
    a_forward,
    a_letter,
    a_list,
    a_list_in_its_own_name,
    a_post,
    a_redirect,
    a_ticket,
    a_ticket_with_an_address_of_its_own,
    away_as_the_rule_has_it,
    away_in_few_words,
    away_to_the_author,
    away_without_a_mark,
    says_nothing,
)
from tests.house import House, a_house

NORTH, SOUTH = "referrals@north.example", "referrals@south.example"
MARKS = (
    "Auto-Submitted", "X-Auto-Response-Suppress", "X-Frontdoor-Loop", "In-Reply-To", "References", "Message-ID",
    "Precedence", "X-Frontdoor-Kind",
)  # fmt: skip
QUEUES = ("reading", "notifying")
Change = Callable[[Message, int], None]


class Between:
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
async def two_gateways(folder: Path, change: Change) -> AsyncIterator[tuple[Between, House, House]]:
    """Each with a mailbox of its own and one relay between them."""
    post, loop = Between(change), asyncio.get_running_loop()
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


async def falls_silent(is_on_the_way: Callable[[], bool], *houses: House) -> None:
    """Once nothing is on its way and no queue has anything to do soon, twice in a row."""
    quiet = 0
    for _ in range(200):
        await asyncio.sleep(0.1)
        quiet = 0 if is_on_the_way() or any(map(has_work, houses)) else quiet + 1
        if quiet == 2:
            return
    raise AssertionError("no end")


def has_work(house: House) -> bool:
    """Whether a step is due, or will be within a minute."""
    soon = house.core.clock() + timedelta(minutes=1)
    with house.core.database.reading() as session:
        due = [work.next_due(session, queue) for queue in QUEUES]
    return any(at is not None and at <= soon for at in due)


async def test_two_gateways_exchange_one_automatic_mail(tmp_path: Path) -> None:
    async with two_gateways(tmp_path, as_it_is) as (post, north, south):
        await begin(north)
        await falls_silent(lambda: False, north, south)
        assert post.carried == [SOUTH]
        (there,) = await south.settled(lambda rs: len(rs) == 1)
        assert [n["state"] for n in there["notices"]] == ["cancelled"]


async def test_without_any_mark_each_of_two_gateways_writes_once_and_a_person_has_it(tmp_path: Path) -> None:
    async with two_gateways(tmp_path, without_marks) as (post, north, south):
        await begin(north)
        await falls_silent(lambda: False, north, south)
        assert post.carried == [SOUTH, NORTH]
        everything = await north.api("referrals") + await south.api("referrals")
        tasks = [n for r in everything for n in r["notices"] if n["kind"] == "staff_task"]
        assert len(tasks) == 1 and "perhaps a machine" in tasks[0]["reason"]


HABITS: dict[str, Habit] = {
    "jo@reader.example": says_nothing,
    "rule@away.example": away_as_the_rule_has_it,
    "plain@away-too.example": away_without_a_mark,
    "author@away-again.example": away_to_the_author,
    "short@away-still.example": away_in_few_words,
    "desk@tickets.example": a_ticket,
    "cases@cases.example": a_ticket_with_an_address_of_its_own,
    "staff@school.example": a_list,
    "parents@school.example": a_list_in_its_own_name,
    "moved@redirect.example": a_redirect,
    "moved@forward.example": a_forward,
    "gone@bounce.example": a_bounce,
    "gone@bounce-too.example": a_bounce_to_the_author,
}
COME_BACK = frozenset(address for address in HABITS if "bounce" in address)
UNMARKED = frozenset({"plain@away-too.example", "desk@tickets.example", "cases@cases.example"})
"""Nothing but when they come and what they say shows what they are: a person acknowledges them, or sees why not."""


async def test_every_machine_gets_one_automatic_mail_and_a_person_has_the_rest(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    url = f"sqlite:///{tmp_path / 'data' / 'frontdoor.db'}"
    relay = "smtp://127.0.0.1:{}"
    async with a_post(HABITS) as post, a_house(tmp_path, url, mail_relay=relay.format(post.port)) as house:
        post.door = house.smtp_port
        for address in HABITS:
            await post.brings(Back(sender=address, mail=a_letter(address, "A worry", f"Look at the boy: {address}")))
        await falls_silent(lambda: bool(post.on_the_way), house)
        referrals = await house.api("referrals")
    assert post.carried == Counter(dict.fromkeys(HABITS, 1))
    assert set(post.came_back) == set(HABITS) - {"jo@reader.example"}
    first = {r["sender"]["address"]: r for r in referrals if "Look at the boy" in r["text"] and is_first(r)}
    assert set(first) == set(HABITS)
    assert {r["state"] for r in referrals} == {"received"}
    for address, row in first.items():
        receipt, *others = [n for n in row["notices"] if n["state"] != "cancelled"]
        assert receipt["state"] == ("failed" if address in COME_BACK else "sent"), address
        is_asked = address in COME_BACK or address == "cases@cases.example"  # which answers in the thread
        assert [n["kind"] for n in others] == (["staff_task"] if is_asked else []), address
    asked = {
        r["sender"]["address"] for r in referrals for n in r["notices"] if "perhaps a machine" in (n["reason"] or "")
    }
    assert asked == UNMARKED


def is_first(row: Any) -> bool:
    """Whether it is what somebody wrote, not what came back of it."""
    return row["notices"][0]["kind"] == "receipt" and row["notices"][0]["state"] in ("sent", "failed")
