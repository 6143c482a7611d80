"""What was replaced before replacing was kept is told from history, so that a pack of that time is right as well."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from sqlmodel import Session, select, text

from storage import migrations
from storage.database import Database
from storage.was import Was, value_of

BEGAN = datetime(2026, 11, 23, 10, 15, tzinfo=UTC)
LINES = (
    (1, "Rated amber (was unrated): a bruise"),
    (2, "Rated green (was unrated): nothing seen"),
    (1, "Decided: s17, level 3. So it is"),
    (1, "Rated red (was amber): a weapon"),
    (1, "Decided: s47, level 4. It was worse Agreed by jo."),
    (2, "Decided: nfa, level 1. Nothing"),
    (1, "Note: Rated low by the school"),
)


@pytest.fixture
def older(tmp_path: Path) -> Database:
    """A database of before changes were kept."""
    database, config = Database(f"sqlite:///{tmp_path / 'older.db'}"), Config()
    config.set_main_option("script_location", str(Path(migrations.__file__).parent))
    with database.engine.connect() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0012")
        connection.commit()
    return database


def test_the_past_of_a_rating_and_of_a_decision_is_told_from_the_lines_of_history(older: Database) -> None:
    with older.transaction() as session:
        for place, (about, what) in enumerate(LINES):
            _write(session, about, what, BEGAN + timedelta(hours=place))
    migrations.upgrade(older)
    with older.reading() as session:
        found = [(one.referral_id, one.field, one.value) for one in session.exec(select(Was))]
    older.close()
    first = (BEGAN + timedelta(hours=2)).isoformat()
    assert sorted(found, key=str) == sorted(
        [
            (1, "severity", "unrated"), (1, "decision_code", None), (1, "decided_at", None), (1, "severity", "amber"),
            (1, "decision_code", "s17"), (1, "decided_at", first.replace("+00:00", ".000000+00:00")),
            (2, "severity", "unrated"), (2, "decision_code", None), (2, "decided_at", None),
        ],
        key=str,
    )  # fmt: skip
    [kept] = [value for about, field, value in found if (about, field) == (1, "decided_at") and value]
    assert value_of("decided_at", kept) == BEGAN + timedelta(hours=2)


def _write(session: Session, about: int, what: str, at: datetime) -> None:
    told = {"at": at.strftime("%Y-%m-%d %H:%M:%S.%f"), "what": what, "about": about}
    statement = "INSERT INTO audit (at, who, what, referral_id, is_private) VALUES (:at, 'sam', :what, :about, 0)"
    session.connection().execute(text(statement), told)
