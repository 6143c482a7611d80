"""The engine and ``transaction()``, the only commit there is; SQLite by default, PostgreSQL by URL."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine, create_engine, event, make_url
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import DBAPIError, DisconnectionError
from sqlalchemy.orm import ORMExecuteState
from sqlalchemy.pool import ConnectionPoolEntry
from sqlmodel import Session

from storage import searching
from storage.away import Undone
from storage.sealing import sync_file, sync_folder
from storage.together import Together, has_open_transaction
from storage.work import WOKEN

T = TypeVar("T")
BUSY_SECONDS = 30.0
REST_SECONDS = 1.0
ANSWER_SECONDS = 10  # a PostgreSQL host that has gone is given up after this: senders are told "later" in time
CHANGED = "changed"
DEADLOCK = "40P01"
DEADLOCK_TRIES = 5
KEEPALIVE = {"keepalives_idle": 10, "keepalives_interval": 5, "keepalives_count": 3}


class Database:
    """One writer at a time on SQLite (``BEGIN IMMEDIATE``, WAL, synchronous=FULL); a pool on PostgreSQL.

    Coroutines use ``write`` and ``read``; they run the given function in a thread with a session.
    ``listeners`` are told, in the writing thread and after the commit, which queues got new work; ``CHANGED`` among
    them says that rows were changed.
    """

    def __init__(self, url: str, *, readers: int = 4, answer_seconds: int = ANSWER_SECONDS) -> None:
        self._alive = {"connect_timeout": answer_seconds, **KEEPALIVE, "tcp_user_timeout": answer_seconds * 1000}
        parsed = make_url(url)
        self.is_sqlite = parsed.get_backend_name() == "sqlite"
        if not self.is_sqlite:
            parsed = parsed.set(drivername="postgresql+psycopg")
        self.url = parsed
        self.engine = self._engine(writes=True, size=1 if self.is_sqlite else 8)
        self.reader = self._engine(writes=False, size=readers + 2) if self.is_sqlite else _one_moment(self.engine)
        self.listeners: list[Callable[[set[str]], None]] = []
        self.endings: Sequence[Callable[[Session, frozenset[int]], None]] = ()
        self._one_writer: Any = threading.Lock() if self.is_sqlite else _NoLock()
        self._writers = Together(self.transaction) if self.is_sqlite else ThreadPoolExecutor(4, "write")
        self._readers = ThreadPoolExecutor(readers, thread_name_prefix="read")

    def _engine(self, *, writes: bool, size: int) -> Engine:
        if not self.is_sqlite:
            return _asked_after_a_rest(
                create_engine(
                    self.url, pool_size=size, max_overflow=8, hide_parameters=True, connect_args=self._alive
                )
            )  # fmt: skip
        arguments = {"timeout": BUSY_SECONDS, "check_same_thread": False, "isolation_level": None}
        engine = create_engine(self.url, connect_args=arguments, pool_size=size, max_overflow=4, hide_parameters=True)
        event.listen(engine, "connect", partial(_prepare_sqlite, cache_kib=8_000 if writes else 2_000))
        event.listen(engine, "begin", partial(_begin, "BEGIN IMMEDIATE" if writes else "BEGIN"))
        event.listen(engine, "commit", _must_be_open)
        return engine

    @contextmanager
    def transaction(self) -> Iterator[Session]:
        """A writing session: committed at the end of the block with what it is found by, rolled back if it raises."""
        with self._one_writer, _Writing(self.engine, expire_on_commit=False) as session:
            with session.begin():
                yield session
                changed = searching.changed(session)
                searching.write_due(session)
                for ending in self.endings if changed else ():
                    ending(session, changed)
            queues = session.info.get(WOKEN)
        if queues:
            for listener in self.listeners:
                listener(queues)

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A session for questions only; sees one consistent state and is never committed."""
        with Session(self.reader, expire_on_commit=False) as session:
            yield session

    async def write(self, step: Callable[[Session], T]) -> T:
        """Run ``step`` in a writer thread; returns after the commit, which on SQLite it may share with other steps.

        One that PostgreSQL ended because it and another waited for each other is run again: nothing of it was kept.
        """
        if isinstance(self._writers, Together):
            return await asyncio.wrap_future(self._writers.submit(step))
        return await asyncio.get_running_loop().run_in_executor(self._writers, self._in_transaction, step)

    async def read(self, question: Callable[[Session], T]) -> T:
        """Ask something without blocking the doors or the writer."""
        return await asyncio.get_running_loop().run_in_executor(self._readers, self._in_reading, question)

    def _in_transaction(self, step: Callable[[Session], T]) -> T:
        for _ in range(DEADLOCK_TRIES - 1):
            try:
                return self._once(step)
            except DBAPIError as error:
                if getattr(error.orig, "sqlstate", None) != DEADLOCK:
                    raise
        return self._once(step)

    def _once(self, step: Callable[[Session], T]) -> T:
        with self.transaction() as session:
            return step(session)

    def _in_reading(self, question: Callable[[Session], T]) -> T:
        with self.reading() as session:
            return question(session)

    def make_durable(self) -> None:
        """What a process committed that was killed before it could sync is in force: from now on it stays so.

        PostgreSQL syncs what it finds after a crash by itself. The log is a file without locks, so that a handle on it
        may be closed; what has moved on from it was synced before.
        """
        log = Path(f"{self.url.database}-wal")
        if self.is_sqlite and log.is_file():
            sync_file(log)
            sync_folder(log.parent)

    def close(self) -> None:
        """Wait for what is being written, then let go of every connection."""
        self._writers.shutdown()
        self._readers.shutdown()
        self.engine.dispose()
        self.reader.dispose()


class _Writing(Session):
    """A session that knows whether it changed rows: then listeners are told so, whether work is due by it or not."""


@event.listens_for(_Writing, "after_flush")
def _rows_changed(session: Session, _: object) -> None:
    session.info.setdefault(WOKEN, set()).add(CHANGED)


@event.listens_for(_Writing, "do_orm_execute")
def _statement_changes(state: ORMExecuteState) -> None:
    if not state.is_select:
        state.session.info.setdefault(WOKEN, set()).add(CHANGED)


class _NoLock:
    """PostgreSQL does its own locking."""

    def __enter__(self) -> None:
        return None

    def __exit__(self, *_: object) -> None:
        return None


def _one_moment(engine: Engine) -> Engine:
    """PostgreSQL would show every statement its own moment; questions that belong together must agree."""
    return engine.execution_options(isolation_level="REPEATABLE READ")


def _asked_after_a_rest(engine: Engine) -> Engine:
    """A connection that has rested is asked whether it is still there before it is used; one in use needs no asking."""

    def rests(_: DBAPIConnection | None, record: ConnectionPoolEntry) -> None:
        record.info["rests_since"] = time.monotonic()

    def wakes(connection: DBAPIConnection, record: ConnectionPoolEntry, _: object) -> None:
        if time.monotonic() - record.info.get("rests_since", 0) < REST_SECONDS:
            return
        try:
            engine.dialect.do_ping(connection)
        except engine.dialect.loaded_dbapi.Error as error:
            raise DisconnectionError from error

    event.listen(engine, "checkin", rests)
    event.listen(engine, "checkout", wakes)
    return engine


def _prepare_sqlite(connection: DBAPIConnection, _: object, *, cache_kib: int) -> None:
    cursor = connection.cursor()
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", f"cache_size=-{cache_kib}"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _must_be_open(connection: Connection) -> None:
    """Before each commit: what SQLite has undone of itself is never said to be kept."""
    if not has_open_transaction(connection):
        raise Undone("the database undid the transaction by itself")


def _begin(statement: str, connection: Connection) -> None:
    connection.exec_driver_sql(statement)
