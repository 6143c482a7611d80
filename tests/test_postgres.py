"""Proves the throw-away PostgreSQL itself: shared by its users, durable, and gone after the last of them."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psycopg
from sqlalchemy import create_engine, text
from sqlalchemy.engine import make_url

from tests.missing_parts import needs
from tests.postgres import create_database, drop_database, running_postgres

pytestmark = needs("postgresql")

A_USER = """
import sys, time
from pathlib import Path
from tests.postgres import running_postgres
with running_postgres(Path(sys.argv[1])) as url:
    print(url, flush=True)
    time.sleep(600)
"""


def _data_of(url: str) -> Path:
    return Path(str(make_url(url).query["host"]))


def _gone(path: Path, seconds: float = 20) -> bool:
    give_up = time.monotonic() + seconds
    while path.exists() and time.monotonic() < give_up:
        time.sleep(0.05)
    return not path.exists()


def test_a_commit_waits_for_the_disk(postgres_url: str) -> None:
    with psycopg.connect(postgres_url) as connection:
        settings = [connection.execute(f"SHOW {name}").fetchone() for name in ("fsync", "synchronous_commit")]
    assert settings == [("on",), ("on",)]


def test_a_database_is_copied_from_its_template_and_not_shared(postgres_url: str, postgres_database: str) -> None:
    with psycopg.connect(postgres_database) as connection:
        connection.execute("CREATE TABLE kept (word text)")
    copy = create_database(postgres_url, template=make_url(postgres_database).database)
    engine = create_engine(make_url(copy).set(drivername="postgresql+psycopg"))
    with engine.begin() as connection:
        connection.execute(text("INSERT INTO kept VALUES ('copy')"))
    engine.dispose()
    with psycopg.connect(postgres_database) as connection:
        assert connection.execute("SELECT count(*) FROM kept").fetchone() == (0,)
    drop_database(postgres_url, copy)


def test_the_cluster_outlives_its_first_user_and_ends_with_the_last_even_when_killed(tmp_path: Path) -> None:
    root = Path(__file__).parent.parent
    user = subprocess.Popen([sys.executable, "-c", A_USER, str(tmp_path)], stdout=subprocess.PIPE, text=True, cwd=root)
    assert user.stdout is not None
    with user.stdout:
        first = user.stdout.readline().strip()
    data = _data_of(first)
    with running_postgres(tmp_path) as second:
        os.kill(user.pid, signal.SIGKILL)
        user.wait()
        time.sleep(0.3)
        assert second == first
        with psycopg.connect(second) as connection:
            assert connection.execute("SELECT 1").fetchone() == (1,)
    assert _gone(data)


def test_a_cluster_of_ones_own_is_gone_when_the_block_ends() -> None:
    with running_postgres() as url:
        data = _data_of(url)
        assert data.exists()
    assert not data.exists()
