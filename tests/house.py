"""A whole gateway in this process with everything around it: pretend provider, mail relay, scan folder."""

from __future__ import annotations

import asyncio
import os
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from email.message import EmailMessage
from itertools import count
from pathlib import Path
from typing import Any

import aiosmtplib
import httpx
from aiosmtpd.smtp import SMTP, Envelope

from gateway.app import running
from gateway.core import Core, open_core
from gateway.demo.twilio_sim import TwilioSim
from gateway.settings import Settings

TOKEN = "administrator-for-tests"
MODEL = Path(__file__).parent / "samples" / "tiny-whisper" / "ct2"
NUMBER = "+441632960000"


@dataclass(kw_only=True)
class House:
    """What a journey needs at hand. ``relayed`` are the mails our relay was given, as bytes."""

    core: Core
    sim: TwilioSim
    web: httpx.AsyncClient
    relayed: list[bytes]
    smtp_port: int
    scans: Path

    async def api(self, path: str) -> Any:
        """A JSON answer of the API."""
        answer = await self.web.get(f"/api/v1/{path}", headers={"Authorization": f"Bearer {TOKEN}"})
        answer.raise_for_status()
        return answer.json()

    async def do(self, reference: str, action: str, **body: object) -> httpx.Response:
        """An action of staff by the API."""
        return await self.web.post(
            f"/api/v1/referrals/{reference}/{action}", json=body, headers={"Authorization": f"Bearer {TOKEN}"}
        )

    async def mail(self, message: EmailMessage | bytes, sender: str = "a@example.org") -> str:
        """Send a mail to our door; returns what it answered."""
        raw = message if isinstance(message, bytes) else message.as_bytes()
        async with aiosmtplib.SMTP(hostname="127.0.0.1", port=self.smtp_port) as client:
            await client.mail(sender)
            await client.rcpt("referrals@northshire.example")
            return (await client.data(raw)).message

    async def settled(self, holds: Callable[[list[Any]], bool], seconds: float = 20.0) -> list[Any]:
        """The referrals, once ``holds`` is true of them; fails with what there is when the time is over."""
        referrals: list[Any] = []
        for _ in range(int(seconds / 0.1)):
            referrals = await self.api("referrals")
            if holds(referrals):
                return referrals
            await asyncio.sleep(0.1)
        raise AssertionError(f"not settled: {[(r['channel'], r['state'], r['notices']) for r in referrals]}")


_NEXT_PORTS = count(10_000 + os.getpid() * 37 % 20_000)


def free_port() -> int:
    """A port nobody listens on, below those a system lends to outgoing connections: nobody is given it meanwhile."""
    for port in _NEXT_PORTS:
        with suppress(OSError), socket.create_server(("127.0.0.1", port)):
            return port
    raise AssertionError("there is no port left")


@asynccontextmanager
async def relay(received: list[bytes]) -> AsyncIterator[int]:
    """A mail relay that keeps what it is given; yields its port."""

    class Handler:
        async def handle_DATA(self, _: object, __: object, envelope: Envelope) -> str:
            received.append(bytes(envelope.original_content or b""))
            return "250 OK"

    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: SMTP(Handler(), loop=loop), "127.0.0.1", 0)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()
        await server.wait_closed()


@asynccontextmanager
async def a_house(folder: Path, database_url: str, **given: object) -> AsyncIterator[House]:
    """The gateway with every door open, as the operator would start it."""
    web_port, smtp_port = free_port(), free_port()
    url = f"http://127.0.0.1:{web_port}"
    relayed: list[bytes] = []
    scans = folder / "scans"
    scans.mkdir(exist_ok=True)
    async with relay(relayed) as relay_port, TwilioSim(url, speed=500, token="test-token") as sim:
        sim.status_callback = "/twilio/call-status"
        values = {
            "data_dir": folder / "data", "database_url": database_url, "http": f"127.0.0.1:{web_port}",
            "smtp": f"127.0.0.1:{smtp_port}", "public_url": url, "mail_relay": f"smtp://127.0.0.1:{relay_port}",
            "twilio_account_sid": sim.account, "twilio_auth_token": "test-token", "twilio_number": NUMBER,
            "twilio_api_url": sim.url, "scan_dir": scans, "speech_model": str(MODEL), "api_token": TOKEN,
        } | given  # fmt: skip
        core = open_core(Settings(**values))  # type: ignore[arg-type]
        try:
            async with running(core), httpx.AsyncClient(base_url=url, timeout=30) as web:
                yield House(core=core, sim=sim, web=web, relayed=relayed, smtp_port=smtp_port, scans=scans)
        finally:
            core.close()
