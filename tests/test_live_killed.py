"""Twenty callers are speaking when the gateway is killed: what they said is there, and so are their recordings."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest

from gateway.demo.twilio_sim import TwilioSim
from gateway.demo.twilio_sim.records import CallRecord, new_sid
from gateway.demo.twilio_sim.sound import tone
from gateway.demo.twilio_sim.stream import MediaStream
from tests.house import NUMBER, TOKEN, free_port

CALLERS = 20
SPEAK_SECONDS = 3.0
FRAME = 160
LOST_AT_MOST = 8000  # bytes: one second

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@dataclass(kw_only=True)
class Caller:
    """One caller: what they have said so far, a frame at a time."""

    sid: str
    stream: MediaStream
    said: bytearray = field(default_factory=bytearray)

    async def speak(self) -> None:
        """Frames of noise in real time, until the connection is gone."""
        began = time.monotonic()
        while not self.stream.closed.is_set():
            frame = os.urandom(FRAME)
            await self.stream.frame(frame)
            self.said += frame
            await asyncio.sleep(max(0.0, began + len(self.said) / 8000 - time.monotonic()))


@asynccontextmanager
async def a_gateway(settings: dict[str, str], http: int) -> AsyncIterator[asyncio.subprocess.Process]:
    """``frontdoor serve`` as an operator starts it, ready."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "gateway", "serve", env={**os.environ, **settings},
        stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.DEVNULL,
    )  # fmt: skip
    try:
        async with httpx.AsyncClient(trust_env=False) as web:
            for _ in range(600):
                try:
                    if (await web.get(f"http://127.0.0.1:{http}/health/ready")).status_code == 200:
                        break
                except httpx.TransportError:
                    await asyncio.sleep(0.05)
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


async def a_caller(sim: TwilioSim, url: str) -> Caller:
    """Somebody who has just been greeted."""
    sid, address = new_sid("CA"), url.replace("http", "ws") + "/twilio/media"
    sim.calls[sid] = CallRecord(
        sid=sid, account=sim.account, sender="+447700900123", recipient=NUMBER, direction="inbound", status="ringing"
    )
    facts = {"from": "+447700900123", "to": NUMBER}
    return Caller(sid=sid, stream=await MediaStream.open(address, sim.sign(address, {}), (sim.account, sid), facts))


def call_over(sim: TwilioSim, caller: Caller) -> None:
    """The provider's own recording went on to the end of the call, which nobody told the gateway of."""
    sim.record(caller.sid, tone(SPEAK_SECONDS + 2), "RecordVerb")
    sim.calls[caller.sid].status = "completed"


def both_there(referrals: list[Any]) -> bool:
    return len(referrals) == CALLERS and all(
        sorted(part["heard_live"] for part in referral["parts"] if part["sha256"]) == [False, True]
        for referral in referrals
    )


def samples(wav: bytes) -> bytes:
    return wav[wav.index(b"data") + 8 :]


async def test_killing_the_gateway_loses_at_most_a_second_of_what_twenty_callers_say(
    tmp_path: Path, database_url: str
) -> None:
    http = free_port()
    url = f"http://127.0.0.1:{http}"
    async with TwilioSim(url, token="test-token") as sim:
        settings = {
            "FRONTDOOR_DATA_DIR": str(tmp_path / "data"), "FRONTDOOR_DATABASE_URL": database_url,
            "FRONTDOOR_SMTP": "", "FRONTDOOR_HTTP": f"127.0.0.1:{http}", "FRONTDOOR_PUBLIC_URL": url,
            "FRONTDOOR_API_TOKEN": TOKEN, "FRONTDOOR_TWILIO_ACCOUNT_SID": sim.account,
            "FRONTDOOR_TWILIO_AUTH_TOKEN": "test-token", "FRONTDOOR_TWILIO_NUMBER": NUMBER,
            "FRONTDOOR_TWILIO_API_URL": sim.url,
        }  # fmt: skip
        async with a_gateway(settings, http) as process:
            callers = await asyncio.gather(*(a_caller(sim, url) for _ in range(CALLERS)))
            speaking = [asyncio.create_task(caller.speak()) for caller in callers]
            await asyncio.sleep(SPEAK_SECONDS)
            said = {caller.sid: bytes(caller.said) for caller in callers}
            process.send_signal(signal.SIGKILL)
            await process.wait()
            await asyncio.gather(*speaking)
        for caller in callers:
            call_over(sim, caller)
        async with a_gateway(settings, http):
            kept = await _kept(url)
    assert kept.keys() == said.keys()
    for sid, (heard, recorded) in kept.items():
        assert said[sid].startswith(heard[: len(said[sid])])
        assert len(heard) >= len(said[sid]) - LOST_AT_MOST
        assert recorded == tone(SPEAK_SECONDS + 2)


async def _kept(url: str) -> dict[str, tuple[bytes, bytes]]:
    """By call: the samples heard and those recorded, once every referral has both."""
    headers = {"Authorization": f"Bearer {TOKEN}"}
    async with httpx.AsyncClient(base_url=url, headers=headers, trust_env=False, timeout=30) as web:
        referrals: list[Any] = []
        for _ in range(300):
            referrals = (await web.get("/api/v1/referrals?limit=100")).json()
            if both_there(referrals):
                break
            await asyncio.sleep(0.1)
        assert both_there(referrals), [[p["heard_live"] for p in r["parts"]] for r in referrals]
        found = {}
        for referral in referrals:
            raw = (await web.get(f"/api/v1/messages/{referral['messages'][0]['id']}/raw")).text
            sid = raw.partition("CallSid=")[2].partition("&")[0]
            sound = {p["heard_live"]: (await web.get(f"/api/v1/parts/{p['id']}")).content for p in referral["parts"]}
            found[sid] = samples(sound[True]), samples(sound[False])
    return found
