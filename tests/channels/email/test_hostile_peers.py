"""What peers send that are broken, slow, greedy or mean: each has its answer, and none costs anybody else a mail."""

import asyncio
import contextlib
import socket
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from channels.email.crowd import CrowdLimits
from channels.email.door import MailDoor
from channels.email.entrance import Entrance
from channels.email.patience import Patience
from tests.channels.email.conftest import OpenDoor
from tests.channels.email.northshire import MAILBOX, OWN, a_mail
from tests.channels.email.test_arriving import HELLO, say
from tests.channels.keeping import Keeping

MAIL = a_mail() + b"\r\n.\r\n"
RCPT = f"RCPT TO:<{MAILBOX}>\r\n".encode()
FALSE_ENDS = (
    b"\n.\n", b"\n.\r\n", b"\r.\r", b"\r\n.\n", b"\r\n.\r", b"\r\n\x00.\r\n", b"\r.\r\n", b"\r\n.\r\r\n",
)  # fmt: skip


@asynccontextmanager
async def a_door(*, patience: Patience | None = None, limits: CrowdLimits | None = None) -> AsyncIterator[OpenDoor]:
    keeping = Keeping()
    entrance = Entrance(patience=patience or Patience(), limits=limits or CrowdLimits())
    door = MailDoor(keeping, own=OWN, host="127.0.0.1", port=0, hostname="mx.northshire.example", entrance=entrance)
    await door.open()
    yield OpenDoor(door=door, keeping=keeping)
    await door.close()


def codes(answers: bytes) -> list[str]:
    return [line[:3].decode() for line in answers.split(b"\r\n") if line and line[3:4] != b"-"]


@pytest.mark.parametrize("false_end", FALSE_ENDS)
async def test_no_false_end_ends_a_mail_and_one_that_has_no_other_is_not_waited_for_for_ever(false_end: bytes) -> None:
    async with a_door(patience=Patience(block_seconds=0.2)) as front:
        answers = await say(front.port, HELLO + a_mail() + false_end + b"QUIT\r\n", then_stop=False)
    assert codes(answers)[-2:] == ["354", "421"]
    assert front.keeping.kept == []


async def test_commands_that_end_in_a_bare_line_feed_are_understood(front: OpenDoor) -> None:
    answers = await say(front.port, HELLO.replace(b"\r\n", b"\n") + MAIL)
    assert b"250 2.0.0 Kept as" in answers


@pytest.mark.parametrize("end", [b"\r", b"\x00", b"\x85", b"\xe2\x80\xa8"])
async def test_nothing_else_ends_a_command(front: OpenDoor, end: bytes) -> None:
    answers = await say(front.port, b"NOOP" + end + b"MAIL FROM:<x@example.org>\r\n")
    assert codes(answers) == ["220", "500", "221"]


async def test_a_mail_that_trickles_in_has_its_time_and_no_more() -> None:
    patience = Patience(mail_seconds=0.3, seconds_per_mib=0)
    async with a_door(patience=patience) as front:
        reader, writer = await asyncio.open_connection("127.0.0.1", front.port)
        writer.write(HELLO)
        answers = asyncio.create_task(reader.read())
        for _ in range(100):
            if not answers.done():
                writer.write(b"a")
                await asyncio.sleep(0.02)
        assert answers.done()
        writer.close()
    assert b"421 4.4.2 The message came too slowly" in answers.result()
    assert front.keeping.kept == []


async def test_a_slow_line_that_brings_enough_is_waited_for() -> None:
    patience = Patience(mail_seconds=0.5, seconds_per_mib=100)
    async with a_door(patience=patience) as front:
        pieces = [(b"x" * 998 + b"\r\n") * 20] * 20
        answers = await say(front.port, HELLO, *pieces, b".\r\nQUIT\r\n", then_stop=False, pause=0.05)
    assert b"250 2.0.0 Kept as" in answers


async def test_a_slow_disk_is_no_fault_of_the_peers() -> None:
    assert Patience().for_a_mail(0) == 600
    assert Patience().for_a_mail(5 * 1024 * 1024) == 660


@pytest.mark.parametrize("said", [b"", b"EHLO x\r\n", b"EHLO x\r\nMAIL FROM:<a@example.org>\r\n", b"no line"])
async def test_a_peer_that_says_nothing_more_is_told_so_and_left(said: bytes) -> None:
    async with a_door(patience=Patience(command_seconds=0.1)) as front:
        answers = await say(front.port, said, then_stop=False)
    assert answers.endswith(b"421 4.4.2 Nothing came for too long, goodbye\r\n")


async def test_mistakes_without_end_end_the_conversation_and_what_was_taken_stays(front: OpenDoor) -> None:
    probing = b"MAIL FROM:<a@example.org>\r\n" + b"".join(
        b"RCPT TO:<%d@northshire.example>\r\n" % n for n in range(200)
    )
    answers = await say(front.port, HELLO + MAIL + probing, then_stop=False)
    assert codes(answers).count("550") == 50
    assert answers.endswith(b"421 4.7.0 Too many errors, goodbye\r\n")
    assert len(front.keeping.kept) == 1
    assert b"250 2.0.0 Kept as" in await say(front.port, HELLO + b"x" + MAIL)


async def test_commands_nobody_knows_end_the_conversation_soon(front: OpenDoor) -> None:
    answers = await say(front.port, b"GET / HTTP/1.1\r\nHost: northshire.example\r\n" * 20, then_stop=False)
    assert len(codes(answers)) < 10


async def test_commands_that_do_nothing_are_not_taken_without_end(front: OpenDoor) -> None:
    answers = await say(front.port, b"EHLO x\r\n" + b"NOOP\r\n" * 1500, then_stop=False)
    assert codes(answers).count("250") == 1001
    assert answers.rstrip().endswith(b"421 4.7.0 NOOP sent too many times")


async def test_a_flood_of_commands_in_one_breath_lets_others_have_their_turn(front: OpenDoor) -> None:
    flood, turns = b"EHLO x\r\n" + b"RSET\r\n" * 10_000 + b"QUIT\r\n", 0
    flooding = asyncio.create_task(say(front.port, flood, then_stop=False))
    while not flooding.done():
        turns += 1
        await asyncio.sleep(0)
    assert codes(await flooding).count("250") == 10_001
    assert turns > 10_000 / 32


async def test_of_two_thousand_recipients_a_hundred_are_taken_and_the_rest_asked_for_again(front: OpenDoor) -> None:
    hello = b"EHLO x\r\nMAIL FROM:<a@example.org>\r\n" + RCPT * 2000 + b"DATA\r\n"
    answers = await say(front.port, hello + MAIL)
    assert codes(answers).count("452") == 1900
    assert b"250 2.0.0 Kept as" in answers
    assert len(front.keeping.kept[0].envelope["rcpt_to"].split("\n")) == 100


async def test_a_command_without_end_fills_no_memory_and_is_answered(front: OpenDoor) -> None:
    long = b"MAIL FROM:<" + b"x" * 3000 + b"@example.org>\r\n"
    endless = b"EHLO " + b"x" * 5_000_000 + b"\r\n"
    answers = await say(front.port, b"EHLO x\r\n" + long + endless + HELLO + MAIL)
    assert codes(answers).count("500") == 2
    assert b"250 2.0.0 Kept as" in answers


async def test_chunks_are_not_offered_and_not_taken(front: OpenDoor) -> None:
    answers = await say(front.port, HELLO.removesuffix(b"DATA\r\n") + b"BDAT 5 LAST\r\n")
    assert b"CHUNKING" not in answers
    assert codes(answers)[-2:] == ["500", "221"]


@pytest.mark.parametrize(
    ("command", "code"),
    [
        (b"MAIL FROM:<a@example.org> BODY=8BITMIME SMTPUTF8 SIZE=100", "250"),
        (b"MAIL FROM:<a@example.org> RET=HDRS ENVID=QQ314159", "250"),
        (b"MAIL FROM:<a@example.org> AUTH=<>", "250"),
        (b"MAIL FROM:<a@example.org> SIZE=104857600", "552"),
        (b"MAIL FROM:<a@example.org> SIZE=many", "501"),
        (b"MAIL FROM:<a@example.org> BODY=BINARYMIME", "501"),
        (b"MAIL FROM:<a@example.org> COLOUR=RED", "555"),
        (b"MAIL FROM:<>", "250"),
    ],
)
async def test_what_a_sender_may_come_with(front: OpenDoor, command: bytes, code: str) -> None:
    answers = await say(front.port, b"EHLO x\r\n" + command + b"\r\n")
    assert codes(answers)[-2] == code


async def test_a_recipient_may_come_with_wishes_for_reports(front: OpenDoor) -> None:
    wishes = RCPT.replace(b"\r\n", b" NOTIFY=FAILURE,DELAY ORCPT=rfc822;a@example.org\r\n")
    assert b"250 2.0.0 Kept as" in await say(front.port, HELLO.replace(RCPT, wishes) + MAIL)


async def test_a_number_of_another_alphabet_is_no_size_and_no_reason_to_fall_over(front: OpenDoor) -> None:
    answers = await say(front.port, "EHLO x\r\nMAIL FROM:<a@example.org> SIZE=²\r\n".encode() + HELLO + MAIL)
    assert b"250 2.0.0 Kept as" in answers


async def test_eight_bits_of_any_kind_come_through_undeclared(front: OpenDoor) -> None:
    mail = bytes(range(1, 256)).replace(b"\r", b"").replace(b"\n", b"") + b"\r\n"
    await say(front.port, HELLO + mail + b".\r\n")
    assert front.keeping.kept[0].body == mail


async def test_a_peer_has_so_many_conversations_at_once_and_others_have_theirs() -> None:
    async with a_door(limits=CrowdLimits(at_once=2)) as front:
        held = [await asyncio.open_connection("127.0.0.1", front.port) for _ in range(2)]
        assert [(await reader.readline())[:3] for reader, _ in held] == [b"220", b"220"]
        assert (await say(front.port, b"", then_stop=False)).startswith(b"421 4.7.0 Too many connections from you")
        held[0][1].write(HELLO + MAIL)
        assert b"Kept as" in await held[0][0].readuntil(b"Kept as")
        for _, writer in held:
            writer.close()
            await writer.wait_closed()
        await asyncio.sleep(0.05)
        assert b"250 2.0.0 Kept as" in await say(front.port, HELLO + MAIL)


async def test_all_peers_together_have_so_many() -> None:
    async with a_door(limits=CrowdLimits(in_all=1)) as front:
        _, writer = await asyncio.open_connection("127.0.0.1", front.port)
        await asyncio.sleep(0.02)
        assert await say(front.port, b"", then_stop=False) == b"421 4.3.2 Too many connections, please try again\r\n"
        writer.close()


async def test_closing_tells_who_is_in_the_middle_of_something() -> None:
    async with a_door() as front:
        reader, writer = await asyncio.open_connection("127.0.0.1", front.port)
        writer.write(HELLO + b"half a")
        await reader.readuntil(b"354 ")
    assert (await reader.read()).endswith(b"421 4.3.2 We are closing, please try again\r\n")
    writer.close()


async def test_a_peer_that_hears_nothing_holds_up_neither_others_nor_the_closing() -> None:
    async with a_door(patience=Patience(closing_seconds=0.1)) as front:
        with socket.socket() as deaf:
            deaf.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            deaf.connect(("127.0.0.1", front.port))
            await asyncio.sleep(0.05)
            (conversation,) = front.door._conversations
            assert isinstance(conversation.transport, asyncio.Transport)
            ours = conversation.transport.get_extra_info("socket")
            ours.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 4096)
            deaf.setblocking(False)
            with contextlib.suppress(BlockingIOError):
                for _ in range(100):
                    deaf.send(b"RSET\r\n" * 1000)
                    await asyncio.sleep(0.01)
            assert conversation.transport.get_write_buffer_size() > 0
            assert b"250 2.0.0 Kept as" in await say(front.port, HELLO + MAIL)
            began = time.monotonic()
            await front.door.close()
            assert time.monotonic() - began < 5
