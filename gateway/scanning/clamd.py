"""Speaks to clamd, the daemon of ClamAV: its INSTREAM and VERSION commands, over TCP or a Unix socket.

Source of the protocol: clamd(8). A file goes as pieces, each behind its length (4 bytes, network order), and ends with
a length of 0; what is larger than its ``StreamMaxLength`` it answers by closing the connection.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from storage.attachment import VirusState

PIECE = 128 * 1024
LONGEST_ANSWER = 4096
SECONDS = 120.0
TOO_LARGE = "larger than the virus scanner takes"
NOT_READ = "the virus scanner could not read it"


class ScannerAway(Exception):
    """It cannot be asked now: the file waits, and nothing is said of it."""


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """What the scanner said; ``name`` is what it found, or why it did not look."""

    state: VirusState
    name: str = ""


class Clamd:
    """``address`` is ``host:port`` or the path of a Unix socket; no call takes longer than ``seconds``."""

    def __init__(self, address: str, *, seconds: float = SECONDS) -> None:
        self._address, self._seconds = address, seconds

    async def look(self, content: bytes) -> Verdict:
        """What it says of a file; raises ``ScannerAway``, and ``TimeoutError`` for a file it cannot finish."""
        try:
            async with asyncio.timeout(self._seconds):
                said = await self._stream(content)
        except TimeoutError:
            await self.version()
            raise
        if said is None:
            await self.version()
            return Verdict(state=VirusState.NOT_CHECKED, name=TOO_LARGE)
        return _verdict(said)

    async def version(self, seconds: float = 5.0) -> str:
        """Its version and that of its signatures; raises ``ScannerAway``."""
        try:
            async with asyncio.timeout(min(seconds, self._seconds)), self._connected() as (reader, writer):
                writer.write(b"zVERSION\0")
                said = await _answer(reader)
        except (OSError, TimeoutError) as error:
            raise ScannerAway(type(error).__name__) from None
        if not said:
            raise ScannerAway("it closed the connection")
        return said

    async def _stream(self, content: bytes) -> str | None:
        """Its answer; None where it closed the connection while it was given the file."""
        async with self._connected() as (reader, writer):
            try:
                writer.write(b"zINSTREAM\0")
                for begin in range(0, len(content), PIECE):
                    piece = content[begin : begin + PIECE]
                    writer.write(len(piece).to_bytes(4, "big") + piece)
                    await writer.drain()
                writer.write(bytes(4))
                await writer.drain()
                return await _answer(reader) or None
            except ConnectionError:
                return None

    @asynccontextmanager
    async def _connected(self) -> AsyncIterator[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
        try:
            if self._address.startswith("/"):
                reader, writer = await asyncio.open_unix_connection(self._address)
            else:
                host, _, port = self._address.rpartition(":")
                reader, writer = await asyncio.open_connection(host.strip("[]"), int(port))
        except OSError as error:
            raise ScannerAway(type(error).__name__) from None
        try:
            yield reader, writer
        finally:
            writer.close()
            with contextlib.suppress(OSError):
                await writer.wait_closed()


async def _answer(reader: asyncio.StreamReader) -> str:
    said = b""
    while not said.endswith(b"\0") and len(said) < LONGEST_ANSWER:
        if not (more := await reader.read(LONGEST_ANSWER)):
            break
        said += more
    return said.rstrip(b"\0").decode("utf-8", "replace").strip()


def _verdict(said: str) -> Verdict:
    words = said.removeprefix("stream: ")
    if words == "OK":
        return Verdict(state=VirusState.CLEAN)
    if words.endswith(" FOUND"):
        return Verdict(state=VirusState.FOUND, name=words.removesuffix(" FOUND")[:200])
    too_large = "size limit exceeded" in words
    return Verdict(state=VirusState.NOT_CHECKED, name=TOO_LARGE if too_large else NOT_READ)
