"""A browser that reads the live news of the queue over a real socket, and the gateway it reads it from."""

from __future__ import annotations

import asyncio
import json
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from typing import Any

import httpx

from gateway.app import running
from gateway.core import Core
from gateway.staff import accounts
from gateway.staff.signed_in import COOKIE
from storage.staff import Role, Staff
from tests.gateway.office import EASY
from tests.house import free_port

PATIENCE = 10.0


@asynccontextmanager
async def open_gateway(core: Core, **given: object) -> AsyncIterator[tuple[Core, str]]:
    """Its doors over a real socket, without desks; and where it is."""
    address = f"127.0.0.1:{free_port()}"
    told = core.settings.model_copy(update={"http": address, "smtp": "", "scan_dir": None, **given})
    opened = replace(core, settings=told)
    async with running(opened, desks=()):
        yield opened, f"http://{address}"


def signed_in(core: Core, name: str = "", role: Role = Role.SOCIAL_WORKER) -> str:
    """The cookie of somebody's browser."""
    with core.database.transaction() as session:
        row = Staff(name=name or secrets.token_hex(4), role=role, password_hash=EASY, created_at=core.clock())
        session.add(row)
        session.flush()
        return accounts.sign_in(session, row, at=core.clock())


@dataclass(kw_only=True)
class Listener:
    """What one browser was told, event by event."""

    status: int
    lines: AsyncIterator[str]
    version: str = ""
    comments: int = 0
    names: list[str] = field(default_factory=list)

    async def next(self, seconds: float = PATIENCE) -> dict[str, Any]:
        """The data of the next event; ``EOFError`` at the end of the stream."""
        return await asyncio.wait_for(self._next(), seconds)

    async def _next(self) -> dict[str, Any]:
        name = ""
        async for line in self.lines:
            key, _, value = line.partition(": ")
            match key:
                case "id":
                    self.version = value
                case "event":
                    name = value
                case "data":
                    self.names.append(name)
                    return dict(json.loads(value))
                case "":
                    self.comments += bool(value)
        raise EOFError


@asynccontextmanager
async def listening(
    address: str, cookie: str, query: str = "", headers: dict[str, str] | None = None
) -> AsyncIterator[Listener]:
    """A browser on ``/queue/news``."""
    async with (
        httpx.AsyncClient(base_url=address, cookies={COOKIE: cookie}, timeout=30, trust_env=False) as client,
        client.stream("GET", f"/queue/news{query}", headers=headers) as answer,
    ):
        yield Listener(status=answer.status_code, lines=answer.aiter_lines())
