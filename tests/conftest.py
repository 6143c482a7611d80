"""A gateway for every test: its own database on SQLite and on PostgreSQL, its own key, files and clock."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from gateway.core import Core, build_core
from gateway.settings import Settings
from storage import migrations
from storage.blobs import Blobs, open_blobs
from storage.database import Database
from storage.sealing import Seal
from tests.fakes import MovableClock
from tests.postgres import create_database, drop_database


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated, empty SQLite database to copy."""
    path = tmp_path_factory.mktemp("template") / "frontdoor.db"
    database = Database(f"sqlite:///{path}")
    migrations.upgrade(database)
    database.close()
    return path


@pytest.fixture(scope="session")
def postgres_template(postgres_url: str) -> Iterator[str]:
    """The name of a migrated, empty PostgreSQL database to copy."""
    url = create_database(postgres_url)
    database = Database(url)
    migrations.upgrade(database)
    database.close()
    yield str(database.url.database)
    drop_database(postgres_url, url)


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """An empty database with all tables; every test that uses it runs on both kinds."""
    if request.param == "sqlite":
        path = tmp_path / "data" / "frontdoor.db"
        path.parent.mkdir(exist_ok=True)
        shutil.copy(request.getfixturevalue("sqlite_template"), path)
        yield f"sqlite:///{path}"
        return
    maintenance = request.getfixturevalue("postgres_url")
    url = create_database(maintenance, request.getfixturevalue("postgres_template"))
    yield url
    drop_database(maintenance, url)


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """The database, open."""
    opened = Database(database_url)
    yield opened
    opened.close()


@pytest.fixture
def clock() -> MovableClock:
    """Monday 23 November 2026, 10:15 in London, until a test moves it."""
    return MovableClock()


@pytest.fixture
def seal() -> Seal:
    """A key of this test."""
    return Seal(b"k" * 32)


@pytest.fixture
def blobs(tmp_path: Path, seal: Seal) -> Blobs:
    """Sealed files in this test's folder."""
    return open_blobs(f"file://{tmp_path / 'data' / 'sealed'}", seal)


@pytest.fixture
def settings(tmp_path: Path, database_url: str) -> Settings:
    """Every default, but this test's folders; doors on any free port."""
    return Settings(
        data_dir=tmp_path / "data",
        database_url=database_url,
        http="",
        smtp="127.0.0.1:0",
        scan_dir=tmp_path / "scans",
        api_token="administrator-for-tests",
        _env_file=None,
    )


@pytest.fixture
def core(settings: Settings, database: Database, blobs: Blobs, seal: Seal, clock: MovableClock) -> Core:
    """What every part of a gateway stands on. Its database is never away: a machine under load is no outage here."""
    built = build_core(settings, clock=clock, seal=seal, database=database, blobs=blobs)
    built.intake.patience_seconds = 60.0
    return built
