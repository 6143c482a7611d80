"""One SMTP conversation: aiosmtpd's, made to lose nothing when lines are long, mails large or the other side leaves."""

from __future__ import annotations

import asyncio
import collections
import re
import ssl
from collections.abc import Awaitable, Callable
from typing import Any, Protocol

from aiosmtpd.smtp import SMTP, syntax

from channels.email.final_dot import UntilFinalDot

BLOCK = 64 * 1024
GOODBYE = b"QUIT\r\n"
_PATIENCE = 8
_PATH = re.compile(r"<(?:@[^:>]*:)?(.*)>\s*(.*)", re.DOTALL)


class Takes(Protocol):
    """What a conversation needs of the door; the ``handle_`` hooks are found by aiosmtpd."""

    max_bytes: int
    hostname: str
    closing: bool

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        """Keep one mail and say what the peer is told."""


class Conversation(SMTP):
    """An aiosmtpd session with the defects mended that would lose or refuse a genuine mail.

    Lines of any length are taken and read in blocks, so memory is bounded by ``max_bytes``; a mail too large is read to
    its end so that the refusal is heard, but not past eight times the limit. A peer that stops sending still gets its
    answers. The time limit of 300 s counts from the last block, not from the first.
    """

    line_length_limit = BLOCK
    command_size_limit = 2048

    def __init__(self, door: Takes, *, loop: asyncio.AbstractEventLoop, tls_context: ssl.SSLContext | None) -> None:
        self.command_size_limits = collections.defaultdict(lambda: self.command_size_limit)
        self.takes = door
        super().__init__(
            door, data_size_limit=None, enable_SMTPUTF8=True, hostname=door.hostname, ident="ESMTP frontdoor",
            tls_context=tls_context, loop=loop,
        )  # fmt: skip
        self.keeping = False
        self.on_end: Callable[[Conversation], None] | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin; errors of a broken connection are nobody's news."""
        super().connection_made(transport)
        if self._handler_coroutine is not None:
            self._handler_coroutine.add_done_callback(_retrieve)

    def connection_lost(self, error: Exception | None) -> None:
        """The other side is gone; a mail being kept is kept all the same."""
        super().connection_lost(error)
        if self.on_end is not None:
            self.on_end(self)

    def eof_received(self) -> bool | None:
        """A peer that stops sending (a scanner that half-closes) is answered to the end of what it sent."""
        if self.session is not None and self.session.ssl is not None:
            return super().eof_received()
        return asyncio.StreamReaderProtocol.eof_received(self)

    def hang_up(self) -> None:
        """End the conversation from our side."""
        if self.transport is not None:
            self.transport.close()

    def _cb_client_connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        super()._cb_client_connected(_UntilGoodbye(reader), writer)  # type: ignore[arg-type]

    def _getaddr(self, arg: str) -> tuple[str | None, str | None]:
        """The path as it was given: a strange address is no reason to refuse a mail. The null sender is ``<>``."""
        path = _PATH.match(arg.strip())
        if path is None:
            address, _, rest = arg.strip().partition(" ")
            return address, rest
        return path[1].strip() or "<>", path[2]

    @syntax("DATA")
    async def smtp_DATA(self, arg: str) -> None:
        """Read to the final dot in blocks, keep, and only then answer."""
        if await self.check_helo_needed():
            return
        if self.envelope is None or not self.envelope.rcpt_tos:
            await self.push("503 5.5.1 Error: need RCPT command")
            return
        if arg:
            await self.push("501 5.5.4 Syntax: DATA")
            return
        await self.push("354 End data with <CR><LF>.<CR><LF>")
        content = await self._content()
        if content is None:
            self.envelope = self._create_envelope()
            return
        self.envelope.content = self.envelope.original_content = content
        self.keeping = True
        answer = await self._without_time_limit(self.takes.handle_DATA(self, self.session, self.envelope))
        self.envelope = self._create_envelope()
        await self.push(answer)
        self.keeping = False
        if self.takes.closing:
            self.hang_up()

    async def _content(self) -> bytes | None:
        """The mail; None when it was too large or never ended, which has then been said."""
        mail = UntilFinalDot(self.takes.max_bytes)
        rest = None
        while rest is None:
            block = await self._reader.read(BLOCK)
            if not block:
                await self.push("451 4.3.0 The message ended before its final dot")
                return None
            self._reset_timeout()
            rest = mail.feed(block)
            if mail.size > _PATIENCE * self.takes.max_bytes:
                break
        if mail.too_large:
            await self.push("552 5.3.4 The message is too large")
        if rest is None:
            self.hang_up()
        else:
            self._put_back(rest)
        return None if mail.too_large else mail.content()

    def _put_back(self, rest: bytes) -> None:
        """Commands sent in the same breath as the mail are read next."""
        if rest:
            self._reader._buffer[:0] = rest  # type: ignore[attr-defined]

    async def _without_time_limit(self, keeping: Awaitable[str]) -> str:
        """The peer's time limit does not run while it waits for us."""
        if self._timeout_handle is not None:
            self._timeout_handle.cancel()
        try:
            return await keeping
        finally:
            if self.transport is not None:
                self._reset_timeout()


class _UntilGoodbye:
    """A stream whose end reads as QUIT, so that everything sent before the end is still answered."""

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


def _retrieve(task: asyncio.Task[None]) -> None:
    if not task.cancelled():
        task.exception()
