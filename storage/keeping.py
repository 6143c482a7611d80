"""The statements of the intake's one commit, in the database's own words: they run for every message that arrives."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session

AT_ONCE = 1000  # neither database takes more than some ten thousand values in a statement
_HEAD = "SELECT ledger_no, chain_hash FROM ledger_head"
_MOVE = "UPDATE ledger_head SET ledger_no = ?, chain_hash = ?"
_SEEN = "SELECT channel, source_key, conversation, reference, received_at FROM message WHERE "
_SET_ASIDE = "SELECT '', '', NULL, reference, at FROM reserved WHERE "


@dataclass(frozen=True, kw_only=True)
class Known:
    """What is kept already of what just came: events by channel and key, the references of talks, those in use.

    A reference that was set aside counts as in use.
    """

    events: Mapping[tuple[str, str], tuple[str, datetime]]
    talks: Mapping[str, str]
    taken: frozenset[str]


def locked_head(session: Session) -> tuple[int, str]:
    """The last ledger number and its hash; nobody else keeps a message until this transaction ends."""
    connection = session.connection()
    locked = _HEAD if _is_sqlite(connection) else f"{_HEAD} FOR UPDATE"
    ((number, last),) = _ask(connection, locked, ())
    return number, last


def look_up(
    session: Session, *, keys: Sequence[tuple[str, str]], talks: Sequence[str], drawn: Collection[str]
) -> Known:
    """What the database knows of these events (channel and key), conversations and newly drawn references."""
    by_channel: dict[str, list[str]] = {}
    for channel, key in keys:
        by_channel.setdefault(channel, []).append(key)
    asked = [("channel = ? AND source_key", [channel], found) for channel, found in by_channel.items()]
    asked += [("reference", [], list(drawn)), ("conversation", [], list(talks))]
    parts = [f"{_SEEN}{what} IN ({_marks(len(of))})" for what, _, of in asked if of]
    values = [value for _, first, of in asked if of for value in (*first, *of)]
    if drawn:
        parts.append(f"{_SET_ASIDE}reference IN ({_marks(len(drawn))})")
        values += drawn
    rows = _ask(session.connection(), " UNION ALL ".join(parts), values) if parts else ()
    wanted = set(talks)
    return Known(
        events={(channel, key): (told, _time(at)) for channel, key, _, told, at in rows},
        talks={talk: told for _, _, talk, told, _ in rows if talk in wanted},
        taken=frozenset(told for _, _, _, told, _ in rows),
    )


def insert(session: Session, table: str, rows: Sequence[Mapping[str, object]]) -> None:
    """Rows that all name the same columns, many in one statement; columns they do not name must do without."""
    connection, names = session.connection(), list(rows[0])
    kept = _kept_in_sqlite if _is_sqlite(connection) else _kept
    for begin in range(0, len(rows), AT_ONCE):
        some = rows[begin : begin + AT_ONCE]
        marks = _marks(len(some), f"({_marks(len(names))})")
        values = [kept(row[name]) for row in some for name in names]
        _ask(connection, f"INSERT INTO {table} ({', '.join(names)}) VALUES {marks}", values)  # noqa: S608


def move_head(session: Session, number: int, last: str) -> None:
    """The last number given and its hash."""
    _ask(session.connection(), _MOVE, [number, last])


def _ask(connection: Connection, statement: str, values: Sequence[object]) -> Sequence[Any]:
    """Run a statement that marks its values with ``?``; returns its rows, if it has any."""
    if _is_sqlite(connection):
        return _asked_directly(connection, statement, values)
    result = connection.exec_driver_sql(statement.replace("?", "%s"), tuple(values))
    return result.all() if result.returns_rows else ()


def _asked_directly(connection: Connection, statement: str, values: Sequence[object]) -> Sequence[Any]:
    """The driver's own call: on SQLite the layers above it take longer than the statement."""
    try:
        raw: Any = connection.connection.dbapi_connection
        return list(raw.execute(statement, tuple(values)).fetchall())
    except sqlite3.Error as error:
        raise DBAPIError.instance(
            statement, None, error, sqlite3.Error, hide_parameters=True, dialect=connection.dialect
        ) from error


def _marks(count: int, one: str = "?") -> str:
    return ", ".join([one] * count)


def _is_sqlite(connection: Connection) -> bool:
    return connection.dialect.name == "sqlite"


def _kept(value: object) -> object:
    return value


def _kept_in_sqlite(value: object) -> object:
    """Times as text, in UTC and without a zone, as ``UtcDateTime`` writes them."""
    return value.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S.%f") if isinstance(value, datetime) else value


def _time(kept: str | datetime) -> datetime:
    """Aware UTC."""
    if isinstance(kept, str):
        return datetime.fromisoformat(kept).replace(tzinfo=UTC)
    return kept.astimezone(UTC)
