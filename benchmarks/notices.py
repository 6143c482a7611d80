"""From "received" on the wire to the notice in the relay's or provider's hands, at 20 messages a second."""

from __future__ import annotations

import asyncio
import contextlib
import time
from contextlib import AsyncExitStack, ExitStack
from pathlib import Path

import aiosmtplib

from benchmarks.figures import Figure, at_most, percentile
from benchmarks.gateways import Gateway, a_gateway, free_port
from benchmarks.mail_load import MAILBOX, a_mail
from benchmarks.processes import processor_ms
from benchmarks.run import Run
from gateway.demo.relay import PretendRelay
from gateway.demo.twilio_sim import TwilioSim

A_SECOND = 20
WARM_UP = 20
PATIENCE_SECONDS = 20.0


def measure(run: Run) -> list[Figure]:
    """Every other message is a text; the provider also reports each text of ours as sent and as delivered."""
    figures = []
    for kind in run.kinds:
        run.say(f"notices: {A_SECOND} messages a second on {kind}")
        with run.database(kind) as url, run.data_dir() as folder:
            took, processor = asyncio.run(_measured(url, folder, messages=A_SECOND * (5 if run.quick else 20)))
        what = f"accepted to notice handed over, {A_SECOND} messages/s, {kind}"
        figures += [
            at_most(f"{what}, p50", percentile(took, 50), "ms", 20, anchor="RT 265, Roundup 14 to 24"),
            at_most(f"{what}, p99", percentile(took, 99), "ms", 100, anchor="RT p95 740, Roundup p95 32 to 69"),
            Figure(
                what=f"processor time of the gateway for one message and its notice, {kind}", value=processor, unit="ms"
            ),
        ]
    return figures


class Watched:
    """A gateway with both its neighbours, and when each message was answered and its notice handed over."""

    def __init__(self, gateway: Gateway, relay: PretendRelay, sim: TwilioSim) -> None:
        self._gateway, self._sim = gateway, sim
        self.answered: dict[str, float] = {}
        self.handed_over: dict[str, float] = {}
        self._all = asyncio.Event()
        relay.on_mail = lambda mail: self._told(str(mail["In-Reply-To"]).strip())
        sim.on_message = lambda text: self._told(text.recipient)

    async def mail(self, number: int) -> None:
        """One mail over a connection of its own."""
        mail = a_mail(number)
        async with aiosmtplib.SMTP(hostname="127.0.0.1", port=self._gateway.smtp_port) as client:
            await client.mail("neighbour@example.org")
            await client.rcpt(MAILBOX)
            await client.data(mail)
            self.answered[id_of(mail)] = time.perf_counter()

    async def text(self, number: int) -> None:
        """One text from a number of its own."""
        sender = f"+447700900{number % 1000:03}"
        await self._sim.sms("/twilio/sms", "The baby next door cries all night", frm=sender)
        self.answered[sender] = time.perf_counter()

    async def settled(self) -> list[float]:
        """How long each took from its answer to its notice (ms); what has none in time is not left out quietly."""
        self._all.clear()
        if self.answered.keys() - self.handed_over.keys():
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._all.wait(), PATIENCE_SECONDS)
        if missing := len(self.answered.keys() - self.handed_over.keys()):
            raise RuntimeError(f"{missing} of {len(self.answered)} senders were told nothing")
        return [(self.handed_over[key] - at) * 1000 for key, at in self.answered.items()]

    def _told(self, key: str) -> None:
        self.handed_over.setdefault(key, time.perf_counter())
        if self.answered.keys() <= self.handed_over.keys():
            self._all.set()


def id_of(mail: bytes) -> str:
    """The Message-ID of a mail of ours, brackets included."""
    return mail.partition(b"Message-ID: ")[2].partition(b"\r\n")[0].decode()


async def _measured(url: str, folder: Path, *, messages: int) -> tuple[list[float], float]:
    """What each message took, and the processor time each cost the gateway (ms)."""
    web_port = free_port()
    async with AsyncExitStack() as stack:
        relay = await stack.enter_async_context(PretendRelay())
        sim = await stack.enter_async_context(TwilioSim(f"http://127.0.0.1:{web_port}"))
        given = {
            "mail_relay": relay.url, "twilio_account_sid": sim.account, "twilio_auth_token": sim.token,
            "twilio_number": sim.number, "twilio_api_url": sim.url,
        }  # fmt: skip
        processes = ExitStack()
        stack.push_async_callback(asyncio.to_thread, processes.close)
        opened = a_gateway(folder, url, web_port=web_port, **given)
        gateway = await asyncio.to_thread(processes.enter_context, opened)
        watched = Watched(gateway, relay, sim)
        await _send(watched, range(WARM_UP))
        await watched.settled()
        watched.answered.clear()
        before = processor_ms(gateway.pid)
        await _send(watched, range(WARM_UP, WARM_UP + messages))
        took = await watched.settled()
        return took, (processor_ms(gateway.pid) - before) / messages


async def _send(watched: Watched, numbers: range) -> None:
    """Each at its time, whether those before it have been answered or not."""
    began, sending = time.perf_counter(), []
    for place, number in enumerate(numbers):
        await asyncio.sleep(max(0.0, began + place / A_SECOND - time.perf_counter()))
        sending.append(asyncio.create_task(watched.text(number) if number % 2 else watched.mail(number)))
    await asyncio.gather(*sending)
