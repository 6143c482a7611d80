"""Statements in the database's own words, for what runs with every message: the layers above cost more than they do."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session

AT_ONCE = 1000  # neither database takes more than some ten thousand values in a statement


def ask(session: Session, statement: str, values: Sequence[object] = ()) -> Sequence[Any]:
    """Run a statement that marks its values with ``?``; returns its rows, if it has any. Nothing is flushed first."""
    connection = session.connection()
    if is_sqlite(connection):
        return _on_sqlite(connection, statement, values)[0]
    result = connection.exec_driver_sql(_for_postgresql(statement), tuple(values))
    return result.all() if result.returns_rows else ()


def change(session: Session, statement: str, values: Sequence[object]) -> int:
    """Run a statement that changes rows; returns how many."""
    connection = session.connection()
    if is_sqlite(connection):
        return _on_sqlite(connection, statement, values)[1]
    return connection.exec_driver_sql(_for_postgresql(statement), tuple(values)).rowcount


def insert(session: Session, table: str, rows: Sequence[Mapping[str, object]]) -> None:
    """Rows that all name the same columns, many in one statement; columns they do not name must do without."""
    names = list(rows[0])
    for begin in range(0, len(rows), AT_ONCE):
        some = rows[begin : begin + AT_ONCE]
        statement = f"INSERT INTO {table} ({', '.join(names)}) VALUES {marks(len(some), f'({marks(len(names))})')}"  # noqa: S608
        ask(session, statement, [row[name] for row in some for name in names])


def marks(count: int, one: str = "?") -> str:
    """So many places for values, as they stand in a statement."""
    return ", ".join([one] * count)


def is_sqlite(connection: Connection) -> bool:
    """Which of the two databases this is."""
    return connection.dialect.name == "sqlite"


def moment(kept: str | datetime) -> datetime:
    """A time as either database gives it: aware UTC."""
    if isinstance(kept, str):
        return datetime.fromisoformat(kept).replace(tzinfo=UTC)
    return kept.astimezone(UTC)


def _on_sqlite(connection: Connection, statement: str, values: Sequence[object]) -> tuple[Sequence[Any], int]:
    """The driver's own call: rows, and how many were changed."""
    try:
        raw: Any = connection.connection.dbapi_connection
        cursor = raw.execute(statement, [_kept_in_sqlite(value) for value in values])
        rows = cursor.fetchall()
    except sqlite3.Error as error:
        raise DBAPIError.instance(
            statement, None, error, sqlite3.Error, hide_parameters=True, dialect=connection.dialect
        ) from error
    return rows, cursor.rowcount


@lru_cache(maxsize=500)
def _for_postgresql(statement: str) -> str:
    return statement.replace("?", "%s")


def _kept_in_sqlite(value: object) -> object:
    """Times as text, in UTC and without a zone, as ``UtcDateTime`` writes them."""
    return value.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S.%f") if isinstance(value, datetime) else value
