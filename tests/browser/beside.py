"""Runs what is asynchronous beside the test, so that a browser driven from the test can look at it."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Coroutine, Iterator
from concurrent.futures import Future
from contextlib import AbstractAsyncContextManager, asynccontextmanager, contextmanager
from typing import TypeVar

import uvicorn
from fastapi import FastAPI

Value = TypeVar("Value")
SECONDS = 120.0


class Beside:
    """An event loop in a thread of its own."""

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="beside the test")

    def __enter__(self) -> Beside:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.run(_end_what_is_left())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def run(self, steps: Coroutine[object, object, Value]) -> Value:
        """What comes of it, or its exception."""
        return asyncio.run_coroutine_threadsafe(steps, self._loop).result(SECONDS)

    @contextmanager
    def opened(self, manager: AbstractAsyncContextManager[Value]) -> Iterator[Value]:
        """What the manager gives, opened and closed by one task."""
        ready: Future[Value] = Future()
        leave = asyncio.Event()

        async def hold() -> None:
            try:
                async with manager as value:
                    ready.set_result(value)
                    await leave.wait()
            except BaseException as error:
                if ready.done():
                    raise
                ready.set_exception(error)

        held = asyncio.run_coroutine_threadsafe(hold(), self._loop)
        try:
            yield ready.result(SECONDS)
        finally:
            self._loop.call_soon_threadsafe(leave.set)
            held.result(SECONDS)


async def _end_what_is_left() -> None:
    """What listens for as long as its loop lives ends with it."""
    left = asyncio.all_tasks() - {asyncio.current_task()}
    for task in left:
        task.cancel()
    await asyncio.gather(*left, return_exceptions=True)


@asynccontextmanager
async def served(app: FastAPI) -> AsyncIterator[str]:
    """The application at an address of this machine."""
    server = uvicorn.Server(
        uvicorn.Config(app, host="127.0.0.1", port=0, log_level="error", ws="none", timeout_graceful_shutdown=1)
    )
    at_work = asyncio.create_task(server.serve())
    while not server.started:
        await asyncio.sleep(0.01)
    try:
        yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    finally:
        server.should_exit = True
        await at_work
