"""A small honest relay for the tests: an SMTP server that takes mails, refuses them, or dies at a chosen moment."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiosmtpd.smtp import SMTP


@dataclass(kw_only=True)
class Taken:
    sender: str
    recipients: tuple[str, ...]
    content: bytes


@dataclass(kw_only=True)
class Sink:
    """``answers`` replaces the answer to MAIL, RCPT or DATA; ``dies_at`` cuts the connection there instead.

    ``hangs_at`` gives no answer there for ``seconds``; a mail that came whole is taken all the same.
    """

    port: int = 0
    taken: list[Taken] = field(default_factory=list)
    answers: dict[str, str] = field(default_factory=dict)
    dies_at: str = ""
    hangs_at: str = ""
    seconds: float = 1.0
    connections: list[SMTP] = field(default_factory=list)

    async def handle_MAIL(self, server: Any, session: Any, envelope: Any, address: str, options: list[str]) -> str:
        envelope.mail_from = address
        return await self._answer("MAIL", server)

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: list[str]) -> str:
        envelope.rcpt_tos.append(address)
        return await self._answer("RCPT", server)

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        if self.answers.get("DATA", "250").startswith("250"):
            mail = Taken(sender=envelope.mail_from, recipients=tuple(envelope.rcpt_tos), content=envelope.content)
            self.taken.append(mail)
        return await self._answer("DATA", server)

    def drop_everybody(self) -> None:
        """End every connection, as a relay does that has waited too long."""
        for connection in self.connections:
            if connection.transport is not None:
                connection.transport.close()

    async def _answer(self, command: str, server: Any) -> str:
        if self.hangs_at == command:
            await asyncio.sleep(self.seconds)
        if self.dies_at == command:
            server.transport.abort()
        return self.answers.get(command, "250 2.0.0 OK")


@asynccontextmanager
async def relay_sink(*, smtputf8: bool = True) -> AsyncIterator[Sink]:
    loop, sink = asyncio.get_running_loop(), Sink()

    def converse() -> SMTP:
        connection = SMTP(sink, hostname="relay.example.org", enable_SMTPUTF8=smtputf8, loop=loop)
        sink.connections.append(connection)
        return connection

    server = await loop.create_server(converse, "127.0.0.1", 0)
    sink.port = server.sockets[0].getsockname()[1]
    try:
        yield sink
    finally:
        server.close()
        sink.drop_everybody()
        await asyncio.sleep(0.01)
