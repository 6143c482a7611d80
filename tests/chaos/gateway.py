"""The gateway under test: real processes on two hosts that share a key, a database and a store of sealed files."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import signal
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import httpx

from tests.at_the_prompt import typed
from tests.chaos.cluster import Cluster
from tests.chaos.disk import Disk
from tests.chaos.forked import Host
from tests.chaos.plan import Fault
from tests.chaos.processes import HostClock, Part
from tests.chaos.world import TOKEN

READY_SECONDS, LONGEST_COMMAND = 60.0, 120.0
SETTLE_SECONDS = 0.4
"""A scan without its end lies in the folder thirty times as long: of that nobody learns anything."""
DOORS, DESKS, WATCH, SECOND = "doors", "desks", "watch", "second host"
ARGUMENTS = {
    DOORS: ("serve", "--doors"),
    DESKS: ("serve", "--desks", "reading,notifying"),
    WATCH: ("serve", "--desks", "watch"),
    SECOND: ("serve", "--desks", "reading,notifying,watch"),
}
JUDGED = frozenset({"no_acknowledgement", "no_next_action", "ledger_gap", "unread", "spooled"})


@dataclass(frozen=True, kw_only=True)
class Ports:
    """Where the gateway and the world's servers listen."""

    web: int
    smtp: int
    relay: int
    provider: str
    account: str


class Gateway:
    """Two hosts in one folder: the first has doors, desks and a watch, the second desks that vanish."""

    def __init__(self, folder: Path, disk: Disk, cluster: Cluster | None, ports: Ports) -> None:
        self.disk, self.cluster, self._folder, self._ports = disk, cluster, folder, ports
        self.gate = asyncio.Event()
        self.clocks = [HostClock(folder / "clock-one"), HostClock(folder / "clock-two")]
        self._hosts = [Host(clock.environment()) for clock in self.clocks]
        self.first, self._second = disk.mount / "one", disk.mount / "two"
        self.url = cluster.url if cluster else f"sqlite:///{self.first / 'frontdoor.db'}"
        self.parts = {name: self._part(name) for name in ARGUMENTS}
        self._running: list[asyncio.Task[None]] = []

    async def open(self) -> None:
        """Start everything; returns when the doors are open and every desk runs."""
        for host in self._hosts:
            await host.open()
        await asyncio.to_thread(self.disk.open)
        if self.cluster:
            await asyncio.to_thread(self.cluster.create)
        self.gate.set()
        self._running.append(asyncio.create_task(self.parts[DOORS].keep_running()))
        await self.ready()
        self._second.mkdir(mode=0o700)
        shutil.copy(self.first / "key", self._second / "key")
        self._running += [
            asyncio.create_task(part.keep_running()) for name, part in self.parts.items() if name != DOORS
        ]

    async def close(self) -> None:
        """End every process, the cluster and the disk."""
        for task in self._running:
            task.cancel()
        await asyncio.gather(*self._running, return_exceptions=True)
        for host in self._hosts:
            await host.close()
        if self.cluster:
            await asyncio.to_thread(self.cluster.remove)
        await asyncio.to_thread(self.disk.close)

    async def ready(self) -> None:
        """Wait until the doors answer."""
        async with httpx.AsyncClient(trust_env=False) as web:
            for _ in range(int(READY_SECONDS / 0.1)):
                with suppress(httpx.HTTPError):
                    if (await web.get(f"http://127.0.0.1:{self._ports.web}/health/live")).is_success:
                        return
                await asyncio.sleep(0.1)
        raise TimeoutError("the doors did not open")

    def numbers(self) -> set[int]:
        """The numbers of the processes that run."""
        return {part.number for part in self.parts.values() if part.is_up}

    async def cut_power(self) -> None:
        """Everything on the disk dies in one instant and goes on from what had reached the platter."""
        self.gate.clear()
        for part in self.parts.values():
            part.signal(signal.SIGKILL)
        if self.cluster:
            await asyncio.to_thread(self.cluster.stop, "immediate")
        for part in self.parts.values():
            await part.ended()
        await asyncio.to_thread(self.disk.cut_power)
        if self.cluster:
            await asyncio.to_thread(self.cluster.start)
        self.gate.set()

    async def recall(self) -> None:
        """What the watch does every few minutes, now."""
        await self._told("recall")

    async def complaints(self) -> list[str]:
        """What `frontdoor verify` and `frontdoor check` have to say of the invariants, after the run."""
        code, said = await self._told("verify")
        complaints = [f"verify: {line}" for line in said.splitlines()[-5:]] if code else []
        broken = [(rule, reference) for rule, reference in await self._broken() if rule in JUDGED]
        return complaints + [f"check: {rule} {reference}" for rule, reference in broken]

    async def spooled(self) -> int:
        """How many messages are held on the first host's disk, not yet in the ledger as far as it knows."""
        return sum(rule == "spooled" for rule, _ in await self._broken())

    @staticmethod
    def impossible(*, is_sqlite: bool, disk: bool, clock: bool) -> Iterator[Fault]:
        """Faults that cannot be injected here: SQLite has no server, an image takes root, a clock its library."""
        if is_sqlite:
            yield from (Fault.DATABASE_STOPPED, Fault.DATABASE_CRASHED)
        if not disk:
            yield from (Fault.DISK_FULL, Fault.POWER_CUT)
        if not clock:
            yield from (Fault.CLOCK_AHEAD, Fault.CLOCK_BEHIND)

    def _part(self, name: str) -> Part:
        is_second = name == SECOND
        settings = self._settings(self._second if is_second else self.first)
        return Part(
            name=name, arguments=ARGUMENTS[name], environment=settings, host=self._hosts[is_second],
            log=self._folder / f"{name.replace(' ', '-')}.log", gate=self.gate,
        )  # fmt: skip

    def _settings(self, data: Path) -> dict[str, str]:
        ports, web = self._ports, f"127.0.0.1:{self._ports.web}"
        values = {
            "data_dir": data, "database_url": self.url, "blobs_url": f"file://{self.first / 'sealed'}",
            "http": web, "smtp": f"127.0.0.1:{ports.smtp}", "public_url": f"http://{web}", "api_token": TOKEN,
            "mail_relay": f"smtp://127.0.0.1:{ports.relay}", "twilio_account_sid": ports.account,
            "twilio_auth_token": "test-token", "twilio_number": "+441632960000", "twilio_api_url": ports.provider,
            "scan_dir": self._folder / "scans", "scan_settle_seconds": SETTLE_SECONDS,
        }  # fmt: skip
        return {f"FRONTDOOR_{name.upper()}": str(value) for name, value in values.items()}

    async def _broken(self) -> list[tuple[str, str]]:
        """Every broken promise that `frontdoor check` finds: the rule and the reference."""
        code, said = await self._told("check", "--json")
        if code not in (0, 1):
            return [("ledger_gap", f"unknown, for check ended with {code}")]
        return [(one["rule"], one["reference"]) for one in json.loads(said)]

    async def _told(self, *arguments: str) -> tuple[int, str]:
        environment = {**os.environ, **self._settings(self.first)}
        ended = await asyncio.to_thread(
            typed, arguments, folder=self._folder, environment=environment, seconds=LONGEST_COMMAND
        )
        return ended.returncode, ended.stdout
