"""The tables as the migrations leave them are those the code was written for, on both kinds of database."""

from __future__ import annotations

import importlib
import pkgutil

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlmodel import SQLModel

import storage
from storage.database import Database

BY_EXPRESSION = {"referral_queue"}
"""An index of more than columns, which SQLite does not tell of in a form that can be compared."""
SEARCHABLE = ("search_open", "search_closed")
"""Tables for words, which each kind of database has in a form of its own; tests/storage/test_searching.py looks."""


def test_every_table_column_and_index_is_there_and_no_other(database: Database) -> None:
    for room in pkgutil.iter_modules(storage.__path__):
        importlib.import_module(f"storage.{room.name}")
    with database.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        found = compare_metadata(context, SQLModel.metadata)
    assert [each for each in found if not _is_left_out(getattr(each[1], "name", None) or "")] == []


def _is_left_out(name: str) -> bool:
    return name in BY_EXPRESSION or name.startswith(SEARCHABLE)
