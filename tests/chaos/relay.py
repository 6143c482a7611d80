"""A mail relay with moods: it takes notices for the senders, refuses, hangs, or drops a connection after DATA."""

from __future__ import annotations

import asyncio
import email.policy
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from typing import Any

from aiosmtpd.smtp import SMTP

from tests.chaos.plan import Fault
from tests.chaos.record import Record, What

LONGEST_HANG = 20.0


@dataclass(frozen=True, kw_only=True)
class Relayed:
    """One notice that was taken, with the addresses its envelope named."""

    envelope_from: str
    recipient: str
    mail: EmailMessage


@dataclass(kw_only=True)
class Relay:
    """``mood`` is the fault in force, None for none; everything taken is in the record as told to its recipient."""

    record: Record
    port: int = 0
    mood: Fault | None = None
    taken: list[Relayed] = field(default_factory=list)
    peers: set[SMTP] = field(default_factory=set)

    async def handle_MAIL(self, server: Any, session: Any, envelope: Any, address: str, options: list[str]) -> str:
        """4xx here, as a relay that is too busy says it."""
        if self.mood is Fault.RELAY_LATER:
            return "451 4.3.2 Later, please"
        envelope.mail_from = address
        return "250 2.1.0 OK"

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: list[str]) -> str:
        """5xx here, as a relay says it that does not know a mailbox."""
        if self.mood is Fault.RELAY_NEVER:
            return "550 5.1.1 No such mailbox"
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        """Take the mail, unless the mood loses it; the record knows it before the gateway does."""
        mood = self.mood
        if mood is Fault.RELAY_HANGS:
            await self._hang()
        if mood is Fault.RELAY_DROPS_LOST:
            server.transport.abort()
            return "421 4.3.0 Gone"
        mail = message_from_bytes(envelope.content, policy=email.policy.default)
        for recipient in envelope.rcpt_tos:
            self._told(mail, recipient)
            self.taken.append(Relayed(envelope_from=str(envelope.mail_from), recipient=recipient, mail=mail))
        if mood is Fault.RELAY_DROPS_TAKEN:
            self.record.write(What.LOST, way="email", key=str(mail["Message-ID"]))
            server.transport.abort()
        return "250 2.0.0 Taken"

    def converse(self) -> asyncio.BaseProtocol:
        """A conversation, or none at all."""
        if self.mood is Fault.RELAY_REFUSES:
            return _Refused()
        peer = SMTP(self, hostname="relay.example.org", enable_SMTPUTF8=True, loop=asyncio.get_running_loop())
        self.peers.add(peer)
        return peer

    async def _hang(self) -> None:
        for _ in range(int(LONGEST_HANG / 0.1)):
            if self.mood is not Fault.RELAY_HANGS:
                return
            await asyncio.sleep(0.1)

    def _told(self, mail: EmailMessage, recipient: str) -> None:
        body = mail.get_body(("plain",))
        words = f"{mail['Subject']}\n{body.get_content() if body else ''}"
        self.record.write(
            What.TOLD, way="email", key=str(mail["Message-ID"]), who=recipient, words=words,
            answers=str(mail["In-Reply-To"] or ""),
        )  # fmt: skip


class _Refused(asyncio.Protocol):
    """Hangs up at once."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Without a word."""
        transport.close()


@asynccontextmanager
async def open_relay(record: Record) -> AsyncIterator[Relay]:
    """The relay on a loopback port of its own."""
    relay = Relay(record=record)
    server = await asyncio.get_running_loop().create_server(relay.converse, "127.0.0.1", 0)
    relay.port = server.sockets[0].getsockname()[1]
    try:
        yield relay
    finally:
        server.close()
        for peer in relay.peers:
            if peer.transport is not None:
                peer.transport.close()
        await asyncio.sleep(0.01)
