"""Statements in the database's own words, for what runs with every message: the layers above cost more than they do."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache, lru_cache
from typing import Any

from sqlalchemy import Connection, Integer, inspect
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import make_transient_to_detached
from sqlmodel import Session, SQLModel

AT_ONCE = 1000  # neither database takes more than some ten thousand values in a statement


def ask(session: Session, statement: str, values: Sequence[object] = ()) -> Sequence[Any]:
    """Run a statement that marks its values with ``?``; returns its rows, if it has any. Nothing is flushed first."""
    connection = session.connection()
    if is_sqlite(connection):
        return _on_sqlite(connection, statement, values)[0]
    result = connection.exec_driver_sql(_for_postgresql(statement), _kept(values))
    return result.all() if result.returns_rows else ()


def change(session: Session, statement: str, values: Sequence[object]) -> int:
    """Run a statement that changes rows; returns how many."""
    connection = session.connection()
    if is_sqlite(connection):
        return _on_sqlite(connection, statement, values)[1]
    return connection.exec_driver_sql(_for_postgresql(statement), _kept(values)).rowcount


def insert(session: Session, table: str, rows: Sequence[Mapping[str, object]]) -> None:
    """Rows that all name the same columns, many in one statement; columns they do not name must do without."""
    names = list(rows[0])
    for begin in range(0, len(rows), AT_ONCE):
        some = rows[begin : begin + AT_ONCE]
        statement = f"INSERT INTO {table} ({', '.join(names)}) VALUES {marks(len(some), f'({marks(len(names))})')}"  # noqa: S608
        ask(session, statement, [row[name] for row in some for name in names])


def add(session: Session, row: SQLModel, *, unless_there: str = "") -> bool:
    """Write a new row with all its columns at once; from then on it is the session's like any row that was read.

    With ``unless_there``, a unique column, nothing is written where another row has the same there already; whether it
    was written.
    """
    shape = _shape(type(row))
    values = [getattr(row, name) for name in shape.names]
    if unless_there:
        if change(session, f"{shape.statement} ON CONFLICT ({unless_there}) DO NOTHING", values) == 0:
            return False
    elif shape.is_numbered:
        ((row.id,),) = ask(session, f"{shape.statement} RETURNING id", values)
    else:
        ask(session, shape.statement, values)
    make_transient_to_detached(row)
    session.add(row)
    return True


def update(session: Session, table: str, key: str, **values: object) -> None:
    """Set columns of the row with this id; a row that the session holds already does not change with it."""
    changed = ", ".join(f"{name} = ?" for name in values)
    change(session, f"UPDATE {table} SET {changed} WHERE id = ?", (*values.values(), key))  # noqa: S608


def save(session: Session, row: SQLModel) -> None:
    """Write what was changed of a row that was read, at once, and let go of it: the session writes it no more."""
    names = list(inspect(row).committed_state)
    if names:
        values = {name: getattr(row, name) for name in names}
        update(session, str(row.__tablename__), row.id, **values)  # type: ignore[attr-defined]
    session.expunge(row)


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


@dataclass(frozen=True, kw_only=True)
class _Shape:
    """What a new row of a table is written with; ``is_numbered``: the database gives it its id."""

    names: tuple[str, ...]
    statement: str
    is_numbered: bool


@cache
def _shape(kind: type[SQLModel]) -> _Shape:
    table = SQLModel.metadata.tables[str(kind.__tablename__)]
    is_numbered = isinstance(table.columns["id"].type, Integer)
    names = tuple(column.name for column in table.columns if not (is_numbered and column.name == "id"))
    statement = f"INSERT INTO {table.name} ({', '.join(names)}) VALUES ({marks(len(names))})"  # noqa: S608
    return _Shape(names=names, statement=statement, is_numbered=is_numbered)


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
    if not isinstance(value, datetime):
        return value
    return _aware(value).astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S.%f")


def _kept(values: Sequence[object]) -> tuple[object, ...]:
    return tuple(_aware(value) if isinstance(value, datetime) else value for value in values)


def _aware(at: datetime) -> datetime:
    if at.tzinfo is None:
        raise ValueError("a time without a zone")
    return at
