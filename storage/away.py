"""Tells a database that cannot be reached now from one that refuses a statement, or that was never there."""

from __future__ import annotations

import socket
import sqlite3
from pathlib import Path

import psycopg
from sqlalchemy import URL
from sqlalchemy.exc import DBAPIError, DisconnectionError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as NoConnectionFree

PORT = 5432
SQLITE_AWAY = frozenset(
    {
        sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_FULL,
        sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PROTOCOL, sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB,
    }
)  # fmt: skip
SQLITE_AWAY_AT_START = SQLITE_AWAY - {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CANTOPEN}
POSTGRESQL_AWAY = ("08", "53", "57", "58", "55P03", "25006")
"""Connection lost, no resources, stopped by its operator or by a time limit, the system's errors, a lock not had, and
a standby that takes no writes (PostgreSQL's manual, appendix A)."""


class Undone(Exception):
    """SQLite had undone a transaction, for want of room or of a readable file, when it was to be committed."""


def is_away(error: BaseException) -> bool:
    """Whether the database as a whole took nothing, so that no message is to blame: what came is held meanwhile."""
    if isinstance(error, (DisconnectionError, NoConnectionFree, Undone)):
        return True
    if not isinstance(error, DBAPIError):
        return False
    if error.connection_invalidated:
        return True
    if isinstance(error.orig, sqlite3.Error):
        return _primary_code(error.orig) in SQLITE_AWAY
    if state := getattr(error.orig, "sqlstate", None):
        return str(state).startswith(POSTGRESQL_AWAY)
    return isinstance(error, (OperationalError, InterfaceError))


def cannot_connect_now(error: BaseException, url: URL) -> bool:
    """Whether a gateway that starts may wait for it: what is there may come back, what is wrong will stay wrong.

    A refused password, a database that does not exist, a host nobody knows and a file that is no database are wrong.
    PostgreSQL is asked again, without signing in, because a refused connection does not say why in any language.
    """
    if not isinstance(error, DBAPIError):
        return isinstance(error, (DisconnectionError, NoConnectionFree))
    if isinstance(error.orig, sqlite3.Error):
        return _primary_code(error.orig) in SQLITE_AWAY_AT_START
    if getattr(error.orig, "sqlstate", None):
        return is_away(error)
    return _is_known(url) and _does_not_answer(url)


def _primary_code(error: sqlite3.Error) -> int:
    return getattr(error, "sqlite_errorcode", 0) & 0xFF


def _is_known(url: URL) -> bool:
    """A host whose name is known, or at least cannot be looked up now."""
    host = url.host or url.query.get("host") or ""
    if not isinstance(host, str) or not host or host.startswith("/"):
        return not isinstance(host, str) or not host or Path(host).parent.is_dir()
    try:
        socket.getaddrinfo(host, url.port or PORT)
    except socket.gaierror as error:
        return error.errno == socket.EAI_AGAIN
    return True


def _does_not_answer(url: URL) -> bool:
    patient = url.set(drivername="postgresql").update_query_dict({"connect_timeout": "5"})
    asked = patient.render_as_string(hide_password=False)
    answer = psycopg.pq.PGconn.ping(asked.encode())
    return answer in (psycopg.pq.Ping.NO_RESPONSE, psycopg.pq.Ping.REJECT)
