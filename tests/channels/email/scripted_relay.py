"""A relay that offers what a test says and answers each command as it says, in words that any server might use."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field


@dataclass(kw_only=True)
class Script:
    """``answers`` are used up one a command of that name, then all is well; 421 also ends the connection.

    ``heard`` are the commands as they came, ``mails`` the mails with their dots as they came over the wire.
    """

    offers: tuple[str, ...] = ("SIZE 1000000", "8BITMIME", "DSN")
    answers: dict[str, list[str]] = field(default_factory=dict)
    heard: list[str] = field(default_factory=list)
    mails: list[bytes] = field(default_factory=list)
    connections: int = 0
    port: int = 0

    def answer(self, command: str, usual: str) -> str:
        """What is said to it now."""
        left = self.answers.get(command, [])
        return left.pop(0) if left else usual

    async def converse(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection to its end."""
        self.connections += 1
        writer.write(b"220 relay.example.org\r\n")
        while line := (await reader.readline()).decode().strip():
            self.heard.append(line)
            said = await self._said(line.split()[0].upper(), reader, writer)
            writer.write(f"{said}\r\n".encode())
            if said.startswith(("421", "221")):
                break
        writer.close()

    async def _said(self, command: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> str:
        if command == "EHLO":
            return "\r\n".join([f"250-{each}" for each in ("relay.example.org", *self.offers)]) + "\r\n250 HELP"
        if command == "QUIT":
            return "221 bye"
        if command != "DATA":
            return self.answer(command, "250 2.0.0 OK")
        if not (asked := self.answer("DATA", "354 go on")).startswith("354"):
            return asked
        writer.write(f"{asked}\r\n".encode())
        mail = await reader.readuntil(b"\r\n.\r\n")
        said = self.answer("MESSAGE", "250 2.0.0 taken")
        if said.startswith("250"):
            self.mails.append(mail)
        return said


@asynccontextmanager
async def scripted_relay(script: Script) -> AsyncIterator[str]:
    """Its address."""
    server = await asyncio.start_server(script.converse, "127.0.0.1", 0)
    script.port = server.sockets[0].getsockname()[1]
    try:
        yield f"smtp://127.0.0.1:{script.port}"
    finally:
        server.close()
