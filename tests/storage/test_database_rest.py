"""Connections that rested while the server of the database was started again."""

import time

import psycopg
from sqlalchemy import text

from storage.database import REST_SECONDS, Database

END_ALL = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"


def test_a_connection_that_was_ended_while_it_rested_is_never_used(postgres_database: str) -> None:
    database = Database(postgres_database)
    with database.transaction() as session:
        session.execute(text("SELECT 1"))
    with psycopg.connect(postgres_database, autocommit=True) as operator:
        operator.execute(END_ALL)
    time.sleep(REST_SECONDS + 0.1)
    with database.transaction() as session:
        assert session.execute(text("SELECT 2")).scalar_one() == 2
    database.close()
