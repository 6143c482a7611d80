"""The tables as the migrations leave them are those the code was written for; they are made whole, by one at a time."""

from __future__ import annotations

import importlib
import pkgutil
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import inspect
from sqlalchemy.exc import DBAPIError
from sqlmodel import SQLModel, text

import storage
from storage import migrations
from storage.database import Database
from storage.migrations.turn import file_to_itself, tables_to_itself

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


def test_of_a_chain_that_breaks_off_nothing_is_left(empty: Database) -> None:
    with empty.transaction() as session:
        session.execute(text("CREATE TABLE mark (in_the_way INTEGER)"))
    with pytest.raises(DBAPIError):
        migrations.upgrade(empty)
    assert inspect(empty.engine).get_table_names() == ["mark"]


def test_one_that_starts_while_another_migrates_says_what_it_waits_for_and_waits(
    database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    second = Database(database.url.render_as_string(hide_password=False))
    with ThreadPoolExecutor(1) as threads:
        with _migrating(database):
            started = threads.submit(migrations.upgrade, second)
            give_up = time.monotonic() + 30
            while "waiting for it" not in caplog.text and time.monotonic() < give_up:
                time.sleep(0.01)
            assert not started.done()
        started.result(timeout=30)
    second.close()
    assert "another process brings the database to this version's shape: waiting for it" in caplog.text


@contextmanager
def _migrating(database: Database) -> Iterator[None]:
    """As while another process changes the tables."""
    with file_to_itself(database), database.engine.begin() as connection:
        if not database.is_sqlite:
            tables_to_itself(connection)
        yield


@pytest.fixture(params=["sqlite", "postgresql"])
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """A database without any tables."""
    is_file = request.param == "sqlite"
    opened = Database(f"sqlite:///{tmp_path / 'new.db'}" if is_file else request.getfixturevalue("postgres_database"))
    yield opened
    opened.close()


def _is_left_out(name: str) -> bool:
    return name in BY_EXPRESSION or name.startswith(SEARCHABLE)
