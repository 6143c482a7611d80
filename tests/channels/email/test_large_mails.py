"""A large mail goes to the disk sealed while it comes in, and what breaks off leaves nothing behind."""

import asyncio
import socket
import struct
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path

import pytest

from channels.contract import InFile, Laying, NoRoom, NotKept, Purpose, RawMessage, Shelf
from channels.email.door import MailDoor, source_key
from channels.email.entrance import Entrance
from channels.email.own import Own
from gateway.shelving import FOLDER, Shelving
from storage.blobs import Blobs, FileBlobs
from storage.sealing import Seal
from tests.channels.email.northshire import MAILBOX, NOTICE_ID, OWN, SENDER, a_mail
from tests.channels.email.test_arriving import HELLO, say
from tests.channels.keeping import Keeping

LIMIT = 4_000_000
SAYS = b"a sentence nobody else may read, "
WORDS = SAYS * 30 + b"\r\n..\r\n"


def a_large_mail(size: int = 1_500_000, **fields: str) -> bytes:
    return a_mail(WORDS * (size // len(WORDS) + 1), **fields) + b"\r\n"


def stuffed(mail: bytes) -> bytes:
    return mail.replace(b"\r\n.", b"\r\n..") + b".\r\n"


@dataclass(kw_only=True)
class Front:
    door: MailDoor
    keeping: Keeping
    blobs: FileBlobs

    def unfinished(self) -> list[Path]:
        return list((self.blobs.root / FOLDER).glob("*/*.part"))

    async def settled(self, is_so: Callable[[], bool]) -> None:
        for _ in range(300):
            if is_so():
                return
            await asyncio.sleep(0.01)
        raise AssertionError("it did not come to pass")


@pytest.fixture
def shelving(blobs: Blobs, seal: Seal, tmp_path: Path) -> Iterator[Shelving]:
    shelf = Shelving(blobs=blobs, seal=seal, data_dir=tmp_path)
    yield shelf
    shelf.close()


def a_door(keeping: Keeping, shelf: Shelf, own: Own = OWN) -> MailDoor:
    return MailDoor(
        keeping, own=own, host="127.0.0.1", port=0, hostname="mx.northshire.example", max_bytes=LIMIT,
        entrance=Entrance(shelf=shelf),
    )  # fmt: skip


@pytest.fixture
async def front(shelving: Shelving, blobs: Blobs) -> AsyncIterator[Front]:
    assert isinstance(blobs, FileBlobs)
    keeping = Keeping()
    door = a_door(keeping, shelving)
    await door.open()
    yield Front(door=door, keeping=keeping, blobs=blobs)
    await door.close()


async def test_it_lies_in_its_file_byte_for_byte_when_it_is_acknowledged(front: Front) -> None:
    mail = a_large_mail()
    assert b"250 2.0.0 Kept as" in await say(front.door.port, HELLO + stuffed(mail))
    (raw,) = front.keeping.kept
    assert raw.in_file == InFile(sha256=sha256(mail).hexdigest(), size=len(mail))
    assert raw.body == b""
    assert front.blobs.get(raw.in_file.sha256) == mail
    assert raw.source_key == source_key(mail)
    assert front.unfinished() == []


async def test_a_short_one_has_no_file(front: Front) -> None:
    mail = a_large_mail(200_000)
    await say(front.door.port, HELLO + stuffed(mail))
    assert [(raw.body, raw.in_file) for raw in front.keeping.kept] == [(mail, None)]


@pytest.mark.parametrize("above", [b"", b"Received: from a by b;\r\n\tlater\r\nReturn-Path: <x@example.org>\r\n"])
@pytest.mark.parametrize("message_id", ["<1@example.org>", ""])
async def test_it_has_the_key_it_would_have_as_a_short_one(front: Front, above: bytes, message_id: str) -> None:
    mail = above + a_large_mail(Message_ID=message_id)
    await say(front.door.port, HELLO + stuffed(mail))
    assert front.keeping.kept[0].source_key == source_key(mail)


@pytest.mark.parametrize("size", [262_143, 262_144, 262_145, 524_288, 786_432])
async def test_its_bytes_are_whole_at_every_border_and_what_follows_is_heard(front: Front, size: int) -> None:
    mail = a_large_mail(1000).ljust(size - 2, b"x") + b"\r\n"
    stream = stuffed(mail) + HELLO.partition(b"\r\n")[2] + stuffed(a_mail() + b"\r\n") + b"QUIT\r\n"
    pieces = [stream[at : at + 65_537] for at in range(0, len(stream), 65_537)]
    answers = await say(front.door.port, HELLO, *pieces, then_stop=False)
    assert answers.count(b"250 2.0.0 Kept as") == 2
    large, short = front.keeping.kept
    assert (front.blobs.get(large.in_file.sha256) if large.in_file else large.body) == mail
    assert short.body == a_mail() + b"\r\n"


async def test_while_it_comes_nothing_of_it_can_be_read_on_the_disk(front: Front) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", front.door.port)
    writer.write(HELLO + a_large_mail())
    await front.settled(lambda: any(file.stat().st_size > 1_000_000 for file in front.unfinished()))
    (file,) = front.unfinished()
    assert SAYS[:20] not in file.read_bytes()
    assert file.parent.stat().st_mode & 0o077 == 0
    writer.close()
    await writer.wait_closed()
    assert reader.exception() is None


@pytest.mark.parametrize("how", ["reset", "closed", "half-closed"])
async def test_a_peer_that_goes_in_the_middle_leaves_nothing_behind(front: Front, how: str) -> None:
    with socket.create_connection(("127.0.0.1", front.door.port)) as peer:
        await asyncio.to_thread(peer.sendall, HELLO + a_large_mail())
        await front.settled(lambda: bool(front.unfinished()))
        if how == "reset":
            peer.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        elif how == "half-closed":
            peer.shutdown(socket.SHUT_WR)
            answers = b""
            while more := await asyncio.to_thread(peer.recv, 1000):
                answers += more
            assert b"451 4.3.0 The message ended before its final dot" in answers
    await front.settled(lambda: not front.unfinished())
    assert front.keeping.kept == [] and list(front.blobs.names()) == []


async def test_one_that_becomes_too_large_is_refused_at_its_end_and_leaves_nothing(front: Front) -> None:
    stream = HELLO + stuffed(a_large_mail(LIMIT)) + HELLO.partition(b"\r\n")[2] + stuffed(a_large_mail()) + b"QUIT\r\n"
    answers = await say(front.door.port, stream, then_stop=False)
    assert answers.count(b"552 5.3.4") == 1
    assert answers.count(b"250 2.0.0 Kept as") == 1
    assert front.unfinished() == [] and len(list(front.blobs.names())) == 1


async def test_one_that_cannot_be_kept_is_to_be_sent_again(front: Front) -> None:
    front.keeping.failing = True
    assert b"451 4.3.0" in await say(front.door.port, HELLO + stuffed(a_large_mail()))
    front.keeping.failing = False
    assert b"250 2.0.0" in await say(front.door.port, HELLO + stuffed(a_large_mail()))
    assert front.unfinished() == []


class Failing:
    """A shelf that takes so many blocks and then says why it takes no more."""

    def __init__(self, error: Exception, *, blocks: int) -> None:
        self.error, self.blocks, self.abandoned = error, blocks, 0

    async def begin(self, heard: Callable[[bytes], object]) -> Laying:
        self._take()
        return self

    async def write(self, block: bytes) -> None:
        self._take()

    async def finish(self) -> InFile | bytes:
        raise self.error

    def abandon(self) -> None:
        self.abandoned += 1

    def _take(self) -> None:
        self.blocks -= 1
        if self.blocks < 0:
            raise self.error


@pytest.mark.parametrize("blocks", [0, 1, 3, 10_000])
@pytest.mark.parametrize(("error", "answer"), [(NoRoom(), b"451 4.3.1"), (NotKept(), b"451 4.3.0")])
async def test_a_disk_that_takes_no_more_is_told_after_the_final_dot_and_the_conversation_goes_on(
    error: Exception, answer: bytes, blocks: int
) -> None:
    keeping, shelf = Keeping(), Failing(error, blocks=blocks)
    door = a_door(keeping, shelf)
    await door.open()
    after = HELLO.partition(b"\r\n")[2] + stuffed(a_mail() + b"\r\n") + b"QUIT\r\n"
    answers = await say(door.port, HELLO + stuffed(a_large_mail()) + after, then_stop=False)
    await door.close()
    assert answers.count(answer) == 1
    assert answers.count(b"250 2.0.0 Kept as") == len(keeping.kept) == 1
    assert shelf.abandoned or blocks == 0


async def test_a_mistake_of_our_own_ends_the_conversation_so_that_no_words_are_taken_for_commands(
    caplog: pytest.LogCaptureFixture,
) -> None:
    keeping, shelf = Keeping(), Failing(RuntimeError("said aloud"), blocks=2)
    door = a_door(keeping, shelf)
    await door.open()
    words = a_large_mail() + HELLO + stuffed(a_mail() + b"\r\n")
    try:
        answers = await say(door.port, HELLO + words, then_stop=False)
    except ConnectionError:
        answers = b"451 4.3.0"
    await door.close()
    assert b"451 4.3.0" in answers and b"250 2.0.0" not in answers
    assert keeping.kept == [] and shelf.abandoned
    assert "RuntimeError" in caplog.text and "said aloud" not in caplog.text


async def test_a_large_report_of_a_delivery_is_known_as_one(front: Front) -> None:
    report = a_large_mail(Content_Type="multipart/report; report-type=delivery-status")
    to_bounce = HELLO.replace(MAILBOX.encode(), OWN.bounce_address(NOTICE_ID).encode()).replace(SENDER.encode(), b"")
    await say(front.door.port, to_bounce + stuffed(report))
    assert [raw.purpose for raw in front.keeping.kept] == [Purpose.REPORT]


async def test_sorting_sees_the_beginning_and_the_whole_is_kept(shelving: Shelving, blobs: Blobs) -> None:
    keeping, shown = Keeping(), list[int]()

    def sort(raw: RawMessage) -> RawMessage:
        shown.append(len(raw.body))
        return replace(raw, channel="voicemail")

    door = MailDoor(
        keeping, own=OWN, host="127.0.0.1", port=0, hostname="mx.northshire.example", sort=sort,
        entrance=Entrance(shelf=shelving),
    )  # fmt: skip
    await door.open()
    mail = a_large_mail()
    await say(door.port, HELLO + stuffed(mail))
    await door.close()
    (raw,) = keeping.kept
    assert shown == [256 * 1024]
    assert (raw.channel, raw.body) == ("voicemail", b"")
    assert raw.in_file is not None and blobs.get(raw.in_file.sha256) == mail


async def test_six_at_once_are_six_whole_mails(front: Front) -> None:
    mails = [a_large_mail(Message_ID=f"<{n}@example.org>", Subject=f"Number {n}") for n in range(6)]
    answers = await asyncio.gather(*(say(front.door.port, HELLO + stuffed(mail)) for mail in mails))
    assert all(b"250 2.0.0 Kept as" in answer for answer in answers)
    assert sorted(front.blobs.names()) == sorted(sha256(mail).hexdigest() for mail in mails)
    assert all(front.blobs.get(sha256(mail).hexdigest()) == mail for mail in mails)
