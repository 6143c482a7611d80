"""What the pretend provider's API was asked, request by request, as it came."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from urllib.parse import parse_qsl

from starlette.types import ASGIApp, Message, Receive, Scope, Send

REMEMBERED = 1000


@dataclass(kw_only=True)
class Asked:
    """One request; ``headers`` by their names in small letters, ``peer`` the port it came from."""

    method: str
    path: str
    query: str
    headers: dict[str, str]
    peer: int
    body: bytes = field(default=b"", repr=False)

    @property
    def form(self) -> dict[str, str]:
        """The fields of its body."""
        return dict(parse_qsl(self.body.decode(), keep_blank_values=True))


class Listening:
    """Around the API: remembers the last requests in ``asked``."""

    def __init__(self, app: ASGIApp, asked: deque[Asked]) -> None:
        self._app, self._asked = app, asked

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
        query = scope["query_string"].decode("latin-1")
        peer = scope["client"][1]
        asked = Asked(method=scope["method"], path=scope["path"], query=query, headers=headers, peer=peer)
        self._asked.append(asked)

        async def heard() -> Message:
            message = await receive()
            asked.body += message.get("body", b"")
            return message

        await self._app(scope, heard, send)
