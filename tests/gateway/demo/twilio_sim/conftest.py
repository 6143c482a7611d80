"""The pretend provider and a sample gateway, each listening on a loopback port of its own."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator

import pytest
import uvicorn

from gateway.demo.twilio_sim import TwilioSim
from tests.gateway.demo.twilio_sim.sample_gateway import PUBLIC, SampleGateway


@pytest.fixture
def gateway() -> SampleGateway:
    """The sample gateway."""
    return SampleGateway()


@pytest.fixture
async def sim(gateway: SampleGateway) -> AsyncIterator[TwilioSim]:
    """The provider, 200 times as fast as life, connected with the sample gateway."""
    listening = socket.create_server(("127.0.0.1", 0))
    config = uvicorn.Config(gateway.app(), log_config=None, access_log=False, lifespan="off", ws="websockets-sansio")
    server = uvicorn.Server(config)
    serving = asyncio.create_task(server.serve(sockets=[listening]))
    url = f"http://127.0.0.1:{listening.getsockname()[1]}"
    async with TwilioSim(url, public=PUBLIC, speed=200) as provider:
        gateway.reach(provider.url)
        yield provider
    await gateway.http.aclose()
    server.should_exit = True
    await serving
