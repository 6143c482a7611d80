"""A twin of GOV.UK Notify on 127.0.0.1: it takes what a gateway sends, and calls back with what became of it."""

from __future__ import annotations

import asyncio
import socket
import uuid
from collections.abc import Callable
from datetime import UTC, datetime
from types import TracebackType
from typing import Any

import httpx
import uvicorn
from starlette.types import ASGIApp

from gateway.demo.twilio_sim.simulator import QuietServer
from tests.channels.notify.twin_api import TwinApi
from tests.channels.notify.twin_faults import NotifyFaults
from tests.channels.notify.twin_records import FINAL, Notification, Received, Template, outcome_of

MOST = 100_000  # notifications remembered; the oldest are forgotten
TRIES = 6  # of a callback: the first and five more
TOKEN = "callback-token"


class NotifyTwin:
    """One account. ``gateway`` is where it calls back, nowhere if empty; ``outcomes`` is what becomes of an address.

    ``notifications`` is what it took, in order; ``plays`` False leaves each as it was created until ``becomes``.
    ``asked`` counts requests, ``answers`` are the statuses its callbacks were answered with. ``clock`` gives aware UTC.
    """

    def __init__(
        self, gateway: str = "", *, token: str = TOKEN, port: int = 0, retry_seconds: float = 0.05,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:  # fmt: skip
        self.clock = clock
        self.gateway, self.token, self.port, self.retry_seconds = gateway, token, port, retry_seconds
        self.secret = str(uuid.uuid4())
        self.key = f"twin_key-{uuid.uuid4()}-{self.secret}"
        self.templates = [
            Template(medium="sms", name="Frontdoor text", body="((body))"),
            Template(medium="email", name="Frontdoor email", body="((body))", subject="((subject))"),
        ]
        self.faults, self.outcomes = NotifyFaults(), dict[str, str]()
        self.notifications: dict[str, Notification] = {}
        self.answers: list[int] = []
        self.received: list[Received] = []
        self.asked, self.page_size, self.plays, self.is_in_trial = 0, 250, True, False
        self._calling: set[asyncio.Task[None]] = set()
        config = uvicorn.Config(TwinApi(self).app(), log_config=None, access_log=False, lifespan="off", ws="none")
        self._server, self._http = QuietServer(config), httpx.AsyncClient(timeout=5, trust_env=False)

    @property
    def url(self) -> str:
        """Its API's base, known once it has been entered."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def sent(self) -> list[Notification]:
        """What it took, the oldest first."""
        return list(self.notifications.values())

    async def __aenter__(self) -> NotifyTwin:
        listening = socket.create_server(("127.0.0.1", self.port))
        listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.port = listening.getsockname()[1]
        self._serving = asyncio.create_task(self._server.serve(sockets=[listening]))
        await self._server.listens.wait()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for task in self._calling:
            task.cancel()
        await asyncio.gather(*self._calling, return_exceptions=True)
        self._server.should_exit = self._server.force_exit = True
        await self._serving
        await self._http.aclose()

    async def take(self, taken: Notification) -> None:
        """Remember it; what becomes of it follows by itself, unless ``plays`` is off."""
        taken.created_at = self.clock()
        self.notifications[taken.id] = taken
        while len(self.notifications) > MOST:
            del self.notifications[next(iter(self.notifications))]
        if not self.plays:
            return
        if taken.medium == "letter":
            taken.status = taken.body
            return
        final = self.outcomes.get(taken.to) or outcome_of(taken.to)
        if self.faults.early_callbacks:
            await self.becomes(taken.id, final)
        else:
            taken.status = "sending"
            self._later(taken.id, final)

    async def becomes(self, notification_id: str, status: str) -> None:
        """Its new state; a final one of a text or mail, and a letter's return, are called back."""
        taken = self.notifications[notification_id]
        taken.status, taken.completed_at = status, self.clock()
        if status == "returned-letter":
            await self.call_back("/notify/returned-letter", taken.returned())
        elif taken.medium != "letter" and status in FINAL:
            await self.call_back("/notify/callback", taken.receipt())

    def calls_into(self, app: ASGIApp) -> None:
        """Call back into an application of this process instead of over the wire."""
        self.gateway = "http://gateway.example"
        self._http = httpx.AsyncClient(transport=httpx.ASGITransport(app))

    async def text_the_gateway(self, words: str, sender: str = "447700900123") -> Received:
        """Somebody texts the account's number, and it is called back."""
        self.received.append(Received(sender=sender, words=words, received_at=self.clock()))
        await self.call_back("/notify/received-text", self.received[-1].posted())
        return self.received[-1]

    async def settle(self) -> None:
        """Until everything under way has been called back."""
        while self._calling:
            await asyncio.gather(*self._calling, return_exceptions=True)

    async def call_back(self, path: str, told: dict[str, Any]) -> None:
        """Post it as often as the service does: again only after a 5xx, a 429 or no answer at all."""
        if not self.gateway or self.faults.lose_callbacks:
            return
        token = "another-token" if self.faults.wrong_token else self.token
        for _ in range(1 + self.faults.duplicate_callbacks):
            for _ in range(TRIES):
                status = await self._post(path, told, token)
                self.answers.append(status)
                if 0 < status < 500 and status != 429:
                    break
                await asyncio.sleep(self.retry_seconds)

    async def _post(self, path: str, told: dict[str, Any], token: str) -> int:
        try:
            answer = await self._http.post(self.gateway + path, json=told, headers={"Authorization": f"Bearer {token}"})
        except httpx.HTTPError:
            return 0
        return answer.status_code

    def _later(self, notification_id: str, status: str) -> None:
        task = asyncio.create_task(self.becomes(notification_id, status))
        self._calling.add(task)
        task.add_done_callback(self._calling.discard)
