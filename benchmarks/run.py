"""One run of the benchmarks: its own folder, its databases, and the progress it tells."""

from __future__ import annotations

import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.mail_load import MAILBOX
from gateway.core import Core, open_core
from gateway.settings import Settings
from storage.columns import new_id
from tests.postgres import PostgresFailed, create_database, drop_database, running_postgres

SQLITE, POSTGRESQL = "SQLite", "PostgreSQL"
TOKEN = "administrator-for-benchmarks"


@dataclass(kw_only=True)
class Run:
    """``kinds`` are the databases to measure; ``quick`` asks for a look that takes a tenth of the time."""

    folder: Path
    kinds: tuple[str, ...]
    postgres: str
    quick: bool
    began: float = field(default_factory=time.monotonic)

    def say(self, what: str) -> None:
        """A line of progress."""
        print(f"[{time.monotonic() - self.began:5.0f} s] {what}", flush=True)

    @contextmanager
    def database(self, kind: str) -> Iterator[str]:
        """The URL of an empty database without tables, gone after the block."""
        if kind == SQLITE:
            home = self.folder / f"sqlite-{new_id()[-8:]}"
            home.mkdir()
            yield f"sqlite:///{home / 'frontdoor.db'}"
            shutil.rmtree(home)
            return
        url = create_database(self.postgres)
        try:
            yield url
        finally:
            drop_database(self.postgres, url)

    @contextmanager
    def data_dir(self) -> Iterator[Path]:
        """A folder for key and sealed files, gone after the block."""
        folder = Path(tempfile.mkdtemp(dir=self.folder))
        yield folder
        shutil.rmtree(folder, ignore_errors=True)

    @contextmanager
    def core(self, kind: str) -> Iterator[Core]:
        """A gateway's foundation in this process, on an empty database with all tables."""
        with self.database(kind) as url, self.data_dir() as folder:
            core = open_core(settings(folder, url))
            try:
                yield core
            finally:
                core.close()


def settings(folder: Path, url: str) -> Settings:
    """Every default but a folder and a database of its own, and doors on any free port."""
    return Settings(data_dir=folder, database_url=url, http="", smtp="127.0.0.1:0", mailboxes=MAILBOX, api_token=TOKEN)


@contextmanager
def a_run(*, kinds: tuple[str, ...], quick: bool) -> Iterator[Run]:
    """Everything a run needs, and nothing left behind after it."""
    folder = Path(tempfile.mkdtemp(prefix="frontdoor-bench-"))
    with ExitStack() as stack:
        stack.callback(shutil.rmtree, folder, ignore_errors=True)
        postgres = ""
        if POSTGRESQL in kinds:
            try:
                postgres = stack.enter_context(running_postgres())
            except (PostgresFailed, OSError) as error:
                print(f"no figures on PostgreSQL: {error}", flush=True)
                kinds = tuple(kind for kind in kinds if kind != POSTGRESQL)
        yield Run(folder=folder, kinds=kinds, postgres=postgres, quick=quick)
