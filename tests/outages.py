"""A database that can be taken away and given back: a PostgreSQL cluster of its own, or an SQLite file locked."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy.engine import make_url

from storage import migrations
from storage.database import Database
from tests.missing_parts import require
from tests.postgres import SETTINGS, START_SECONDS, _run, create_database, postgres_programs, running_postgres


class Outage:
    """``url`` is migrated and empty; between ``begin`` and ``end`` nothing can be written there."""

    url: str

    def begin(self) -> None:
        """Take it away."""

    def end(self) -> None:
        """Give it back."""


class LockedFile(Outage):
    """Another process holds SQLite's only write lock."""

    def __init__(self, path: Path) -> None:
        self.path, self.url = path, f"sqlite:///{path}"
        self._holder: sqlite3.Connection | None = None

    def begin(self) -> None:
        """Hold it."""
        self._holder = sqlite3.connect(self.path, isolation_level=None, timeout=30, check_same_thread=False)
        self._holder.execute("BEGIN EXCLUSIVE")

    def end(self) -> None:
        """Let go."""
        if self._holder is not None:
            self._holder.close()
        self._holder = None


class StoppedCluster(Outage):
    """The whole server is stopped, as by a power cut, and started again."""

    def __init__(self, maintenance_url: str, template: str) -> None:
        self._data = Path(str(make_url(maintenance_url).query["host"]))
        self._pg_ctl = (postgres_programs() or Path()) / "pg_ctl"
        self.is_running = True
        self.url = create_database(maintenance_url, template)

    def begin(self) -> None:
        """Stop it."""
        _run(self._pg_ctl, "-D", self._data, "-w", "-m", "immediate", "stop")
        self.is_running = False

    def end(self) -> None:
        """Start it again."""
        if self.is_running:
            return
        options = " ".join(f"-c {name}={value}" for name, value in SETTINGS.items()) + f" -k {self._data}"
        log = self._data / "server.log"
        _run(self._pg_ctl, "-D", self._data, "-w", "-t", START_SECONDS, "-l", log, "-o", options, "start")
        self.is_running = True


@pytest.fixture(scope="module")
def own_cluster() -> Iterator[tuple[str, str]]:
    """A cluster that nobody else uses, so that it may be stopped, and the name of a migrated database in it."""
    require("postgresql")
    with running_postgres(in_memory=True) as url:
        database = Database(create_database(url))
        migrations.upgrade(database)
        database.close()
        yield url, str(database.url.database)


@pytest.fixture(params=["sqlite", "postgresql"])
def outage(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Outage]:
    """A database of either kind that can go away."""
    found: Outage
    if request.param == "sqlite":
        path = tmp_path / "database" / "frontdoor.db"
        path.parent.mkdir()
        shutil.copy(request.getfixturevalue("sqlite_template"), path)
        found = LockedFile(path)
    else:
        found = StoppedCluster(*request.getfixturevalue("own_cluster"))
    yield found
    found.end()
