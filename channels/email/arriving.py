"""One SMTP conversation: aiosmtpd's, made to lose nothing when lines are long, mails large or the other side leaves."""

from __future__ import annotations

import asyncio
import collections
import re
import ssl
from collections.abc import Awaitable, Callable, Sequence
from typing import AnyStr, Protocol

from aiosmtpd.smtp import SMTP, syntax

from channels.email.patience import FOR_A_BLOCK, Patience
from channels.email.taking import Taking
from channels.email.until_goodbye import UntilGoodbye

BLOCK = 64 * 1024
MAIL_BLOCK = 256 * 1024
MAX_ERRORS = 50
ANSWERS_IN_A_TURN = 32
MAX_IDLE_COMMANDS = {"NOOP": 1000, "HELP": 100, "VRFY": 200, "EXPN": 100, "EHLO": 1000, "HELO": 1000, "*": 1_000_000}
TOLD_BUT_NOT_USED = frozenset({"RET", "ENVID", "NOTIFY", "ORCPT", "AUTH"})
_PATIENCE = 8
_PATH = re.compile(r"<(?:@[^:>]*:)?(.*)>\s*(.*)", re.DOTALL)


class Takes(Protocol):
    """What a conversation needs of the door; the ``handle_`` hooks are found by aiosmtpd."""

    max_bytes: int
    hostname: str
    closing: bool

    def taking(self) -> Taking:
        """For the next mail."""

    async def keep(self, taking: Taking, conversation: Conversation) -> str:
        """Keep one whole mail and say what the peer is told."""

    async def handle_exception(self, error: Exception) -> str:
        """What the peer is told of an error of our own."""


class Conversation(SMTP):
    """An aiosmtpd session with the defects mended that would lose or refuse a genuine mail.

    Lines of any length are taken and read in blocks, so memory is bounded by what the shelf holds; a mail too large is
    read to its end so that the refusal is heard, but not past eight times the limit. A peer that stops sending still
    gets its answers; how long one is waited for is ``Patience``'s. Parameters of RFC 3461 and RFC 4954 are not offered;
    a peer that gives them all the same has its mail taken, and no more comes of them.
    """

    line_length_limit = BLOCK
    command_size_limit = 2048
    max_errors = MAX_ERRORS
    protocol = "SMTP"

    def __init__(
        self, door: Takes, *, loop: asyncio.AbstractEventLoop, tls_context: ssl.SSLContext | None,
        must_encrypt: bool = False, patience: Patience | None = None,
    ) -> None:  # fmt: skip
        self.command_size_limits = collections.defaultdict(lambda: self.command_size_limit)
        self.takes, self.patience = door, patience or Patience()
        super().__init__(
            door, data_size_limit=None, enable_SMTPUTF8=True, hostname=door.hostname, ident="ESMTP frontdoor",
            tls_context=tls_context, require_starttls=must_encrypt, loop=loop, timeout=self.patience.command_seconds,
            command_call_limit=MAX_IDLE_COMMANDS,
        )  # fmt: skip
        self.keeping = False
        self.on_end: Callable[[Conversation], None] | None = None
        self._errors = self._answers = 0

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
            self.on_end = None

    def eof_received(self) -> bool | None:
        """A peer that stops sending (a scanner that half-closes) is answered to the end of what it sent."""
        if self.session is not None and self.session.ssl is not None:
            return super().eof_received()
        return asyncio.StreamReaderProtocol.eof_received(self)

    def hang_up(self, said: str = "") -> None:
        """End the conversation from our side, however little of that the peer hears."""
        transport = self.transport
        if isinstance(transport, asyncio.WriteTransport):
            if said and not transport.is_closing():
                transport.write(said.encode() + b"\r\n")
            transport.close()
            linger = self.patience.closing_seconds if self.takes.closing else self.patience.linger_seconds
            self.loop.call_later(linger, transport.abort)

    async def push(self, status: AnyStr) -> None:
        """Say it. A peer that makes nothing but mistakes is sent away before it has tried every address.

        Commands sent in one breath are answered without a pause: now and then others have their turn.
        """
        await super().push(status)
        self._answers += 1
        if self._answers % ANSWERS_IN_A_TURN == 0:
            await asyncio.sleep(0)
        if status[:1] in (b"5", "5"):
            self._errors += 1
            if self._errors == self.max_errors:
                self.hang_up("421 4.7.0 Too many errors, goodbye")

    async def tell(self, answer: str) -> None:
        """What became of a mail, said to whoever handed it over."""
        await self.push(answer)

    def _timeout_cb(self) -> None:
        self.hang_up("421 4.4.2 Nothing came for too long, goodbye")

    def _cb_client_connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        super()._cb_client_connected(UntilGoodbye(reader), writer)  # type: ignore[arg-type]

    def _getaddr(self, arg: str) -> tuple[str | None, str | None]:
        """The path as it was given: a strange address is no reason to refuse a mail. The null sender is ``<>``."""
        path = _PATH.match(arg.strip())
        if path is None:
            address, _, rest = arg.strip().partition(" ")
            return address, rest
        return path[1].strip() or "<>", path[2]

    def _getparams(self, params: Sequence[str]) -> dict[str, str | bool] | None:
        found = super()._getparams(params)
        return None if found is None else {name: found[name] for name in found.keys() - TOLD_BUT_NOT_USED}

    @syntax("STARTTLS", when="tls_context")
    async def smtp_STARTTLS(self, arg: str) -> None:
        """Once in a conversation."""
        if self._tls_protocol is not None:
            await self.push("503 5.5.1 TLS is on already")
        else:
            await super().smtp_STARTTLS(arg)

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
        taking = self.takes.taking()
        try:
            is_whole = await self._read_into(taking)
        except BaseException as error:
            taking.abandon()
            if not isinstance(error, Exception):
                raise
            await self.tell(await self.takes.handle_exception(error))
            self.hang_up()  # what follows would be words of the mail
            return
        if is_whole:
            self.keeping = True
            await self.tell(await self._without_time_limit(self.takes.keep(taking, self)))
            self.keeping = False
        else:
            taking.abandon()
        self.envelope = self._create_envelope()
        self._reset_timeout()
        if self.takes.closing:
            self.hang_up()

    async def _read_into(self, taking: Taking) -> bool:
        """Whether it came whole; that it was too large, too slow or never ended has been said otherwise."""
        rest, waited, clock = None, 0.0, self.loop.time
        while rest is None:
            self._reset_timeout(self.patience.block_seconds)
            began = clock()
            block = await self._reader.read(MAIL_BLOCK)
            waited += clock() - began
            if not block:
                await self.tell("451 4.3.0 The message ended before its final dot")
                return False
            rest = await taking.feed(block)
            if rest is None and waited > self.patience.for_a_mail(taking.size):
                self.hang_up(FOR_A_BLOCK)
                return False
            if taking.size > _PATIENCE * self.takes.max_bytes:
                break
        if taking.too_large:
            await self.tell("552 5.3.4 The message is too large")
        if rest is None:
            self.hang_up()
        else:
            self._put_back(rest)
        return not taking.too_large

    def _put_back(self, rest: bytes) -> None:
        """Commands sent in the same breath as the mail are read next."""
        if rest:
            self._reader._buffer[:0] = rest  # type: ignore[attr-defined]

    async def _without_time_limit(self, keeping: Awaitable[str]) -> str:
        """The peer's time limit does not run while it waits for us."""
        if self._timeout_handle is not None:
            self._timeout_handle.cancel()
        return await keeping


def _retrieve(task: asyncio.Task[None]) -> None:
    if not task.cancelled():
        task.exception()
