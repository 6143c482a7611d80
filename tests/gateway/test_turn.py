"""One long message is open at a time, whatever becomes of it, and short ones never wait for it."""

import asyncio

import pytest

from gateway.reading.turn import LONG_BYTES, NotYet, Turn


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


async def test_one_that_fails_gives_its_place_back() -> None:
    turn = Turn(places=1)
    for _ in range(3):
        with pytest.raises(ZeroDivisionError):
            async with turn.of(LONG_BYTES + 1):
                raise ZeroDivisionError
