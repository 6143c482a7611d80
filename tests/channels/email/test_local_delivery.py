"""A mail server on our own side hands over by LMTP: one keeping, and an answer for each recipient."""

import asyncio
import smtplib
import socket
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from channels.email import Email
from channels.email.door import MailDoor
from channels.email.entrance import Entrance
from tests.channels.email.conftest import OpenDoor
from tests.channels.email.northshire import KEY, MAILBOX, OWN, SENDER, a_mail
from tests.channels.email.test_arriving import say
from tests.channels.keeping import REFERENCES, Keeping

OTHER = "mash@northshire.example"
HELLO = f"LHLO mx\r\nMAIL FROM:<{SENDER}>\r\nRCPT TO:<{MAILBOX}>\r\nRCPT TO:<x@example.org>\r\nRCPT TO:<{OTHER}>\r\n"
DATA = HELLO.encode() + b"DATA\r\n"


def a_door(keeping: Keeping, lmtp: str) -> MailDoor:
    return MailDoor(
        keeping, own=OWN, host="", port=0, hostname="mx.northshire.example", max_bytes=100_000,
        entrance=Entrance(lmtp=lmtp),
    )  # fmt: skip


@pytest.fixture
async def local() -> AsyncIterator[OpenDoor]:
    keeping = Keeping()
    door = a_door(keeping, "127.0.0.1:0")
    await door.open()
    yield OpenDoor(door=door, keeping=keeping)
    await door.close()


def after_data(answers: bytes) -> list[bytes]:
    return answers.partition(b"354 ")[2].splitlines()[1:]


async def test_each_recipient_that_was_taken_has_its_answer_and_the_mail_is_kept_once(local: OpenDoor) -> None:
    answers = await say(local.door.lmtp_port, DATA + a_mail() + b"\r\n.\r\nQUIT\r\n", then_stop=False)
    assert b"550 5.1.1" in answers
    assert after_data(answers) == [f"250 2.0.0 Kept as {REFERENCES[0]}".encode()] * 2 + [b"221 Bye"]
    (raw,) = local.keeping.kept
    assert raw.envelope["rcpt_to"] == f"{MAILBOX}\n{OTHER}"
    assert raw.envelope["with"] == "LMTP"


async def test_what_cannot_be_kept_or_is_too_large_is_said_to_each(local: OpenDoor) -> None:
    local.keeping.failing = True
    answers = await say(local.door.lmtp_port, DATA + a_mail() + b"\r\n.\r\nQUIT\r\n", then_stop=False)
    assert [line[:9] for line in after_data(answers)] == [b"451 4.3.0"] * 2 + [b"221 Bye"]
    large = a_mail(b"x" * 90 + b"\r\n") * 2000
    answers = await say(local.door.lmtp_port, DATA + large + b"\r\n.\r\nQUIT\r\n", then_stop=False)
    assert [line[:9] for line in after_data(answers)] == [b"552 5.3.4"] * 2 + [b"221 Bye"]


async def test_it_is_not_smtp(local: OpenDoor) -> None:
    answers = await say(local.door.lmtp_port, b"EHLO x\r\nHELO x\r\nMAIL FROM:<a@example.org>\r\nQUIT\r\n")
    assert [line[:3] for line in answers.splitlines()] == [b"220", b"500", b"500", b"503", b"221"]
    assert b"send LHLO first" in answers


async def test_without_a_recipient_there_is_no_mail(local: OpenDoor) -> None:
    answers = await say(local.door.lmtp_port, f"LHLO x\r\nMAIL FROM:<{SENDER}>\r\nDATA\r\n".encode())
    assert b"503 5.5.1" in answers


async def test_it_is_handed_over_by_a_socket_that_only_our_group_may_use(tmp_path: Path) -> None:
    keeping, path = Keeping(), tmp_path / "lmtp"
    with socket.socket(socket.AF_UNIX) as killed:
        killed.bind(str(path))
    door = a_door(keeping, str(path))
    await door.open()
    assert path.stat().st_mode & 0o777 == 0o660

    def handed_over() -> dict[str, tuple[int, bytes]]:
        with smtplib.LMTP(str(path)) as client:
            return client.sendmail(SENDER, [MAILBOX], a_mail())

    assert await asyncio.to_thread(handed_over) == {}
    await door.close()
    assert [raw.body for raw in keeping.kept] == [a_mail() + b"\r\n"]
    assert not path.exists()


async def test_the_door_may_be_open_for_lmtp_alone(tmp_path: Path) -> None:
    channel = Email(
        mailboxes=(MAILBOX,), listen="", relay=None, mail_from=MAILBOX, organisation="Northshire Council",
        hostname="mx.northshire.example", loop_key=KEY, entrance=Entrance(lmtp=str(tmp_path / "lmtp")),
    )  # fmt: skip
    assert [way.detail for way in channel.ways_in()] == [MAILBOX]
    door = channel.door(Keeping())
    assert door is not None
    await door.open()
    assert (door.port, (tmp_path / "lmtp").is_socket()) == (0, True)
    await door.close()


async def test_a_gateway_that_closes_leaves_the_socket_of_the_one_that_took_its_place(tmp_path: Path) -> None:
    keeping, path = Keeping(), str(tmp_path / "lmtp")
    before, after = a_door(Keeping(), path), a_door(keeping, path)
    await before.open()
    await after.open()
    await before.close()

    def handed_over() -> dict[str, tuple[int, bytes]]:
        with smtplib.LMTP(path) as client:
            return client.sendmail(SENDER, [MAILBOX], a_mail())

    assert await asyncio.to_thread(handed_over) == {}
    await after.close()
    assert len(keeping.kept) == 1
    assert not Path(path).exists()
