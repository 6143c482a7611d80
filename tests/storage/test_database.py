"""Reading sees one moment, errors keep to themselves what people wrote, and several processes may start at once."""

import asyncio
import os
import socket
import threading
import time
from pathlib import Path

import psycopg
import pytest
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import Session, func, select, text

from storage.audit import Audit, record
from storage.database import REST_SECONDS, Database
from tests.at_the_prompt import start
from tests.fakes import MONDAY_MORNING

LONGEST_START = 60


def lines(database: Database, count: int = 1) -> None:
    with database.transaction() as session:
        for _ in range(count):
            record(session, at=MONDAY_MORNING, who="sam", what="looked")


def test_whoever_reads_sees_one_moment_however_long_it_takes(database: Database) -> None:
    lines(database)
    with database.reading() as session:
        before = session.exec(select(func.count()).select_from(Audit)).one()
        lines(database)
        after = session.exec(select(func.count()).select_from(Audit)).one()
    assert (before, after) == (1, 1)


def test_an_error_of_the_database_repeats_nothing_that_somebody_wrote(database: Database) -> None:
    with pytest.raises(SQLAlchemyError) as raised, database.transaction() as session:
        session.execute(text("INSERT INTO no_such_table VALUES (:words)"), {"words": "a bruise on his arm"})
    assert "bruise" not in str(raised.value)


def test_processes_that_start_together_make_tables_and_key_once(tmp_path: Path, database_kind: str) -> None:
    settings = {"FRONTDOOR_DATA_DIR": str(tmp_path / "data"), "FRONTDOOR_DATABASE_URL": database_kind}
    environment = {**os.environ, **settings}
    started = [start(["migrate"], folder=tmp_path, environment=environment) for _ in range(4)]
    for each in started:
        each.join(LONGEST_START)
    assert [each.exitcode for each in started] == [0] * 4


@pytest.fixture(params=["sqlite", "postgresql"])
def database_kind(request: pytest.FixtureRequest) -> str:
    """An empty database without any tables."""
    return "" if request.param == "sqlite" else str(request.getfixturevalue("postgres_database"))


def test_a_database_that_never_answers_is_given_up() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        opened = Database(f"postgresql://postgres@127.0.0.1:{silent.getsockname()[1]}/x", answer_seconds=2)
        with pytest.raises(SQLAlchemyError), opened.transaction() as session:
            session.execute(text("SELECT 1"))
        opened.close()


def test_a_connection_that_was_ended_while_it_rested_is_never_used(postgres_database: str) -> None:
    database = Database(postgres_database)
    with database.transaction() as session:
        session.execute(text("SELECT 1"))
    with psycopg.connect(postgres_database, autocommit=True) as operator:
        operator.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
    time.sleep(REST_SECONDS + 0.1)
    with database.transaction() as session:
        assert session.execute(text("SELECT 2")).scalar_one() == 2
    database.close()


async def test_two_writers_that_wait_for_each_other_both_get_their_way(postgres_database: str) -> None:
    database = Database(postgres_database)
    with database.transaction() as session:
        session.execute(text("CREATE TABLE held AS SELECT id, 0 AS times FROM generate_series(1, 2) AS id"))
    both_hold_one = threading.Barrier(2, timeout=30)
    begun: list[int] = []

    def holding(first: int, second: int, session: Session) -> None:
        add = text("UPDATE held SET times = times + 1 WHERE id = :id")
        session.execute(add, {"id": first})
        begun.append(first)
        if begun.count(first) == 1:
            both_hold_one.wait()
        session.execute(add, {"id": second})

    await asyncio.gather(
        database.write(lambda session: holding(1, 2, session)), database.write(lambda session: holding(2, 1, session))
    )
    with database.reading() as session:
        assert session.execute(text("SELECT times FROM held ORDER BY id")).scalars().all() == [2, 2]
    database.close()
    assert len(begun) >= 3  # the one that is begun anew may meet the other again, before the row is handed on
