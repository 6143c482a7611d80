"""The door of media streams on a real port: forged is turned away, genuine is heard until it ends, however it ends."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field

import pytest
import uvicorn
from fastapi import FastAPI
from websockets.asyncio.client import connect
from websockets.exceptions import InvalidStatus

from channels.streams.events import NotAStream, SoundHeard, StreamBegan
from channels.streams.straight import StraightProtocol
from channels.twilio_account.media_door import MediaDoor
from channels.twilio_account.media_talk import LONGEST_MESSAGE
from gateway.demo.twilio_sim.stream import MediaStream
from tests.channels.twilio_account.signed import account, signature

MEDIA = "wss://front.example.org/twilio/media"


@dataclass
class Heard:
    """One stream as it was heard; ``most`` bytes are all it takes."""

    began: StreamBegan
    most: int = 10**9
    sound: bytes = b""
    ended: asyncio.Event = field(default_factory=asyncio.Event)

    def hear(self, heard: SoundHeard) -> None:
        """One frame."""
        if len(self.sound) >= self.most:
            raise NotAStream("longer than any call we keep")
        self.sound += heard.sound

    def end(self) -> None:
        """The end."""
        self.ended.set()


@dataclass
class Listener:
    """Keeps every stream in memory, or none."""

    is_full: bool = False
    most: int = 10**9
    streams: list[Heard] = field(default_factory=list)

    def begin(self, began: StreamBegan) -> Heard | None:
        """A new stream."""
        if self.is_full:
            return None
        self.streams.append(Heard(began, self.most))
        return self.streams[-1]


@pytest.fixture(params=["straight", "asgi"], autouse=True)
def server(request: pytest.FixtureRequest) -> None:
    """Our own server, and any other."""
    WS["class"] = StraightProtocol if request.param == "straight" else "websockets-sansio"


WS: dict[str, type[StraightProtocol] | str] = {}


class _Server(uvicorn.Server):
    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


@contextlib.asynccontextmanager
async def a_door(listener: Listener, *, quiet_seconds: float = 60.0) -> AsyncIterator[str]:
    """The door on a free port; yields its address."""
    app = FastAPI()
    app.include_router(MediaDoor(account(), listener, quiet_seconds=quiet_seconds).router())
    listening = socket.create_server(("127.0.0.1", 0))
    server = _Server(uvicorn.Config(app, log_config=None, access_log=False, lifespan="off", ws=WS["class"]))
    serving = asyncio.create_task(server.serve(sockets=[listening]))
    try:
        yield f"ws://127.0.0.1:{listening.getsockname()[1]}/twilio/media"
    finally:
        server.should_exit = server.force_exit = True
        await serving


async def a_stream(url: str, **facts: str) -> MediaStream:
    return await MediaStream.open(url, signature(MEDIA), ("AC1", "CA1"), facts)


async def heard(listener: Listener) -> Heard:
    async with asyncio.timeout(10):
        while not listener.streams:
            await asyncio.sleep(0.01)
        await listener.streams[0].ended.wait()
    return listener.streams[0]


async def test_a_stream_is_heard_to_its_stop_with_what_we_gave_along() -> None:
    listener = Listener()
    async with a_door(listener) as url:
        stream = await a_stream(url, **{"from": "+447700900123"})
        for number in range(5):
            await stream.frame(bytes([number]) * 160)
        await stream.stop()
        one = await heard(listener)
    assert one.sound == b"".join(bytes([number]) * 160 for number in range(5))
    assert one.began == StreamBegan(stream=stream.sid, call="CA1", facts={"from": "+447700900123"})


async def test_a_forged_stream_is_refused_before_it_is_let_in_and_nothing_is_kept() -> None:
    listener = Listener()
    async with a_door(listener) as url:
        for forged in (signature(MEDIA, token="wrong"), signature(MEDIA.replace("wss", "https")), ""):
            with pytest.raises(InvalidStatus, match="403"):
                await MediaStream.open(url, forged, ("AC1", "CA1"), {})
    assert listener.streams == []


async def test_a_connection_that_breaks_without_a_stop_is_the_end() -> None:
    listener = Listener()
    async with a_door(listener) as url:
        stream = await a_stream(url)
        await stream.frame(b"a" * 160)
        await asyncio.sleep(0.05)
        stream.socket.transport.abort()
        assert (await heard(listener)).sound == b"a" * 160


async def test_a_connection_that_falls_silent_is_the_end() -> None:
    listener = Listener()
    async with a_door(listener, quiet_seconds=0.2) as url:
        stream = await a_stream(url)
        await stream.frame(b"a" * 160)
        assert (await heard(listener)).sound == b"a" * 160
        await asyncio.wait_for(stream.closed.wait(), 5)


@pytest.mark.parametrize("bad", ["{", "nothing", '{"event": "media", "media": {}}', b"\x00\x01", "x" * LONGEST_MESSAGE])
async def test_what_no_stream_says_ends_it_and_what_came_before_is_kept(bad: str | bytes) -> None:
    listener = Listener()
    async with a_door(listener) as url:
        stream = await a_stream(url)
        await stream.frame(b"a" * 160)
        await stream.socket.send(bad)
        await asyncio.wait_for(stream.closed.wait(), 5)
        assert (await heard(listener)).sound == b"a" * 160
        assert stream.socket.close_code == 1003


async def test_sound_before_a_start_and_a_second_start_are_out_of_turn() -> None:
    listener = Listener()
    async with a_door(listener) as url:
        async with connect(url, additional_headers={"X-Twilio-Signature": signature(MEDIA)}, proxy=None) as early:
            await early.send('{"event": "media", "media": {"payload": ""}}')
            await early.wait_closed()
            assert early.close_code == 1003 and listener.streams == []
        stream = await a_stream(url)
        await stream.event("start", {"streamSid": "MZ2", "callSid": "CA2"})
        await asyncio.wait_for(stream.closed.wait(), 5)
        assert len(listener.streams) == 1 and stream.socket.close_code == 1003
        listener.is_full = True
        other = await a_stream(url)
        await asyncio.wait_for(other.closed.wait(), 5)
        assert other.socket.close_code == 1013


async def test_a_stream_past_the_limit_is_ended() -> None:
    listener = Listener(most=320)
    async with a_door(listener) as url:
        stream = await a_stream(url)
        for _ in range(4):
            await stream.frame(b"a" * 160)
        await asyncio.wait_for(stream.closed.wait(), 5)
        assert len((await heard(listener)).sound) == 320


async def test_a_query_says_nothing_and_must_be_signed_like_the_rest() -> None:
    listener = Listener()
    async with a_door(listener) as url:
        with pytest.raises(InvalidStatus, match="403"):
            await MediaStream.open(url + "?from=%2B447700900999", signature(MEDIA), ("AC1", "CA1"), {})
        signed = signature(MEDIA + "?from=%2B447700900999")
        stream = await MediaStream.open(url + "?from=%2B447700900999", signed, ("AC1", "CA1"), {})
        await stream.stop()
        assert (await heard(listener)).began.facts == {}


async def test_a_message_sent_in_pieces_is_one_message() -> None:
    listener = Listener()
    async with a_door(listener) as url:
        stream = await a_stream(url)
        await stream.socket.send(
            ['{"event": "media", "media": {"chunk": "1", "timestamp": "0", ', '"payload": "AAEC"}}']
        )
        await stream.stop()
        assert (await heard(listener)).sound == b"\x00\x01\x02"
