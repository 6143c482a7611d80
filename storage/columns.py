"""What every table shares: aware UTC times, the ids of rows, and rows held as they are when they are held."""

from __future__ import annotations

import secrets
import time
from datetime import UTC, datetime
from typing import Any, TypeVar

from sqlalchemy import DateTime, Dialect
from sqlalchemy.types import TypeDecorator
from sqlmodel.sql.expression import SelectOfScalar

Row = TypeVar("Row")


class UtcDateTime(TypeDecorator[datetime]):
    """Aware UTC in, aware UTC out, on SQLite (which knows no zones) as on PostgreSQL; naive times are refused."""

    impl = DateTime
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> Any:
        """``timestamptz`` on PostgreSQL, ISO text on SQLite."""
        return dialect.type_descriptor(DateTime(timezone=dialect.name == "postgresql"))

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """To UTC; SQLite's text sorts as the times do."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a time without a zone")
        value = value.astimezone(UTC)
        return value if dialect.name == "postgresql" else value.replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Aware UTC."""
        if value is None:
            return None
        return value.astimezone(UTC) if value.tzinfo else value.replace(tzinfo=UTC)


def new_id() -> str:
    """A row's id, 32 hex digits: milliseconds, so that new rows lie side by side, then 20 that nobody can guess."""
    return f"{time.time_ns() // 1_000_000:012x}{secrets.token_hex(10)}"


def locked(query: SelectOfScalar[Row]) -> SelectOfScalar[Row]:
    """Holds the rows until the transaction ends; a row read before is read anew, for another may have changed it."""
    return query.with_for_update().execution_options(populate_existing=True)
