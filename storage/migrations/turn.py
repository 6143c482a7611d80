"""One process at a time changes the tables' shape; the others wait, however long it takes, and say what for."""

from __future__ import annotations

import fcntl
import logging
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Connection, text

from storage.database import Database

ONE_AT_A_TIME = 0x66726F6E74
LOOK_SECONDS = 0.1
SAY_SECONDS = 30.0

log = logging.getLogger(__name__)


@contextmanager
def file_to_itself(database: Database) -> Iterator[None]:
    """Whoever else would change the shape of this SQLite file, or first open it, waits; nothing to do on PostgreSQL.

    The lock is on the folder: a lock of its own on SQLite's file would let go of SQLite's. It ends with the process.
    Two that open a new file at one moment would otherwise both set its journal, which SQLite refuses one of them
    without waiting (https://sqlite.org/wal.html, "Sometimes Queries Return SQLITE_BUSY In WAL Mode").
    """
    if not database.is_sqlite or not database.url.database:
        yield
        return
    try:
        folder = os.open(Path(database.url.database).absolute().parent, os.O_RDONLY | os.O_DIRECTORY)
    except OSError:  # SQLite will say that it cannot open its file
        yield
        return
    try:
        _wait(lambda: _locked(folder))
        yield
    finally:
        os.close(folder)


def tables_to_itself(connection: Connection) -> None:
    """Whoever else would change the shape of this PostgreSQL database waits until the open transaction ends."""
    asked = text(f"SELECT pg_try_advisory_xact_lock({ONE_AT_A_TIME})")
    _wait(lambda: bool(connection.execute(asked).scalar_one()))


def _locked(folder: int) -> bool:
    """False while another process has it; a file system that has no such locks is left to those of SQLite."""
    try:
        fcntl.flock(folder, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError as error:
        log.warning("this file system locks no folder (%s): SQLite alone keeps two starts apart", error.strerror)
    return True


def _wait(is_ours: Callable[[], bool]) -> None:
    """Until it is our turn; says at once that we wait, and again every half minute."""
    began, say_at = time.monotonic(), 0.0
    while not is_ours():
        waited = time.monotonic() - began
        if waited >= say_at:
            log.warning("another process brings the database to this version's shape: waiting for it, %.0f s", waited)
            say_at = waited + SAY_SECONDS
        time.sleep(LOOK_SECONDS)
