"""A gateway's telephone doors on a real port, with the pretend provider in front of them."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import uvicorn
from fastapi import FastAPI

from channels.calls.asking import Answer, Asking
from channels.calls.choosing import Numbers
from channels.contract import NotKept, Purpose, RawMessage, Receipt
from channels.phone import Phone
from channels.sms import Sms
from channels.spoken import Language, Spoken
from channels.twilio_account import TwilioAccount, TwilioClient
from channels.voicemail import Voicemail
from gateway.demo.twilio_sim import TwilioSim

PUBLIC = "https://front.example.org"
ACCOUNT = "AC" + "0" * 31 + "1"
NUMBER = "+441632960000"
DUTY = "+441632960111"
REFERENCES = ("KMR-4729-HX", "FWX-6238-LM", "HZQ-9347-RK")
NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
SAMPLES = Path(__file__).parent.parent / "samples"


SHORT = {
    Spoken.NO_INPUT: "Silence.", Spoken.NOT_KEPT_YET: "Unkept.", Spoken.CANNOT_TEXT: "Untextable.",
}  # fmt: skip


class Ledger:
    """A small honest intake: each event once, one reference for a conversation; can fail, or be slow."""

    def __init__(self) -> None:
        self.kept: list[RawMessage] = []
        self.references: dict[str, str] = {}
        self.failures = 0  # of the next accepts
        self.seconds = 0.0  # that each accept takes

    async def accept(self, raw: RawMessage) -> Receipt:
        """Keep it, or raise ``NotKept``."""
        await asyncio.sleep(self.seconds)
        if self.failures:
            self.failures -= 1
            raise NotKept
        repeated = raw.source_key in self.keys()
        if not repeated:
            self.kept.append(raw)
        one = raw.conversation or raw.source_key
        reference = self.references.setdefault(one, REFERENCES[len(self.references) % len(REFERENCES)])
        return Receipt(reference=reference, received_at=NOON, look_by=NOON + timedelta(days=1), repeated=repeated)

    def keys(self) -> list[str]:
        """The source keys of what is kept, in order."""
        return [raw.source_key for raw in self.kept]

    def steps(self) -> list[tuple[str, Purpose]]:
        """Which steps were kept, and as what."""
        return [(raw.envelope["step"], raw.purpose) for raw in self.kept]


class Words:
    """Short sentences, each known by its first word; ``broken`` makes every one of them unavailable."""

    def __init__(self) -> None:
        self.broken = False

    languages: tuple[Language, ...] = ()
    closed = False

    def is_closed(self, at: datetime) -> bool:
        return self.closed

    def greeting(self, at: datetime) -> str:
        return self._said(f"Greeting at {at:%H:%M}.")

    def said(self, what: Spoken) -> str:
        return self._said(SHORT.get(what, f"{what.replace('_', ' ').capitalize()}."))

    def receipt(self, receipt: Receipt) -> str:
        return self._said(f"Receipt {receipt.reference}.")

    def after_talk(self, receipt: Receipt) -> str:
        return self._said(f"Talked {receipt.reference}.")

    def asked(self, answer: Answer) -> str:
        return self._said(f"It stands: {answer.standing}.")

    def whisper(self, *, is_child: bool, is_recorded: bool, language: str) -> str:
        said = ["Whisper.", "A child." * is_child, "" if is_recorded else "Unrecorded.", language]
        return self._said(" ".join(filter(None, said)))

    def _said(self, words: str) -> str:
        if self.broken:
            raise LookupError("no wording")
        return words


@dataclass(kw_only=True)
class Telephone:
    """The parts of a running gateway that a test looks at or breaks."""

    sim: TwilioSim
    ledger: Ledger
    words: Words
    client: TwilioClient
    voicemail: Voicemail
    sms: Sms
    phone: Phone


def any_port() -> socket.socket:
    """A socket bound to a free port of this machine."""
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)  # else answers wait 40 ms
    listening.bind(("127.0.0.1", 0))
    return listening


class _Server(uvicorn.Server):
    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


@contextlib.asynccontextmanager
async def telephone(
    *,
    duty_number: str | None = None,
    numbers: Numbers | None = None,
    words: Words | None = None,
    asking: Asking | None = None,
) -> AsyncIterator[Telephone]:
    """The three channels served on a free port, with the provider calling them as ``PUBLIC``."""
    listening = any_port()
    gateway = f"http://127.0.0.1:{listening.getsockname()[1]}"
    ledger, words = Ledger(), words or Words()
    numbers = numbers or Numbers(duty=duty_number, night=duty_number)
    async with TwilioSim(gateway, public=PUBLIC, speed=2000) as sim:
        account = TwilioAccount(
            sid=ACCOUNT, auth_tokens=(sim.token,), number=NUMBER, public_url=PUBLIC, api_url=sim.url
        )
        client = TwilioClient(account, timeout=1.0)
        phone = Phone(account=account, words=words, clock=lambda: NOON, numbers=numbers, asking=asking)
        voicemail = Voicemail(client=client, words=words, clock=lambda: NOON, numbers=numbers)
        sms = Sms(client=client)
        routers = [channel.door(ledger.accept) for channel in (phone, voicemail, sms)]
        sim.status_callback = PUBLIC + "/twilio/call-status"
        app = FastAPI()
        for router in routers:
            assert router is not None
            app.include_router(router)
        async with served(app, listening):
            yield Telephone(
                sim=sim, ledger=ledger, words=words, client=client, voicemail=voicemail, sms=sms, phone=phone
            )
            await sim.settle()
        await client.aclose()


@contextlib.asynccontextmanager
async def served(app: FastAPI, listening: socket.socket, **how: Any) -> AsyncIterator[None]:
    """An application on a bound socket; ``how`` are further settings of the server."""
    server = _Server(uvicorn.Config(app, **({"log_level": "critical", "lifespan": "off", "ws": "none"} | how)))
    serving = asyncio.create_task(server.serve(sockets=[listening]))
    while not server.started:  # the server offers nothing else to wait for
        await asyncio.sleep(0.01)
    try:
        yield
    finally:
        server.should_exit = server.force_exit = True
        await serving


def sample(channel: str, name: str, *, step: str) -> RawMessage:
    """A payload as the provider sent it, as it stands in the ledger."""
    body = (SAMPLES / channel / f"{name}.form").read_bytes()
    return RawMessage(
        channel=channel,
        source_key=name,
        body=body,
        media_type="application/x-www-form-urlencoded",
        envelope={"step": step, "idempotency_token": ""},
        conversation="call:CA" if channel != "sms" else None,
    )
