"""One run: the load and the faults together, the wait until nothing is owed, and the verdict."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import httpx

from gateway.demo.ports import next_free_port
from gateway.demo.twilio_sim import TwilioSim
from tests.chaos.cluster import Cluster
from tests.chaos.disk import Disk
from tests.chaos.gateway import Gateway, Ports
from tests.chaos.kept import Asking
from tests.chaos.mail_senders import send_mail
from tests.chaos.plan import Plan, PlannedMessage, Way
from tests.chaos.record import Record, read_record
from tests.chaos.relay import open_relay
from tests.chaos.settling import hurry, sampled, settled
from tests.chaos.story import Story, story_of
from tests.chaos.striking import Striking, made_well
from tests.chaos.telephone import make_call, send_text, texted
from tests.chaos.verdict import Finding, Verdict, judge
from tests.chaos.web_senders import send_form, send_letter, send_note
from tests.chaos.world import World

SENDERS: Mapping[Way, Callable[[World, PlannedMessage], Awaitable[None]]] = {
    Way.MAIL: send_mail, Way.MACHINE: send_mail, Way.POISON: send_mail, Way.TEXT: send_text, Way.CALL: make_call,
    Way.FORM: send_form, Way.NOTE: send_note, Way.LETTER: send_letter,
}  # fmt: skip
SENDERS_PATIENCE = 90.0


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What came of a run. ``settled_after``: seconds from the end of the faults to the last owed notice, or None."""

    verdict: Verdict
    story: Story
    settled_after: float | None
    left: str
    referrals: int
    starts: Mapping[str, int]

    @property
    def findings(self) -> Sequence[Finding]:
        """Everything that is wrong."""
        late = [] if self.settled_after is not None else [Finding(rule="not settled in time", about=self.left)]
        return [*self.verdict.findings, *late]


@dataclass(kw_only=True)
class Progress:
    """How far a run is; ``shown`` is called whenever it has changed."""

    shown: Callable[[Progress], None]
    stage: str = "starting"
    sent: int = 0
    struck: int = 0

    def now(self, stage: str) -> None:
        """A new stage begins."""
        self.stage = stage
        self.shown(self)


async def run(
    plan: Plan,
    *,
    folder: Path,
    is_sqlite: bool,
    seconds: float,
    wait_seconds: float,
    progress: Progress,
    hurried: bool = False,
) -> Outcome:
    """The whole of it; whatever happens, everything that was started is ended.

    ``hurried``: when the faults are over, the hosts' clocks run ahead, so that nobody sits out a pause between tries.
    """
    async with AsyncExitStack() as stack:
        record = Record(folder / "record.jsonl")
        stack.callback(record.close)
        world, gateway = await stack.enter_async_context(_everything(folder, record, is_sqlite=is_sqlite))
        asking, storage = Asking(gateway.url), asyncio.Lock()
        sampling = asyncio.create_task(sampled(asking, record, storage))
        stack.push_async_callback(_cancelled, sampling)
        striking = Striking(world, gateway, storage=storage, long_hangs=seconds > 200)
        progress.now("load and faults")
        await _load_and_faults(plan, world, striking, seconds, progress)
        progress.now("waiting until nothing is owed")
        began = time.monotonic()
        in_a_hurry = asyncio.create_task(hurry(gateway, asking)) if hurried else None
        left = await settled(asking, world, gateway, wait_seconds, progress.now)
        if in_a_hurry:
            await _cancelled(in_a_hurry)
        settled_after = None if left else time.monotonic() - began
        progress.now("judging")
        kept = await asyncio.to_thread(asking.everything)
        (folder / "loose-ends.jsonl").write_text("\n".join(await asyncio.to_thread(asking.loose_ends)))
        complaints = await gateway.complaints()
        story = story_of(read_record(record.path))
        verdict = judge(story, kept)
        told = [Finding(rule="the gateway's own check", about=complaint) for complaint in complaints]
        return Outcome(
            verdict=Verdict(findings=[*verdict.findings, *told], twice=verdict.twice), story=story,
            settled_after=settled_after, left=left,
            referrals=len({message.referral_id for message in kept.messages if message.referral_id}),
            starts={name: part.starts for name, part in gateway.parts.items()},
        )  # fmt: skip


@asynccontextmanager
async def _everything(folder: Path, record: Record, *, is_sqlite: bool) -> AsyncIterator[tuple[World, Gateway]]:
    (folder / "scans").mkdir()
    web, smtp = (next_free_port("127.0.0.1", first) for first in _two_ports())
    url = f"http://127.0.0.1:{web}"
    async with AsyncExitStack() as stack:
        relay = await stack.enter_async_context(open_relay(record))
        sim = await stack.enter_async_context(TwilioSim(url, speed=500, token="test-token"))
        stack.push_async_callback(sim.abandon)
        client = await stack.enter_async_context(httpx.AsyncClient(base_url=url, timeout=30, trust_env=False))
        world = World(record=record, web=client, sim=sim, relay=relay, smtp_port=smtp, scans=folder / "scans")
        sim.status_callback, sim.on_message = "/twilio/call-status", lambda text: texted(world, text)
        disk = Disk(folder)
        cluster = None if is_sqlite else Cluster(disk.mount)
        ports = Ports(web=web, smtp=smtp, relay=relay.port, provider=sim.url, account=sim.account)
        gateway = Gateway(folder, disk, cluster, ports)
        stack.push_async_callback(gateway.close)
        await gateway.open()
        yield world, gateway


def _two_ports() -> tuple[int, int]:
    """Below those a system lends to outgoing connections, so that a killed door finds its port free again."""
    first = random.randrange(20_000, 31_000)
    return first, first + 500


async def _load_and_faults(plan: Plan, world: World, striking: Striking, seconds: float, progress: Progress) -> None:
    """Returns when every fault is over and every sender was told, or has lost patience."""

    async def send(message: PlannedMessage) -> None:
        await asyncio.sleep(message.at * seconds)
        await SENDERS[message.way](world, message)
        progress.sent += 1
        progress.shown(progress)

    async def strike() -> None:
        async with asyncio.TaskGroup() as struck:
            began = time.monotonic()
            for fault in plan.faults:
                await asyncio.sleep(max(0.0, fault.at * seconds - (time.monotonic() - began)))
                struck.create_task(striking.strike(fault))
                progress.struck += 1
                progress.shown(progress)

    sending = [asyncio.create_task(send(message)) for message in plan.messages]
    try:
        await strike()
        made_well(world)
        await asyncio.wait(sending, timeout=SENDERS_PATIENCE)
        world.over.set()
        await asyncio.wait(sending, timeout=10)
    finally:
        for task in sending:
            task.cancel()
        failed = [one for one in await asyncio.gather(*sending, return_exceptions=True) if isinstance(one, Exception)]
    if failed:
        raise failed[0]


async def _cancelled(task: asyncio.Task[None]) -> None:
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task
