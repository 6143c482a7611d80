"""A stream whose end reads as QUIT, so that everything sent before the end is still answered."""

from __future__ import annotations

import asyncio

GOODBYE = b"QUIT\r\n"


class UntilGoodbye:
    """Stands where aiosmtpd expects its reader; what it sets there is set on the stream beneath."""

    def __init__(self, stream: asyncio.StreamReader) -> None:
        self._stream = stream

    async def readuntil(self, separator: bytes = b"\n") -> bytes:
        """The next line; QUIT once there is no whole line any more."""
        try:
            return await self._stream.readuntil(separator)
        except asyncio.IncompleteReadError:
            return GOODBYE

    async def read(self, n: int) -> bytes:
        """What has come, at most ``n`` bytes; empty at the end."""
        return await self._stream.read(n)

    @property
    def _buffer(self) -> bytearray:
        return self._stream._buffer  # type: ignore[attr-defined, no-any-return]

    def __setattr__(self, name: str, value: object) -> None:
        """STARTTLS swaps the transport of the stream beneath."""
        object.__setattr__(self if name == "_stream" else self._stream, name, value)
