"""A host's processes, forked from one that has imported the gateway: to import it takes 2.6 s of a core each time.

Run as a module it is that process: it lives in the host's environment (its clock above all) and holds only modules.
"""

from __future__ import annotations

import asyncio
import ctypes
import json
import os
import select
import signal
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

DIES_WITH_PARENT = 1
LOOK_EVERY = 0.05
LONGEST_LINE = 1 << 20


@dataclass(kw_only=True)
class Forked:
    """One process: ``ended`` has its exit code once it is over, negative for the signal that ended it."""

    pid: int
    ended: asyncio.Future[int] = field(default_factory=lambda: asyncio.get_running_loop().create_future())

    @property
    def returncode(self) -> int | None:
        """None while it runs."""
        return self.ended.result() if self.ended.done() else None

    def send_signal(self, what: signal.Signals) -> None:
        """ProcessLookupError where it is gone."""
        os.kill(self.pid, what)

    async def wait(self) -> int:
        """Its exit code."""
        return await asyncio.shield(self.ended)


class Host:
    """Starts processes on one host, each in a fresh fork."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        self._environment, self._asking = environment, asyncio.Lock()
        self._running: dict[int, Forked] = {}
        self._source: asyncio.subprocess.Process | None = None
        self._listening: asyncio.Task[None] | None = None
        self._begun: asyncio.Queue[Forked] = asyncio.Queue()

    async def open(self) -> None:
        """Begin to import; ``start`` waits until that is done."""
        self._source = await asyncio.create_subprocess_exec(
            sys.executable, "-m", __name__, env={**os.environ, **self._environment}, stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE, preexec_fn=die_with_parent, limit=LONGEST_LINE,
        )  # fmt: skip
        self._listening = asyncio.create_task(self._listen(self._source))

    async def start(self, arguments: Sequence[str], environment: Mapping[str, str], log: Path) -> Forked:
        """``frontdoor`` with these words; what it says is added to the log."""
        assert self._source is not None and self._source.stdin is not None
        async with self._asking:
            wanted = {"arguments": list(arguments), "environment": dict(environment), "log": str(log)}
            self._source.stdin.write(json.dumps(wanted).encode() + b"\n")
            await self._source.stdin.drain()
            return await self._begun.get()

    async def close(self) -> None:
        """End it, and with it whatever it still runs."""
        if self._source is not None and self._listening is not None:
            with suppress(ProcessLookupError):
                self._source.kill()
            await self._source.wait()
            await self._listening

    async def _listen(self, source: asyncio.subprocess.Process) -> None:
        assert source.stdout is not None
        async for line in source.stdout:
            told = json.loads(line)
            if "code" in told:
                self._running.pop(told["pid"]).ended.set_result(told["code"])
            else:
                self._running[told["pid"]] = Forked(pid=told["pid"])
                self._begun.put_nowait(self._running[told["pid"]])
        for left in self._running.values():
            left.ended.set_result(-signal.SIGKILL)


def die_with_parent() -> None:
    """Whatever becomes of the harness, no process of it stays behind."""
    ctypes.CDLL(None).prctl(DIES_WITH_PARENT, signal.SIGKILL)


def _serve() -> None:
    """Fork for each line that is asked, and tell of each that ended, until nobody asks any more."""
    while True:
        asked, _, _ = select.select([0], [], [], LOOK_EVERY)
        if asked:
            line = _line()
            if not line:
                return
            _tell(pid=_fork(json.loads(line)))
        with suppress(ChildProcessError):
            while (ended := os.waitpid(-1, os.WNOHANG))[0]:
                _tell(pid=ended[0], code=os.waitstatus_to_exitcode(ended[1]))


def _line() -> bytes:
    """One is asked at a time: what can be read is a line, or the rest of one."""
    read = b""
    while not read.endswith(b"\n"):
        more = os.read(0, LONGEST_LINE)
        if not more:
            return b""
        read += more
    return read


def _fork(wanted: Mapping[str, object]) -> int:
    pid = os.fork()
    if not pid:
        try:
            _become(wanted)
        finally:
            os._exit(1)
    return pid


def _become(wanted: Mapping[str, object]) -> None:
    from gateway.__main__ import main

    die_with_parent()
    environment, arguments = wanted["environment"], wanted["arguments"]
    assert isinstance(environment, dict) and isinstance(arguments, list)
    os.environ.update(environment)
    log = os.open(str(wanted["log"]), os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)
    for number, opened in enumerate((os.open(os.devnull, os.O_RDONLY), log, log)):
        os.dup2(opened, number)
    sys.stdin, sys.stdout, sys.stderr = open(0), open(1, "w", 1), open(2, "w", 1)  # noqa: SIM115
    sys.argv = ["frontdoor", *arguments]
    os._exit(main(arguments))


def _tell(**said: int) -> None:
    os.write(1, json.dumps(said).encode() + b"\n")


if __name__ == "__main__":
    import gateway.__main__
    import gateway.app
    import gateway.wiring  # noqa: F401

    _serve()
