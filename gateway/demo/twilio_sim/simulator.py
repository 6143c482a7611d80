"""The pretend provider as a whole: it listens, and a script makes it call and text the gateway."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from types import TracebackType

import httpx
import uvicorn

from gateway.demo.twilio_sim.api import Api
from gateway.demo.twilio_sim.call import Call
from gateway.demo.twilio_sim.caller import Action
from gateway.demo.twilio_sim.carrying import carry
from gateway.demo.twilio_sim.fates import Fate
from gateway.demo.twilio_sim.line import WITHHELD
from gateway.demo.twilio_sim.provider import Provider
from gateway.demo.twilio_sim.records import CallRecord
from gateway.demo.twilio_sim.texts import text_the_gateway

CALLER = "+447700900123"
TOKEN = "test-token"  # noqa: S105  # shared with the gateway under test, worth nothing


class QuietServer(uvicorn.Server):
    """A server that leaves the process's signals to whoever runs it, and says when it listens."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.listens = asyncio.Event()

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.listens.set()


class TwilioSim(Provider):
    """The provider: attributes set the scene, ``call`` and ``sms`` play it, ``settle`` waits for the callbacks.

    ``port=0`` takes any free port; ``url`` is then known once the simulator has been entered.
    """

    def __init__(self, gateway: str, *, public: str = "", token: str = TOKEN, port: int = 0, speed: float = 50) -> None:
        super().__init__(gateway, public, token, speed)
        self.port = port
        config = uvicorn.Config(Api(self).app(), log_config=None, access_log=False, lifespan="off", ws="none")
        self._server = QuietServer(config)

    async def __aenter__(self) -> TwilioSim:
        listening = socket.create_server(("127.0.0.1", self.port))
        listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.port = listening.getsockname()[1]
        self._serving = asyncio.create_task(self._server.serve(sockets=[listening]))
        await self._server.listens.wait()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await (self.settle() if error is None else self.abandon())
        self._server.should_exit = self._server.force_exit = True
        await self._serving
        await self._http.aclose()

    async def call(self, path: str, script: Sequence[Action], frm: str | None = CALLER) -> Call:
        """A call that asks this path of the gateway first; ``frm=None`` withholds the caller's number."""
        return await self._ring(self.public + path, "POST", script, frm)

    async def ring(self, script: Sequence[Action], frm: str | None = CALLER) -> Call:
        """Ring the gateway's number, which asks what it is set up to ask."""
        return await self._ring(self.ours.rings, self.ours.voice_method, script, frm)

    async def _ring(self, url: str, method: str, script: Sequence[Action], frm: str | None) -> Call:
        call = Call(self, frm or WITHHELD, self.number, script, "inbound")
        record = CallRecord(
            sid=call.sid,
            account=self.account,
            sender=call.frm,
            recipient=call.to,
            direction=call.direction,
            status="ringing",
        )
        self.calls[call.sid] = record
        await call.run(url, method)
        record.status, record.duration, record.ended_at = call.status, int(call.now), datetime.now(UTC)
        if self.status_callback:
            self.later(self.callbacks([(self.status_callback, call.event(call.status, 0))], "call"))
        return call

    async def sms(
        self, path: str, body: str, frm: str = CALLER, media: Sequence[tuple[str, bytes]] = ()
    ) -> httpx.Response | None:
        """Text the gateway at this path, with pictures or sounds (media type, bytes); returns what it answered."""
        return await text_the_gateway(self, self.public + path, body, frm, media)

    async def write(
        self, body: str, frm: str = CALLER, media: Sequence[tuple[str, bytes]] = ()
    ) -> httpx.Response | None:
        """Text the gateway's number, which asks what it is set up to ask."""
        return await text_the_gateway(self, self.ours.takes_texts, body, frm, media)

    async def becomes(self, sid: str, fate: Fate) -> None:
        """Later news of a text the gateway sent: its further states, each reported unless it is unheard."""
        await carry(self, self.messages[sid], fate)
