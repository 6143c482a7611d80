"""One mail server in a process of its own: aiosmtpd doing nothing, aiosmtpd with one fsync'd file a mail, or ours."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from aiosmtpd.smtp import SMTP, Envelope, Session

from benchmarks.run import settings
from gateway.commands.memory import give_memory_back
from gateway.commands.running import settle_memory
from gateway.core import open_core
from gateway.wiring import wire_email

NOTHING, FILE = "nothing", "file"


class Nothing:
    """Takes a mail and forgets it."""

    async def handle_DATA(self, _: SMTP, __: Session, envelope: Envelope) -> str:
        """The cheapest 250 there is."""
        return "250 2.0.0 OK"


class OneFile:
    """Writes each mail to a file of its own and fsyncs it before the 250."""

    def __init__(self, folder: Path) -> None:
        self._folder, self._number = folder, 0

    async def handle_DATA(self, _: SMTP, __: Session, envelope: Envelope) -> str:
        """Durable, in the event loop: faster than in a thread."""
        self._number += 1
        descriptor = os.open(self._folder / str(self._number), os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        os.write(descriptor, envelope.content if isinstance(envelope.content, bytes) else b"")
        os.fsync(descriptor)
        os.close(descriptor)
        return "250 2.0.0 OK"


@asynccontextmanager
async def plain(handler: Nothing | OneFile) -> AsyncIterator[int]:
    """Aiosmtpd as it comes; yields its port."""
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: SMTP(handler, loop=loop), "127.0.0.1", 0)
    yield server.sockets[0].getsockname()[1]
    server.close()


@asynccontextmanager
async def ours(folder: Path, url: str) -> AsyncIterator[int]:
    """The gateway's mail door on its real intake; yields its port."""
    give_memory_back()
    core = open_core(settings(folder, url))
    door = wire_email(core).door(core.intake.accept)
    if door is None:
        raise RuntimeError("the mail door is shut")
    await door.open()
    settle_memory()
    yield door.port
    await door.close()
    core.close()


async def main(which: str, folder: Path, url: str) -> None:
    """Serve until our input ends."""
    if which == NOTHING:
        server = plain(Nothing())
    elif which == FILE:
        server = plain(OneFile(folder))
    else:
        server = ours(folder, url)
    async with server as port:
        print(port, flush=True)
        await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], Path(sys.argv[2]), sys.argv[3]))
