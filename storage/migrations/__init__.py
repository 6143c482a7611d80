"""The tables' history: ``upgrade`` brings any older database to the newest shape."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlmodel import Session, select, text

from storage.database import Database
from storage.message import Message

ONE_AT_A_TIME = 0x66726F6E74


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent))
    return config


def upgrade(database: Database) -> None:
    """Run what has not been run yet, in one transaction; processes that start together wait for the first.

    What a killed process left is durable before anything is told of it.
    """
    config = _config()
    database.make_durable()
    with database.engine.connect() as connection:
        if not database.is_sqlite:
            connection.execute(text(f"SELECT pg_advisory_xact_lock({ONE_AT_A_TIME})"))
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
        connection.commit()


def is_current(database: Database) -> bool:
    """Whether the database has the shape this code was written for."""
    head = ScriptDirectory.from_config(_config()).get_current_head()
    with database.engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision() == head


def has_messages(session: Session) -> bool:
    """Whether anything has been kept yet (then the key that sealed it must exist)."""
    return session.exec(select(Message.id).limit(1)).first() is not None
