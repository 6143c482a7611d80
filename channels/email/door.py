"""The mail door: takes mail for our mailboxes over SMTP and says 250 only once a mail is durably kept."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from channels.contract import Accept, NoRoom, NotKept, Purpose, RawMessage, Receipt
from channels.email.arriving import Conversation
from channels.email.crowd import Crowd, peer_of
from channels.email.entrance import Entrance
from channels.email.local_delivery import LocalDelivery, is_path, listen, remove_socket, socket_at
from channels.email.mail_key import header_of, source_key
from channels.email.own import Own
from channels.email.taking import Taking
from channels.email.trace import protocol_of

__all__ = ["MAX_BYTES", "MailDoor", "Sort", "source_key"]

MAX_BYTES = 50 * 1024 * 1024
MAX_RECIPIENTS = 100
MEDIA_TYPE = "message/rfc822"
_NO_ROOM = "451 4.3.1 We have no room for this message just now, please send it again"
_NOT_NOW = "451 4.3.0 We could not keep this message just now, please send it again"
_GRACE_SECONDS = 30
log = logging.getLogger(__name__)


Sort = Callable[[RawMessage], RawMessage]
"""What a mail is kept as: itself, or the same bytes as a message of the channel whose machine mailed it.

Of a long mail it is shown the first 256 kB."""


def kept_as(raw: RawMessage, sort: Sort | None) -> RawMessage:
    """Sorted; a mail that cannot be sorted is kept as one."""
    try:
        return sort(raw) if sort else raw
    except Exception as error:
        log.error("a mail could not be sorted: %s", type(error).__name__)
        return raw


class MailDoor:
    """A ``Listener``: an SMTP server in the running event loop, an LMTP server, or both.

    ``host`` and ``port`` are where SMTP listens, nowhere without a host; ``port`` is the one it got once it is open.
    ``lmtp_port`` likewise, if LMTP has an address of a network.
    """

    def __init__(
        self, accept: Accept, *, own: Own, host: str, port: int, hostname: str, max_bytes: int = MAX_BYTES,
        sort: Sort | None = None, entrance: Entrance | None = None,
    ) -> None:  # fmt: skip
        self.port, self.hostname, self.max_bytes, self.closing = port, hostname, max_bytes, False
        self.lmtp_port, self._entrance = 0, entrance or Entrance()
        self._accept, self._own, self._host, self._sort = accept, own, host, sort
        self._servers: list[asyncio.Server] = []
        self._socket: tuple[int, int] | None = None
        self._conversations: dict[Conversation, str] = {}
        self._keeping: set[asyncio.Future[Receipt]] = set()
        self._empty = asyncio.Event()

    async def open(self) -> None:
        """Begin to listen; raises OSError when an address cannot be had."""
        _silence_the_library()
        loop = asyncio.get_running_loop()
        self.closing, self._crowd = False, Crowd(self._entrance.limits, loop.time)
        if self._host:
            server = await loop.create_server(lambda: _Entry(self._converse), self._host, self.port, backlog=1024)
            self._servers.append(server)
            self.port = server.sockets[0].getsockname()[1]
        if lmtp := self._entrance.lmtp:
            server = await listen(lambda: _Entry(self._converse_locally), lmtp)
            self._servers.append(server)
            self._socket = socket_at(lmtp)
            self.lmtp_port = 0 if is_path(lmtp) else server.sockets[0].getsockname()[1]

    async def close(self) -> None:
        """Stop listening. A mail being kept is answered first; what was accepted stays accepted."""
        self.closing = True
        for server in self._servers:
            server.close()
        self._servers.clear()
        for conversation in tuple(self._conversations):
            if not conversation.keeping:
                conversation.hang_up("421 4.3.2 We are closing, please try again")
        if self._conversations:
            self._empty.clear()
            try:
                await asyncio.wait_for(self._empty.wait(), _GRACE_SECONDS)
            except TimeoutError:
                log.warning("%d mail conversations did not end in time", len(self._conversations))
        if self._keeping:
            await asyncio.wait(self._keeping, timeout=_GRACE_SECONDS)
        remove_socket(self._entrance.lmtp, self._socket)

    def taking(self) -> Taking:
        """For the next mail."""
        return Taking(self.max_bytes, self._entrance.shelf)

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

    async def keep(self, taking: Taking, conversation: Conversation) -> str:
        """Keep the mail even if the peer leaves meanwhile, and answer with its reference."""
        keeping = asyncio.ensure_future(self._keep(taking, _envelope(conversation)))
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

    async def _keep(self, taking: Taking, envelope: Mapping[str, str]) -> Receipt:
        try:
            mail = await taking.whole()
        except BaseException:
            taking.abandon()
            raise
        raw = RawMessage(
            channel="email", source_key=mail.key, body=mail.head if mail.in_file else mail.body, media_type=MEDIA_TYPE,
            envelope=envelope, purpose=self._purpose(envelope, mail.head),
        )  # fmt: skip
        raw = kept_as(raw, self._sort)
        return await self._accept(replace(raw, body=b"", in_file=mail.in_file) if mail.in_file else raw)

    def _purpose(self, envelope: Mapping[str, str], head: bytes) -> Purpose:
        """A delivery report to a bounce address is news of a notice; everything else may be somebody speaking."""
        bounce = envelope["mail_from"] == "<>" and all(
            self._own.token_of_bounce(each) for each in envelope["rcpt_to"].split("\n")
        )
        return Purpose.REPORT if bounce and b"multipart/report" in header_of(head) else Purpose.MESSAGE

    def _converse(self, transport: asyncio.Transport) -> None:
        self._begin(transport, peer_of(transport.get_extra_info("peername")), Conversation)

    def _converse_locally(self, transport: asyncio.Transport) -> None:
        self._begin(transport, "", LocalDelivery)

    def _begin(self, transport: asyncio.Transport, peer: str, kind: type[Conversation]) -> None:
        """A conversation, or a word that there can be none just now."""
        if refusal := self._crowd.enter(peer):
            transport.write(f"{refusal}\r\n".encode())
            transport.close()
            return
        certificate = self._entrance.certificate
        conversation = kind(
            self, loop=asyncio.get_running_loop(), tls_context=certificate.context() if certificate else None,
            must_encrypt=self._entrance.must_encrypt and kind is Conversation, patience=self._entrance.patience,
        )  # fmt: skip
        conversation.on_end = self._ended
        self._conversations[conversation] = peer
        transport.set_protocol(conversation)
        conversation.connection_made(transport)

    def _ended(self, conversation: Conversation) -> None:
        self._crowd.leave(self._conversations.pop(conversation))
        if not self._conversations:
            self._empty.set()

    def _kept(self, keeping: asyncio.Future[Receipt]) -> None:
        self._keeping.discard(keeping)
        if not keeping.cancelled():
            keeping.exception()


class _Entry(asyncio.Protocol):
    """Stands at the door until it is known who comes."""

    def __init__(self, begin: Callable[[asyncio.Transport], None]) -> None:
        self._begin = begin

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Somebody is there."""
        if isinstance(transport, asyncio.Transport):
            self._begin(transport)


def _envelope(conversation: Conversation) -> dict[str, str]:
    """What the peer said, as text that any database can hold; recipients one a line, the null sender as ``<>``.

    ``by`` and ``with`` are what our trace field says of us.
    """
    session: Any = conversation.session
    envelope: Any = conversation.envelope
    peer = session.peer
    came_with = protocol_of(
        conversation.protocol, is_extended=session.extended_smtp, is_encrypted=session.ssl is not None,
        is_utf8=bool(envelope.smtp_utf8),
    )  # fmt: skip
    said = {
        "mail_from": str(envelope.mail_from), "rcpt_to": "\n".join(envelope.rcpt_tos),
        "peer": f"{peer[0]}:{peer[1]}" if isinstance(peer, tuple) else "", "helo": str(session.host_name or ""),
        "by": conversation.hostname, "with": came_with,
    }  # fmt: skip
    return {name: value.encode("utf-8", "replace").decode().replace("\0", "") for name, value in said.items()}


def _silence_the_library() -> None:
    """Aiosmtpd logs addresses and commands; ours says what operators need without them.

    By its level: a library that sets logging up later switches a disabled logger on again.
    """
    logging.getLogger("mail.log").setLevel(logging.CRITICAL + 1)
