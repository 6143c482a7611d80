"""The tables' history: ``upgrade`` brings any older database to the newest shape."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlmodel import Session, select

from storage.database import Database
from storage.message import Message
from storage.migrations.turn import file_to_itself, tables_to_itself


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent))
    return config


def upgrade(database: Database) -> None:
    """Run what has not been run yet, in one transaction; processes that start together wait for the first.

    One that waits logs what for, and waits however long the first takes. What a killed process left is durable before
    anything is told of it.
    """
    config = _config()
    database.make_durable()
    with file_to_itself(database), database.engine.begin() as connection:
        if not database.is_sqlite:
            tables_to_itself(connection)
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def is_current(database: Database) -> bool:
    """Whether the database has the shape this code was written for."""
    head = ScriptDirectory.from_config(_config()).get_current_head()
    with database.engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision() == head


def has_messages(session: Session) -> bool:
    """Whether anything has been kept yet (then the key that sealed it must exist)."""
    return session.exec(select(Message.id).limit(1)).first() is not None
