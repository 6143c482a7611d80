"""Opens the doors (HTTP routes, SMTP server, scan folder), starts and stops the desks."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import socket
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence, Set
from contextlib import AsyncExitStack, asynccontextmanager

import uvicorn
from fastapi import APIRouter, FastAPI

from channels.contract import Listener
from channels.streams.straight import StraightProtocol
from channels.twilio_account.media_door import MediaDoor
from gateway.core import Core
from gateway.desk import where
from gateway.health import health_router
from gateway.office import office_routes
from gateway.pages import STATIC
from gateway.public import public_router
from gateway.settings import WrongSetting
from gateway.static_files import PageFiles
from gateway.wiring import DESKS, Channels, Desks, wire_channels, wire_desks
from storage.news import News

IDLE_SECONDS = 75
"""A connection closed while a webhook is on its way is a call lost; those who ask let go of idle ones sooner."""
LARGEST_FRAME = 1024 * 1024  # bytes of one message on a media stream
log = logging.getLogger(__name__)


def build_app(core: Core, channels: Channels, doors: Sequence[APIRouter | Listener] | None = None) -> FastAPI:
    """Every HTTP door and page."""
    doors = open_doors(core, channels) if doors is None else doors
    app = FastAPI(
        title="frontdoor", version="0.1.0", docs_url="/api/docs", redoc_url=None, openapi_url="/api/openapi.json"
    )
    app.include_router(health_router(core, sum(door is not core.capturing for door in doors), channels.mailboxes))
    for door in doors:
        if isinstance(door, APIRouter):
            app.include_router(door, include_in_schema=False)
    app.include_router(public_router(core, channels), include_in_schema=False)
    office_routes(app, core)
    app.mount("/static", PageFiles(directory=STATIC), name="static")
    return app


def open_doors(core: Core, channels: Channels) -> list[APIRouter | Listener]:
    """The door of every channel that has one, and the one where calls are heard while they are on."""
    doors = [channel.door(core.intake.accept) for channel in channels.receivers.values()]
    if channels.twilio is not None and core.settings.live_capture:
        doors.append(MediaDoor(channels.twilio.account, core.capturing).router())
    return [core.capturing, *(door for door in doors if door is not None)]


@asynccontextmanager
async def running(
    core: Core, *, doors: bool = True, desks: Sequence[str] = DESKS, channels: Channels | None = None
) -> AsyncIterator[Channels]:
    """The whole gateway, or a part of it, in this event loop: open inside the block, closed and settled after it."""
    wired = channels or wire_channels(core)
    async with AsyncExitStack() as stack:
        stack.push_async_callback(wired.close)
        at_work = wire_desks(core, wired, desks)
        if at_work.worker is not None:
            stack.push_async_callback(at_work.worker.close)
        stack.push_async_callback(core.intake.draining.close)
        await asyncio.to_thread(core.shelving.sweep)
        await core.intake.draining.begin()
        is_alone = doors and set(desks) >= set(DESKS)
        await stack.enter_async_context(_desks_at_work(core, at_work, is_alone=is_alone))
        if doors:
            opened = open_doors(core, wired)
            for door in opened:
                if not isinstance(door, APIRouter):
                    await door.open()
                    stack.push_async_callback(door.close)
            if core.settings.http:
                app = build_app(core, wired, opened)
                await stack.enter_async_context(_http_at_work(app, core))
        yield wired


@asynccontextmanager
async def _desks_at_work(core: Core, at_work: Desks, *, is_alone: bool) -> AsyncIterator[None]:
    """Desks are woken by what this process commits and, where it has a part of the work only, by news of the others."""
    loop = asyncio.get_running_loop()

    def wake(queues: Set[str] | None) -> None:
        for desk in at_work.desks:
            if queues is None or desk.queue in queues:
                desk.wake()

    def committed(queues: set[str]) -> None:
        with contextlib.suppress(RuntimeError):
            loop.call_soon_threadsafe(wake, queues)

    core.database.listeners.append(committed)
    others = (at_work.watch, at_work.recall, at_work.pulling, at_work.words)
    runs = [desk.run for desk in at_work.desks] + [other.run for other in others if other]
    runs += [] if is_alone else [News(core.database, wake).run]
    there = core.intake.draining.is_up
    tasks = [asyncio.create_task(_always(run, there)) for run in runs]
    tasks.append(asyncio.create_task(_always(core.intake.draining.tend)))
    try:
        yield
    finally:
        core.database.listeners.remove(committed)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _always(run: Callable[[], Awaitable[None]], once: asyncio.Event | None = None) -> None:
    """From ``once`` on. A desk that fell over is set up again: nothing is left lying because of one mistake of ours."""
    if once is not None:
        await once.wait()
    while True:
        try:
            await run()
        except Exception as error:
            log.error("a desk fell over and is set up again: %s\n%s", type(error).__name__, where(error))
            await asyncio.sleep(1)


@asynccontextmanager
async def _http_at_work(app: FastAPI, core: Core) -> AsyncIterator[None]:
    address = core.settings.http
    listening = _listening_at(address)
    config = uvicorn.Config(
        app, log_config=None, log_level="warning", access_log=False, lifespan="off",
        proxy_headers=False, server_header=False, timeout_graceful_shutdown=5, ws=StraightProtocol,
        timeout_keep_alive=IDLE_SECONDS, ws_max_size=LARGEST_FRAME, ws_per_message_deflate=False, ws_ping_interval=None,
    )  # fmt: skip
    server = _Server(config)
    serving = asyncio.create_task(server.serve(sockets=[listening]))
    while not server.started and not serving.done():  # noqa: ASYNC110
        await asyncio.sleep(0.01)
    if serving.done():
        serving.result()
        raise OSError(f"cannot serve on {address}")
    try:
        yield
    finally:
        core.ending.begin()
        server.should_exit = True
        await serving


def _listening_at(address: str) -> socket.socket:
    """A socket at ``host:port``; raises ``WrongSetting`` where uvicorn would end the process."""
    host, _, port = address.rpartition(":")
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        listening = socket.create_server((host.strip("[]"), int(port)), family=family, backlog=2048)
    except OSError as error:
        raise WrongSetting(f"FRONTDOOR_HTTP: cannot listen on {address}: {error.strerror or error}") from None
    listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)  # its connections too: no answer waits 40 ms
    return listening


class _Server(uvicorn.Server):
    """Signals are the command's business, not the web server's."""

    @contextlib.contextmanager
    def capture_signals(self):  # type: ignore[no-untyped-def]
        """Leave them alone."""
        yield
