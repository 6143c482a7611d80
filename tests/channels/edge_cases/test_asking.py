"""Asking the provider: one pool, our own time limit, every request once, and no log that names anybody."""

from __future__ import annotations

import logging
import time

import pytest

from channels.contract import SendFailed, SendUnknown
from channels.twilio_account import TwilioClient
from gateway.demo.twilio_sim import Speak, TwilioSim, tone
from tests.channels.edge_cases.line import WORDS, Line
from tests.channels.twilio_account.signed import account

PHONE = "+447700900123"
SENT_BY_OTHERS = ("uvicorn.access", "uvicorn.error", "asyncio")


def a_client(sim: TwilioSim, *, timeout: float = 10.0) -> TwilioClient:
    return TwilioClient(account(auth_tokens=(sim.token,), number=sim.number, api_url=sim.url), timeout=timeout)


async def send(client: TwilioClient) -> str:
    return await client.send_text(to=PHONE, text="We have it.", status_callback="http://127.0.0.1:9/x")


async def test_all_requests_go_over_one_connection_kept_open() -> None:
    async with TwilioSim("http://127.0.0.1:9") as sim:
        client = a_client(sim)
        for _ in range(5):
            await client.rest.messages(await send(client)).fetch_async()
        assert len(sim.asked) == 10
        assert len({one.peer for one in sim.asked}) == 1
        await client.aclose()


async def test_our_own_time_limit_holds() -> None:
    async with TwilioSim("http://127.0.0.1:9") as sim:
        sim.faults.rest.append("timeout")
        sim.faults.rest_hang = 3.0
        client, began = a_client(sim, timeout=0.3), time.monotonic()
        with pytest.raises(SendUnknown):
            await send(client)
        assert time.monotonic() - began < sim.faults.rest_hang
        assert [one.method for one in sim.asked] == ["POST"]
        await client.aclose()
        await sim.abandon()


@pytest.mark.parametrize("status", ["429", "500", "503"])
async def test_a_post_is_never_made_again_by_the_library(status: str) -> None:
    async with TwilioSim("http://127.0.0.1:9") as sim:
        sim.faults.rest.extend([status] * 5)
        client = a_client(sim)
        with pytest.raises(SendFailed):
            await send(client)
        assert [one.method for one in sim.asked] == ["POST"]
        await client.aclose()


async def test_no_log_of_ours_or_of_the_library_names_a_number_or_a_word(
    line: Line, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        caplog.set_level(logging.DEBUG, logger="twilio")
        line.sim.faults.rest.append("drop")
        await line.text(WORDS, frm=PHONE)
        await line.sim.call("/twilio/voice", [Speak(tone(2))], frm="+447700900124")
        await line.later(minutes=1)
        await line.recall()
    written = [record.getMessage() for record in caplog.records if record.name not in SENT_BY_OTHERS]
    for word in ("7700900123", "7700900124", "1632960000", "baby", "KMR"):
        assert [entry for entry in written if word in entry] == []
    assert len(line.sim.messages) == 1


async def test_nothing_is_ever_deleted_at_the_provider(line: Line) -> None:
    await line.sim.sms("/twilio/sms", "Look", media=[("image/png", b"\x89PNG")])
    await line.sim.call("/twilio/voice", [Speak(tone(2))])
    await line.later(minutes=1)
    await line.recall()
    assert {one.method for one in line.sim.asked} == {"GET", "POST"}
    assert len(line.sim.recordings) == 1
