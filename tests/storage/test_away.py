"""A database that is away is told from one that refuses a statement, and from one that was never there."""

import sqlite3
from pathlib import Path

import pytest
from sqlalchemy import make_url
from sqlalchemy.exc import DBAPIError, DisconnectionError, OperationalError, ProgrammingError, TimeoutError
from sqlmodel import text

from storage.away import cannot_connect_now, is_away
from storage.database import Database


class Refused(Exception):
    """What PostgreSQL's driver raises, with its code."""

    def __init__(self, sqlstate: str | None) -> None:
        super().__init__("refused")
        self.sqlstate = sqlstate


def refused(sqlstate: str | None) -> DBAPIError:
    return OperationalError("SELECT 1", None, Refused(sqlstate))


@pytest.mark.parametrize("state", [None, "08006", "53300", "53100", "57P01", "57014", "58030", "25006", "55P03"])
def test_what_says_that_the_server_is_gone_full_or_stopping_is_away(state: str | None) -> None:
    assert is_away(refused(state))


@pytest.mark.parametrize("state", ["23505", "40001", "42P01", "22021"])
def test_what_is_wrong_with_one_statement_is_not(state: str) -> None:
    assert not is_away(refused(state))


def test_what_the_pool_says_counts_and_mistakes_of_ours_do_not() -> None:
    assert is_away(DisconnectionError())
    assert is_away(TimeoutError())
    assert not is_away(ProgrammingError("SELECT", None, Refused(None)))
    assert not is_away(RuntimeError())


def test_a_locked_file_is_away_and_a_missing_table_is_not(tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "a.db", timeout=0) as one, sqlite3.connect(tmp_path / "a.db", timeout=0) as two:
        one.execute("BEGIN EXCLUSIVE")
        with pytest.raises(sqlite3.OperationalError) as locked:
            two.execute("BEGIN IMMEDIATE")
        one.rollback()
        with pytest.raises(sqlite3.OperationalError) as missing:
            two.execute("SELECT * FROM none_such")
    one.close()
    two.close()
    assert is_away(OperationalError("", None, locked.value))
    assert cannot_connect_now(OperationalError("", None, locked.value), make_url("sqlite:///a.db"))
    assert not is_away(OperationalError("", None, missing.value))


@pytest.mark.parametrize(
    ("url", "may_wait"),
    [
        ("postgresql://db@127.0.0.1:1/frontdoor", True),
        ("postgresql://db@no-such-host.invalid/frontdoor", False),
        ("postgresql://db@/frontdoor?host=%2Fno%2Fsuch%2Ffolder", False),
        ("sqlite:////dev/null/frontdoor.db", False),
    ],
)
def test_only_what_may_come_back_is_waited_for_at_the_start(url: str, may_wait: bool) -> None:
    database = Database(url)
    try:
        with pytest.raises(DBAPIError) as failed, database.reading() as session:
            session.execute(text("SELECT 1"))
        assert cannot_connect_now(failed.value, database.url) is may_wait
    finally:
        database.close()
