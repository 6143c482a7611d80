"""A pretend mail relay: takes our notices over SMTP, keeps them, and stands for the senders' mailboxes."""

from __future__ import annotations

import asyncio
import email.policy
from collections.abc import Callable
from email import message_from_bytes
from email.message import EmailMessage
from typing import Any

from aiosmtpd.smtp import SMTP

PATIENCE_SECONDS = 60.0


class PretendRelay:
    """Listens on a loopback port of its own inside ``async with``; ``on_mail`` is told every mail it takes."""

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []
        self.on_mail: Callable[[EmailMessage], None] | None = None
        self._came = asyncio.Condition()
        self._peers: set[SMTP] = set()

    async def __aenter__(self) -> PretendRelay:
        self._server = await asyncio.get_running_loop().create_server(self._converse, "127.0.0.1", 0)
        self.port: int = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *_: object) -> None:
        self._server.close()
        for peer in self._peers:
            if peer.transport is not None:
                peer.transport.close()
        await asyncio.sleep(0)

    @property
    def url(self) -> str:
        """What the gateway's setting says."""
        return f"smtp://127.0.0.1:{self.port}"

    async def answer_to(self, message_id: str) -> EmailMessage:
        """The mail that answers the one with this id, brackets included; TimeoutError when none comes."""
        async with asyncio.timeout(PATIENCE_SECONDS), self._came:
            while (found := self._answering(message_id)) is None:
                await self._came.wait()
            return found

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        """Keep the mail and tell whoever waits for it."""
        mail = message_from_bytes(envelope.content, policy=email.policy.default)
        async with self._came:
            self.mails.append(mail)
            self._came.notify_all()
        if self.on_mail:
            self.on_mail(mail)
        return "250 2.0.0 Taken"

    def _answering(self, message_id: str) -> EmailMessage | None:
        return next((mail for mail in self.mails if str(mail["In-Reply-To"]).strip() == message_id), None)

    def _converse(self) -> SMTP:
        peer = SMTP(self, hostname="relay.example.org", enable_SMTPUTF8=True, loop=asyncio.get_running_loop())
        self._peers.add(peer)
        return peer
