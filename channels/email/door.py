"""The mail door: takes mail for our mailboxes over SMTP and says 250 only once a mail is durably kept."""

from __future__ import annotations

import asyncio
import hashlib
import logging
import re
import ssl
from collections.abc import Callable
from typing import Any

from channels.contract import Accept, NoRoom, NotKept, Purpose, RawMessage, Receipt
from channels.email.arriving import Conversation
from channels.email.own import Own

MAX_BYTES = 50 * 1024 * 1024
MAX_RECIPIENTS = 100
MAX_CONVERSATIONS = 500
MEDIA_TYPE = "message/rfc822"
_NO_ROOM = "451 4.3.1 We have no room for this message just now, please send it again"
_NOT_NOW = "451 4.3.0 We could not keep this message just now, please send it again"
_LARGE = 1024 * 1024
_GRACE_SECONDS = 30
_TRACE = re.compile(
    rb"(?:(?:Return-Path|Received|Delivered-To|X-Original-To|Envelope-To):[^\n]*\n(?:[ \t][^\n]*\n)*)+", re.IGNORECASE
)
_HEADER_END = re.compile(rb"\r?\n\r?\n")
log = logging.getLogger(__name__)


Sort = Callable[[RawMessage], RawMessage]
"""What a mail is kept as: itself, or the same bytes as a message of the channel whose machine mailed it."""


class MailDoor:
    """A ``Listener``: an SMTP server in the running event loop. ``port`` is the one it got once it is open."""

    def __init__(
        self, accept: Accept, *, own: Own, host: str, port: int, hostname: str, max_bytes: int = MAX_BYTES,
        tls_context: ssl.SSLContext | None = None, sort: Sort | None = None,
    ) -> None:  # fmt: skip
        self._sort = sort
        self.port, self.hostname, self.max_bytes, self.closing = port, hostname, max_bytes, False
        self._accept, self._own, self._host, self._tls_context = accept, own, host, tls_context
        self._server: asyncio.Server | None = None
        self._conversations: set[Conversation] = set()
        self._keeping: set[asyncio.Future[Receipt]] = set()
        self._empty = asyncio.Event()

    async def open(self) -> None:
        """Begin to listen; raises OSError when the address cannot be had."""
        _silence_the_library()
        loop = asyncio.get_running_loop()
        self.closing = False
        self._server = await loop.create_server(self._converse, self._host, self.port, backlog=1024)
        self.port = self._server.sockets[0].getsockname()[1]

    async def close(self) -> None:
        """Stop listening. A mail being kept is answered first; what was accepted stays accepted."""
        self.closing = True
        if self._server is not None:
            self._server.close()
        for conversation in tuple(self._conversations):
            if not conversation.keeping:
                conversation.hang_up()
        if self._conversations:
            self._empty.clear()
            try:
                await asyncio.wait_for(self._empty.wait(), _GRACE_SECONDS)
            except TimeoutError:
                log.warning("%d mail conversations did not end in time", len(self._conversations))
        if self._keeping:
            await asyncio.wait(self._keeping, timeout=_GRACE_SECONDS)

    async def handle_EHLO(self, server: Any, session: Any, envelope: Any, hostname: str, lines: list[str]) -> list[str]:
        """What we can do: sizes up to our limit, and commands in one breath; told in one packet."""
        session.host_name = hostname
        offered = [line for line in lines[:-1] if not line.startswith("250-AUTH")]
        return ["\r\n".join([*offered, f"250-SIZE {self.max_bytes}", "250-PIPELINING", lines[-1]])]

    async def handle_MAIL(self, server: Any, session: Any, envelope: Any, address: str, options: list[str]) -> str:
        """Any sender may write to us; a mail that says it is too large is refused before it is sent."""
        for option in options:
            size = option.removeprefix("SIZE=")
            if size != option and int(size) > self.max_bytes:
                return "552 5.3.4 The message is too large"
        envelope.mail_from = address
        return "250 2.1.0 Sender OK"

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: list[str]) -> str:
        """Only our mailboxes, and the bounce addresses we gave out."""
        if not self._own.is_recipient(address):
            return "550 5.1.1 There is no such mailbox here"
        if len(envelope.rcpt_tos) >= MAX_RECIPIENTS:
            return "452 4.5.3 Too many recipients"
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 Recipient OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        """Keep the mail even if the peer leaves meanwhile, and answer with its reference."""
        content: bytes = envelope.content
        large = len(content) > _LARGE
        key = await asyncio.to_thread(source_key, content) if large else source_key(content)
        raw = RawMessage(
            channel="email", source_key=key, body=content, media_type=MEDIA_TYPE,
            envelope=_envelope(session, envelope), purpose=self._purpose(envelope, content),
        )  # fmt: skip
        keeping = asyncio.ensure_future(self._accept(self._sorted(raw)))
        self._keeping.add(keeping)
        keeping.add_done_callback(self._kept)
        try:
            receipt = await asyncio.shield(keeping)
        except NotKept as error:
            return _NO_ROOM if isinstance(error, NoRoom) else _NOT_NOW
        except Exception as error:
            log.error("a mail could not be kept: %s", type(error).__name__)
            return _NOT_NOW
        return f"250 2.0.0 Kept as {receipt.reference}"

    async def handle_exception(self, error: Exception) -> str:
        """An error of our own is never a refusal: the peer tries again."""
        log.error("a mail conversation failed: %s", type(error).__name__)
        return _NOT_NOW

    def _sorted(self, raw: RawMessage) -> RawMessage:
        """A mail that cannot be sorted is kept as one."""
        try:
            return self._sort(raw) if self._sort else raw
        except Exception as error:
            log.error("a mail could not be sorted: %s", type(error).__name__)
            return raw

    def _purpose(self, envelope: Any, content: bytes) -> Purpose:
        """A delivery report to a bounce address is news of a notice; everything else may be somebody speaking."""
        bounce = envelope.mail_from == "<>" and all(self._own.token_of_bounce(each) for each in envelope.rcpt_tos)
        return Purpose.REPORT if bounce and b"multipart/report" in _header(content) else Purpose.MESSAGE

    def _converse(self) -> asyncio.BaseProtocol:
        if len(self._conversations) >= MAX_CONVERSATIONS:
            return _Busy()
        conversation = Conversation(self, loop=asyncio.get_running_loop(), tls_context=self._tls_context)
        conversation.on_end = self._ended
        self._conversations.add(conversation)
        return conversation

    def _ended(self, conversation: Conversation) -> None:
        self._conversations.discard(conversation)
        if not self._conversations:
            self._empty.set()

    def _kept(self, keeping: asyncio.Future[Receipt]) -> None:
        self._keeping.discard(keeping)
        if not keeping.cancelled():
            keeping.exception()


class _Busy(asyncio.Protocol):
    """Says "later" to more peers than we can listen to at once."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Say so and hang up."""
        if isinstance(transport, asyncio.WriteTransport):
            transport.write(b"421 4.3.2 Too many connections, please try again\r\n")
        transport.close()


def source_key(content: bytes) -> str:
    """The same for the same mail however often and by whatever way it comes, and for nothing else.

    With a Message-ID: the mail, that id included, below the trace fields relays put on top; without one: every byte.
    """
    header = _header(content)
    digest = hashlib.sha256()
    if b"\nmessage-id:" in header or header.startswith(b"message-id:"):
        trace = _TRACE.match(content)
        digest.update(memoryview(content)[trace.end() if trace else 0 :])
    else:
        digest.update(b"whole\0")
        digest.update(content)
    return digest.hexdigest()


def _header(content: bytes) -> bytes:
    """Everything above the first empty line, lower case."""
    end = _HEADER_END.search(content)
    return content[: end.start() if end else len(content)].lower()


def _envelope(session: Any, envelope: Any) -> dict[str, str]:
    """What the peer said, as text that any database can hold; recipients one a line, the null sender as ``<>``."""
    peer = session.peer
    said = {
        "mail_from": str(envelope.mail_from), "rcpt_to": "\n".join(envelope.rcpt_tos),
        "peer": f"{peer[0]}:{peer[1]}" if isinstance(peer, tuple) else "", "helo": str(session.host_name or ""),
    }  # fmt: skip
    return {name: value.encode("utf-8", "replace").decode().replace("\0", "") for name, value in said.items()}


def _silence_the_library() -> None:
    """Aiosmtpd logs addresses and commands; ours says what operators need without them.

    By its level: a library that sets logging up later switches a disabled logger on again.
    """
    logging.getLogger("mail.log").setLevel(logging.CRITICAL + 1)
