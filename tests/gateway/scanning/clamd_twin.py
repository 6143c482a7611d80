"""A twin of clamd: the same words over the same wire, and signatures of our own choosing."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

SIGNATURE = b"frontdoor-test-signature"
FOUND = "Frontdoor.Test.Signature"


@dataclass(kw_only=True)
class ClamdTwin:
    """``takes`` is its StreamMaxLength; ``hangs``: it answers no file; ``seen`` are the sizes of what it was given."""

    takes: int = 1024 * 1024
    hangs: bool = False
    address: str = ""
    seen: list[int] = field(default_factory=list)

    async def talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection, one command."""
        try:
            command = await reader.readuntil(b"\0")
            if command == b"zVERSION\0":
                writer.write(b"ClamAV 1.4.6/27000/Mon Nov 23 2026\0")
            elif command == b"zINSTREAM\0":
                await self._look(reader, writer)
            await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()

    async def _look(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        content = b""
        while size := int.from_bytes(await reader.readexactly(4), "big"):
            content += await reader.readexactly(size)
            if len(content) > self.takes:
                writer.write(b"INSTREAM size limit exceeded. ERROR\0")
                return
        self.seen.append(len(content))
        while self.hangs:
            await asyncio.sleep(0.05)
        said = f"stream: {FOUND} FOUND" if SIGNATURE in content else "stream: OK"
        writer.write(said.encode() + b"\0")


@asynccontextmanager
async def clamd_twin(twin: ClamdTwin | None = None, *, at: str = "127.0.0.1:0") -> AsyncIterator[ClamdTwin]:
    """At a free port, or at the path of a socket."""
    twin = twin or ClamdTwin()
    if at.startswith("/"):
        server = await asyncio.start_unix_server(twin.talk, at)
        twin.address = at
    else:
        server = await asyncio.start_server(twin.talk, "127.0.0.1", int(at.rpartition(":")[2]))
        twin.address = f"127.0.0.1:{server.sockets[0].getsockname()[1]}"
    async with server:
        yield twin
        twin.hangs = False
