"""A gateway in a process and on a core of its own that keeps live streams, and says how long each frame waited."""

from __future__ import annotations

import asyncio
import json
import os
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from benchmarks.figures import percentile
from benchmarks.processes import memory_mb
from benchmarks.run import TOKEN
from benchmarks.stream_load import ACCOUNT, SECRET
from gateway.app import running
from gateway.commands.running import settle_memory
from gateway.core import Core, open_core
from gateway.demo.ports import next_free_port
from gateway.settings import Settings
from storage.stream_sound import Piece, StreamSound

TOLD = "streams.json"


class Timed(StreamSound):
    """Every piece begins with the moment its first frame was sent, the one that has waited longest."""

    waited_ms: list[float]
    began = ended = (0.0, 0.0)

    def append(self, pieces: Sequence[Piece]) -> None:
        """As always, and then look at the clock."""
        super().append(pieces)
        now = time.monotonic_ns()
        spoken = [piece for piece in pieces if piece.number]
        self.waited_ms += [(now - int.from_bytes(piece.sound[:8], "big")) / 1e6 for piece in spoken]
        self.ended = time.monotonic(), time.process_time()
        if spoken and not self.began[0]:
            self.began = self.ended
            self.waited_ms.clear()


def timed(core: Core) -> Timed:
    """Let this gateway's streams be timed."""
    sounds = Timed(core.capturing.sounds.root, core.seal)
    sounds.waited_ms = []
    core.capturing.sounds = sounds
    core.capturing.leaving.settle_seconds = 1e9
    return sounds


async def main(folder: Path, url: str) -> None:
    """Serve until our input ends, then tell what was measured in a file."""
    os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
    port = next_free_port("127.0.0.1", 18000)
    core = open_core(
        Settings(
            data_dir=folder, database_url=url, http=f"127.0.0.1:{port}", smtp="", api_token=TOKEN,
            public_url=f"http://127.0.0.1:{port}", twilio_account_sid=ACCOUNT, twilio_auth_token=SECRET,
            twilio_number="+441632960001",
        )
    )  # fmt: skip
    sounds = timed(core)
    async with running(core, desks=()):
        settle_memory()
        idle = memory_mb(os.getpid())
        print(port, flush=True)
        most = idle
        reading = asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)
        while not reading.done():
            await asyncio.wait({reading}, timeout=1.0)
            most = max(most, memory_mb(os.getpid()))
        await asyncio.sleep(1.0)  # what came last is written
        seconds, used = (ended - began for ended, began in zip(sounds.ended, sounds.began, strict=True))
        told = {
            "kept_seconds": core.capturing.kept_seconds, "p50_ms": percentile(sounds.waited_ms, 50),
            "p99_ms": percentile(sounds.waited_ms, 99), "core": used / seconds if seconds else 0.0,
            "memory_mb": most - idle,
        }  # fmt: skip
        (folder / TOLD).write_text(json.dumps(told))
        os._exit(0)  # what was heard is thrown away with its folder


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]), sys.argv[2]))
