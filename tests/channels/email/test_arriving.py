"""What aiosmtpd by itself loses, refuses or is filled up by, the door takes, keeps and bounds."""

import asyncio
import socket
import struct
from datetime import UTC, datetime

import pytest

from channels.contract import RawMessage, Receipt
from tests.channels.email.conftest import OpenDoor
from tests.channels.email.northshire import MAILBOX, SENDER, a_mail, email_channel

HELLO = f"EHLO scanner\r\nMAIL FROM:<{SENDER}>\r\nRCPT TO:<{MAILBOX}>\r\nDATA\r\n".encode()


async def say(port: int, *words: bytes, then_stop: bool = True, pause: float = 0) -> bytes:
    """Say everything in one breath (or in pieces), stop sending, and return all the answers."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    for word in words:
        writer.write(word)
        await writer.drain()
        await asyncio.sleep(pause)
    if then_stop:
        writer.write_eof()
    answers = await asyncio.wait_for(reader.read(), 10)
    writer.close()
    await writer.wait_closed()
    return answers


async def test_a_peer_that_stops_sending_is_still_answered(front: OpenDoor) -> None:
    answers = await say(front.port, HELLO + b"From: a@example.org\r\n\r\nScan\r\n.\r\n")
    assert b"250 2.0.0 Kept as " in answers
    assert answers.endswith(b"221 Bye\r\n")
    assert front.keeping.kept[0].body == b"From: a@example.org\r\n\r\nScan\r\n"


async def test_a_mail_without_its_final_dot_is_not_kept(front: OpenDoor) -> None:
    answers = await say(front.port, HELLO + b"From: a@example.org\r\n\r\nhalf a sent")
    assert b"451 4.3.0" in answers
    assert front.keeping.kept == []


async def test_every_way_of_cutting_the_stream_gives_the_same_bytes(front: OpenDoor) -> None:
    content = b"Subject: x\r\n\r\n..dots\r\n...\r\nlone\nfeed\rreturn\x00nul\xff\r\n\r\n..\r\n"
    stream = content + b".\r\nQUIT\r\n"
    expected = content.replace(b"\r\n..", b"\r\n.")
    for size in (1, 2, 3, 5, 7, 64):
        front.keeping.kept.clear()
        pieces = [stream[at : at + size] for at in range(0, len(stream), size)]
        answers = await say(front.port, HELLO, *pieces, then_stop=False)
        assert answers.endswith(b"221 Bye\r\n")
        assert [raw.body for raw in front.keeping.kept] == [expected]


@pytest.mark.parametrize(
    "false_end", [b"\n.\n", b"\n.\r\n", b"\r.\r", b"\r\n.\n", b"\r\n.\r", b"\r\n\x00.\r\n", b"\r.\r\n"]
)
async def test_no_second_mail_is_smuggled_behind_a_false_end(front: OpenDoor, false_end: bytes) -> None:
    smuggled = (
        b"a" + false_end + b"MAIL FROM:<x@example.org>\r\nRCPT TO:<" + MAILBOX.encode() + b">\r\nDATA\r\nb\r\n.\r\n"
    )
    answers = await say(front.port, HELLO + b"Subject: x\r\n\r\n" + smuggled)
    assert answers.count(b"250 2.0.0 Kept") == 1
    assert b"RCPT TO" in front.keeping.kept[0].body


async def test_two_mails_in_one_breath_are_two_mails(front: OpenDoor) -> None:
    once = HELLO + b"Subject: one\r\n\r\n1\r\n.\r\n"
    answers = await say(front.port, once + HELLO.partition(b"\r\n")[2] + b"Subject: two\r\n\r\n2\r\n.\r\nQUIT\r\n")
    assert answers.count(b"250 2.0.0 Kept") == 2


async def test_a_line_of_any_length_is_taken(front: OpenDoor) -> None:
    mail = a_mail("x" * 300_000)
    assert b"250 2.0.0 Kept" in await say(front.port, HELLO + mail + b"\r\n.\r\n")
    assert front.keeping.kept[0].body == mail + b"\r\n"


async def test_an_endless_line_ends_the_conversation_and_fills_no_memory(front: OpenDoor) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", front.port)
    writer.write(HELLO)
    with pytest.raises(ConnectionError):
        for _ in range(20_000):
            writer.write(b"x" * 10_000)
            await writer.drain()
    writer.close()
    assert front.keeping.kept == []
    assert (await say(front.port, HELLO + a_mail() + b"\r\n.\r\n")).count(b"Kept as") == 1
    assert reader.at_eof() or reader.exception() is not None


class Slow:
    """An intake that waits to be let go on, as a busy database does."""

    def __init__(self) -> None:
        self.begun, self.may_go_on = asyncio.Event(), asyncio.Event()
        self.kept: list[RawMessage] = []

    async def __call__(self, raw: RawMessage) -> Receipt:
        self.begun.set()
        await self.may_go_on.wait()
        self.kept.append(raw)
        now = datetime(2026, 11, 23, 10, 15, tzinfo=UTC)
        return Receipt(reference="KMR-4729-HX", received_at=now, look_by=now)


@pytest.mark.parametrize("abrupt", [False, True])
async def test_a_peer_that_leaves_while_its_mail_is_being_kept_does_not_stop_the_keeping(abrupt: bool) -> None:
    slow = Slow()
    door = email_channel().door(slow)
    assert door is not None
    await door.open()
    with socket.create_connection(("127.0.0.1", door.port)) as peer:
        peer.sendall(HELLO + a_mail() + b"\r\n.\r\n")
        await slow.begun.wait()
        if abrupt:
            peer.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    await asyncio.sleep(0.05)
    slow.may_go_on.set()
    await door.close()
    assert [raw.body for raw in slow.kept] == [a_mail() + b"\r\n"]


async def test_a_strange_sender_address_is_no_reason_to_refuse(front: OpenDoor) -> None:
    for path in (
        b"<scanner>",
        b"scanner@local",
        b'<"a b"@example.org>',
        b"<@relay.example.org:x@example.org>",
        b"<\xff\xfe@example.org>",
    ):
        said = HELLO.replace(b"<" + SENDER.encode() + b">", path) + b"Subject: " + path + b"\r\n\r\nx\r\n.\r\n"
        assert b"250 2.0.0 Kept" in await say(front.port, said)
    senders = [raw.envelope["mail_from"] for raw in front.keeping.kept]
    assert senders == ["scanner", "scanner@local", '"a b"@example.org', "x@example.org", "??@example.org"]


async def test_commands_out_of_order_and_nonsense_get_their_answers_and_store_nothing(front: OpenDoor) -> None:
    answers = await say(front.port, b"DATA\r\n", b"EHLO x\r\n", b"DATA\r\n", b"NONSENSE\r\n", b"x" * 200_000 + b"\r\n")
    assert [line[:3] for line in answers.splitlines() if line[:1] == b"5"] == [b"503", b"503", b"500", b"500"]
    assert front.keeping.kept == []
