"""The gateway's processes on its two hosts: started, killed, hung, started again, and gone for good."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from tests.chaos.forked import Forked, Host

FAKETIME = sorted(Path("/usr/lib").glob("*/faketime/libfaketime.so.1"))
PAUSE_SECONDS = 0.5


def clock_can_jump() -> bool:
    """Whether the library that gives a process a clock of its own is on this machine."""
    return bool(FAKETIME)


class HostClock:
    """The clock of one host: a file that says how far its processes' time is from the true one."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self.set(0)

    def set(self, seconds: int) -> None:
        """Jump to so many seconds off the true time."""
        fresh = self._file.with_suffix(".new")
        fresh.write_text(f"{seconds:+d}\n")
        fresh.replace(self._file)

    def environment(self) -> dict[str, str]:
        """What makes a process live by this clock; only its idea of the date jumps, not its sense of time passing."""
        if not clock_can_jump():
            return {}
        return {
            "LD_PRELOAD": str(FAKETIME[-1]), "FAKETIME_TIMESTAMP_FILE": str(self._file),
            "FAKETIME_DONT_FAKE_MONOTONIC": "1", "FAKETIME_FORCE_MONOTONIC_FIX": "0", "FAKETIME_CACHE_DURATION": "1",
        }  # fmt: skip


@dataclass(kw_only=True)
class Part:
    """One process of the gateway, started anew whenever it ends, as an operator's supervisor would."""

    name: str
    arguments: tuple[str, ...]
    environment: Mapping[str, str]
    log: Path
    gate: asyncio.Event
    host: Host
    starts: int = 0
    is_gone: bool = False
    _process: Forked | None = field(default=None, repr=False)

    async def keep_running(self) -> None:
        """Until cancelled or gone."""
        try:
            while not self.is_gone:
                await self.gate.wait()
                self._process = await self._started()
                await self._process.wait()
                await asyncio.sleep(PAUSE_SECONDS)
        finally:
            self.signal(signal.SIGKILL)
            if self._process is not None:
                await self._process.wait()

    def signal(self, what: signal.Signals) -> bool:
        """Send it a signal; whether there was a process to send it to."""
        if self._process is None or self._process.returncode is not None:
            return False
        with suppress(ProcessLookupError):
            self._process.send_signal(what)
        return True

    async def ended(self) -> None:
        """Wait until no process of this part runs."""
        if self._process is not None:
            await self._process.wait()

    @property
    def number(self) -> int:
        """The system's number of its process; 0 before the first."""
        return self._process.pid if self._process is not None else 0

    @property
    def is_up(self) -> bool:
        """Whether its process runs."""
        return self._process is not None and self._process.returncode is None

    async def _started(self) -> Forked:
        self.starts += 1
        return await self.host.start(self.arguments, self.environment, self.log)
