"""What a stream of a call is really like: its address loses its query, it breaks off, and its frames have any size."""

from __future__ import annotations

import base64
from collections.abc import AsyncIterator
from pathlib import Path
from urllib.parse import urlsplit
from xml.etree import ElementTree as ET

import pytest

from gateway.demo.twilio_sim import HangUp
from gateway.demo.twilio_sim.stream import MediaStream
from tests.house import House, a_house

CALL = "CA" + "7" * 32
HEADER = 58  # bytes of a WAV file of mu-law before its sound
SOUND = bytes([0x20, 0xA0]) * 4000  # a second


@pytest.fixture
async def house(tmp_path: Path, sqlite_template: Path) -> AsyncIterator[House]:
    """A gateway that hands in what it heard soon after the end of a call."""
    path = tmp_path / "frontdoor.db"
    path.write_bytes(sqlite_template.read_bytes())
    async with a_house(tmp_path, f"sqlite:///{path}") as opened:
        opened.core.capturing.leaving.settle_seconds = 0.3
        yield opened


async def a_stream(house: House) -> MediaStream:
    """A stream of a call that no webhook told of, at the address without its query."""
    url = str(house.web.base_url).replace("http", "ws").rstrip("/") + "/twilio/media"
    owner = (house.sim.account, CALL)
    return await MediaStream.open(url, house.sim.sign(url, {}), owner, {"from": "+447700900123"})


async def heard(house: House) -> bytes:
    """The sound that came into the one referral."""
    [referral] = await house.settled(lambda rs: len(rs) == 1 and bool(rs[0]["parts"]) and rs[0]["parts"][0]["sha256"])
    (part,) = referral["parts"]
    assert part["heard_live"]
    answer = await house.web.get(
        f"/api/v1/parts/{part['id']}", headers={"Authorization": "Bearer administrator-for-tests"}
    )
    return answer.content[HEADER:]


async def test_a_stream_needs_no_query_and_joins_its_call(house: House) -> None:
    given = await house.sim.deliver("/twilio/voice", {"CallSid": CALL, "From": "+447700900123"})
    assert given is not None
    (stream,) = ET.fromstring(given.text).iter("Stream")
    address = urlsplit(stream.get("url", ""))
    assert (address.path, address.query, address.fragment) == ("/twilio/media", "", "")
    call = await house.sim.call("/twilio/voice", [HangUp(at=4)])
    await house.sim.settle()
    assert call.warnings == []
    [referral] = await house.settled(lambda rs: len(rs) == 1 and bool(rs[0]["parts"]))
    assert referral["sender"]["address"] == "+447700900123"


async def test_a_stream_that_breaks_off_without_stop_has_ended(house: House) -> None:
    stream = await a_stream(house)
    for at in range(0, len(SOUND), 160):
        await stream.frame(SOUND[at : at + 160])
    stream.socket.transport.abort()
    assert await heard(house) == SOUND
    await stream.closed.wait()


@pytest.mark.parametrize("sizes", [(1600,), (37, 400, 3), (8000,)])
async def test_frames_of_any_size_give_the_sound_as_it_was_spoken(house: House, sizes: tuple[int, ...]) -> None:
    stream, at, number = await a_stream(house), 0, 0
    while at < len(SOUND):
        piece = SOUND[at : at + sizes[number % len(sizes)]]
        number += 1
        frame = {"track": "inbound", "chunk": str(number), "timestamp": str(at // 8)}
        await stream.event("media", frame | {"payload": base64.b64encode(piece).decode()})
        at += len(piece)
    await stream.stop()
    assert await heard(house) == SOUND
