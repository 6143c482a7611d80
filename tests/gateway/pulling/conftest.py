"""An IMAP server for every test here, and one kind of database: how the kinds differ is shown in storage."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.dovecot import Dovecot, dovecot
from tests.missing_parts import require


@pytest.fixture
def database_url(tmp_path: Path, sqlite_template: Path) -> str:
    """An empty SQLite database with all tables."""
    path = tmp_path / "data" / "frontdoor.db"
    path.parent.mkdir(exist_ok=True)
    shutil.copy(sqlite_template, path)
    return f"sqlite:///{path}"


@pytest.fixture
def server() -> Iterator[Dovecot]:
    """A real IMAP server."""
    require("dovecot")
    with dovecot() as running:
        yield running
