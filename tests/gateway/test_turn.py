"""One long message is open at a time, whatever becomes of it, and short ones never wait for it."""

import asyncio
import base64

import pytest
from sqlmodel import select

from gateway.core import Core
from gateway.dividing.dividing import Dividing
from gateway.dividing.unpacking import Unpacking
from gateway.reading.opening import LONG_SCAN, SCANS, Opening
from gateway.reading.turn import LONG_BYTES, NotYet, Turn
from storage.message import Message
from tests.builders import a_message, read_all
from tests.fakes import MONDAY_MORNING, MovableClock


async def test_of_many_long_ones_one_is_open_and_the_rest_come_again() -> None:
    turn, is_open, most, put_off = Turn(places=3), 0, 0, 0

    async def read() -> None:
        nonlocal is_open, most, put_off
        try:
            async with turn.of(LONG_BYTES + 1):
                is_open += 1
                most = max(most, is_open)
                await asyncio.sleep(0.001)
                is_open -= 1
        except NotYet:
            put_off += 1

    await asyncio.gather(*(read() for _ in range(10)))
    assert (most, put_off) == (1, 7)
    await read()
    assert put_off == 7


async def test_a_short_one_does_not_wait() -> None:
    turn = Turn(places=1)
    async with turn.of(LONG_BYTES + 1):
        async with asyncio.timeout(1), turn.of(LONG_BYTES):
            pass
        with pytest.raises(NotYet):
            async with turn.of(LONG_BYTES + 1):
                pass


async def test_a_scan_that_is_looked_at_holds_up_no_mail_no_text_and_no_letter_found_in_another(core: Core) -> None:
    unpacking = Unpacking(blobs=core.blobs, accept=core.intake.accept)
    dividing = Dividing(blobs=core.blobs, seal=core.seal, clock=core.clock, unpacking=unpacking)
    opening = Opening(blobs=core.blobs, seal=core.seal, dividing=dividing)
    scan = a_row("letter", LONG_SCAN + 1)
    async with opening.turn_of(scan):
        waiting = [asyncio.create_task(take_turn(opening, scan)) for _ in range(SCANS)]
        await asyncio.sleep(0)
        with pytest.raises(NotYet):
            await waiting.pop()
        async with asyncio.timeout(1):
            for row in (a_row("email", LONG_BYTES + 1), a_row("sms", 9), a_row("letter", LONG_BYTES, scan_id="other")):
                await take_turn(opening, row)
    await asyncio.gather(*waiting)


async def take_turn(opening: Opening, row: Message) -> None:
    async with opening.turn_of(row):
        pass


def a_row(channel: str, size: int, scan_id: str | None = None) -> Message:
    return Message(
        channel=channel, source_key="k", reference="r", purpose="message", media_type="", sha256="", size=size,
        received_at=MONDAY_MORNING, captured_at=MONDAY_MORNING, scan_id=scan_id,
    )  # fmt: skip


async def test_one_that_fails_gives_its_place_back() -> None:
    turn = Turn(places=1)
    for _ in range(3):
        with pytest.raises(ZeroDivisionError):
            async with turn.of(LONG_BYTES + 1):
                raise ZeroDivisionError


async def test_many_long_mails_are_all_read_and_a_short_one_with_the_first(core: Core, clock: MovableClock) -> None:
    head = b"From: a@example.org\r\nContent-Type: application/octet-stream\r\nContent-Transfer-Encoding: base64\r\n"
    film = base64.encodebytes(bytes(range(256)) * 3200)
    for number in range(7):
        await core.intake.accept(a_message(head + b"Subject: %d\r\n\r\n" % number + film, channel="email"))
    await core.intake.accept(a_message(b"From: a@example.org\r\n\r\nShort\r\n", channel="email"))
    await read_all(core)
    assert unread(core) == 3
    clock.move(seconds=1)
    await read_all(core)
    assert unread(core) == 0


def unread(core: Core) -> int:
    with core.database.reading() as session:
        return sum(row.read_at is None for row in session.exec(select(Message)))
