"""Tells processes that share a database of new work, so that nobody waits for the next poll; a hint, no promise."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import sqlite3
from collections.abc import Callable

import psycopg

from storage.database import Database

CHANNEL = "frontdoor_work"
LOOK_SECONDS = 0.01
AGAIN_SECONDS = 2.0
Wake = Callable[[frozenset[str] | None], None]
log = logging.getLogger(__name__)


class News:
    """``wake`` is told the queues that got work in any process, None standing for all of them.

    PostgreSQL: LISTEN, and a NOTIFY after the commit it tells of, which therefore costs that commit nothing; what is
    committed within one NOTIFY shares the next. SQLite: a look at the file's version each ``look_seconds``.
    ``announces``: this process's commits are told to others, which one of its listeners must do and no more than one.
    """

    def __init__(
        self, database: Database, wake: Wake, *, look_seconds: float = LOOK_SECONDS, announces: bool = True
    ) -> None:
        self._database, self._wake, self._look_seconds, self._announces = database, wake, look_seconds, announces
        self._untold: set[str] = set()
        self._told = asyncio.Event()

    async def run(self) -> None:
        """Until cancelled; a database that is away is waited for."""
        if self._database.is_sqlite:
            await self._watch_the_file()
            return
        if not self._announces:
            await self._connected(self._listen)
            return
        loop = asyncio.get_running_loop()

        def committed(queues: set[str]) -> None:
            with contextlib.suppress(RuntimeError):
                loop.call_soon_threadsafe(self._tell, queues)

        self._database.listeners.append(committed)
        try:
            await asyncio.gather(self._connected(self._listen), self._connected(self._announce))
        finally:
            self._database.listeners.remove(committed)

    def _tell(self, queues: set[str]) -> None:
        self._untold |= queues
        self._told.set()

    async def _watch_the_file(self) -> None:
        connection = sqlite3.connect(str(self._database.url.database), timeout=0, isolation_level=None)
        try:
            version = None
            while True:
                (found,) = connection.execute("PRAGMA data_version").fetchone()
                if found != version:
                    version = found
                    self._wake(None)
                await asyncio.sleep(self._look_seconds)
        finally:
            connection.close()

    async def _connected(self, speak: Callable[[psycopg.AsyncConnection], object]) -> None:
        url = self._database.url.set(drivername="postgresql").render_as_string(hide_password=False)
        while True:
            try:
                async with await psycopg.AsyncConnection.connect(url, autocommit=True) as connection:
                    await speak(connection)  # type: ignore[misc]
            except psycopg.Error as error:
                log.warning("no news of other processes' work: %s", type(error).__name__)
                await asyncio.sleep(AGAIN_SECONDS)

    async def _listen(self, connection: psycopg.AsyncConnection) -> None:
        await connection.execute(f"LISTEN {CHANNEL}")
        self._wake(None)
        async for notice in connection.notifies():
            self._wake(frozenset(notice.payload.split(",")))

    async def _announce(self, connection: psycopg.AsyncConnection) -> None:
        await connection.execute("SET synchronous_commit = off")
        while True:
            await self._told.wait()
            self._told.clear()
            queues, self._untold = self._untold, set()
            await connection.execute("SELECT pg_notify(%s, %s)", (CHANNEL, ",".join(sorted(queues))))
