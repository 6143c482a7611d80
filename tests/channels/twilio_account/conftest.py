"""The pretend provider, and a client of its API."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from channels.twilio_account import TwilioClient
from gateway.demo.twilio_sim import TwilioSim
from tests.channels.twilio_account.signed import account


@pytest.fixture
async def sim() -> AsyncIterator[TwilioSim]:
    """The provider; no gateway listens to its webhooks."""
    async with TwilioSim("http://127.0.0.1:9") as provider:
        yield provider


@pytest.fixture
async def client(sim: TwilioSim) -> AsyncIterator[TwilioClient]:
    """A client that gives up after half a second and takes files up to 100,000 bytes."""
    ours = account(auth_tokens=(sim.token,), number=sim.number, api_url=sim.url)
    client = TwilioClient(ours, timeout=0.5, largest_media=100_000)
    yield client
    await client.aclose()
