"""Runs a throw-away PostgreSQL cluster for tests and benchmarks, shared by all workers of one test run.

Tests ask for a fixture: `postgres_url` (session) is the cluster's maintenance database, `postgres_database` (function)
a fresh, empty database dropped at the end. To give each test a migrated database quickly, migrate one database once and
pass its name as `template` to `create_database`. Benchmarks use `with running_postgres() as url:`.

The cluster listens on a Unix socket in its own folder only, trusts whoever can reach it, and keeps fsync on, so that
what benchmarks measure is durable. Tests have it `in_memory` where there is room: over a thousand times one of them
has a database made and dropped, and none cuts the power (tests/chaos does, of a disk of its own). It ends with the last
process that uses it, killed or not: every user holds a shared lock, and a guardian waits for the exclusive one.
"""

import fcntl
import os
import shutil
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.parse import quote

import psycopg
import pytest
from psycopg import sql
from sqlalchemy.engine import make_url

SETTINGS = {
    "listen_addresses": "''",
    "max_connections": "200",
    "shared_buffers": "128MB",
    "logging_collector": "off",
    "log_min_messages": "warning",
}
START_SECONDS = 60
MEMORY = Path("/dev/shm")
MEMORY_SETTINGS = {"max_wal_size": "128MB", "min_wal_size": "32MB"}
MEMORY_NEEDED = 2 * 2**30


class PostgresFailed(Exception):
    """The throw-away cluster could not be made, started or stopped; carries the end of what the program printed."""


def postgres_programs() -> Path | None:
    """The folder with initdb and pg_ctl: the newest Debian installed, else what is on the path; None without."""
    installed = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    on_path = shutil.which("initdb")
    found = installed[-1] if installed else Path(on_path) if on_path else None
    return found.parent if found else None


@contextmanager
def running_postgres(shared: Path | None = None, *, in_memory: bool = False) -> Iterator[str]:
    """The URL of a cluster's maintenance database; processes that name the same folder `shared` share the cluster."""
    meeting_place = shared or Path(tempfile.mkdtemp(prefix="frontdoor-postgres-lock-"))
    try:
        with (meeting_place / "postgres.users").open("a") as users:
            yield _joined(meeting_place, users.fileno(), in_memory=in_memory)
    finally:
        if shared is None:
            _wait_until_stopped(meeting_place)
            shutil.rmtree(meeting_place, ignore_errors=True)


def create_database(maintenance_url: str, template: str | None = None) -> str:
    """The URL of a new database, empty or a copy of `template`, to which nobody may be connected meanwhile."""
    name = f"t{uuid.uuid4().hex}"
    source = sql.Identifier(template or "template0")
    with psycopg.connect(maintenance_url, autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(name), source))
    return make_url(maintenance_url).set(database=name).render_as_string(hide_password=False)


def drop_database(maintenance_url: str, database_url: str) -> None:
    """Drop the database, ending whatever is still connected to it."""
    name = make_url(database_url).database
    with psycopg.connect(maintenance_url, autocommit=True) as connection:
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name or "")))


@pytest.fixture(scope="session")
def postgres_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The maintenance database of the cluster this test run shares; skips by name where PostgreSQL is missing."""
    from tests.missing_parts import require

    require("postgresql")
    own = tmp_path_factory.getbasetemp()
    with running_postgres(own.parent if "PYTEST_XDIST_WORKER" in os.environ else own, in_memory=True) as url:
        yield url


@pytest.fixture
def postgres_database(postgres_url: str) -> Iterator[str]:
    """A fresh, empty database for one test."""
    url = create_database(postgres_url)
    yield url
    drop_database(postgres_url, url)


def _joined(meeting_place: Path, users: int, *, in_memory: bool) -> str:
    """Take part in the cluster of this meeting place, started where nobody has; a lock on `users` is membership."""
    with (meeting_place / "postgres.door").open("a") as door:
        fcntl.flock(door, fcntl.LOCK_EX)
        fcntl.flock(users, fcntl.LOCK_SH)
        address = meeting_place / "postgres.url"
        if not address.exists():
            data = _started_cluster(in_memory=in_memory and _has_room(MEMORY))
            _post_a_guardian(meeting_place, data)
            address.write_text(f"postgresql://postgres@/postgres?host={quote(str(data), safe='')}")
        return address.read_text()


def _has_room(folder: Path) -> bool:
    return folder.is_dir() and shutil.disk_usage(folder).free >= MEMORY_NEEDED


def _started_cluster(*, in_memory: bool) -> Path:
    programs = postgres_programs()
    if programs is None:
        raise PostgresFailed("no initdb on this machine")
    data = Path(tempfile.mkdtemp(prefix="frontdoor-postgres-", dir=MEMORY if in_memory else None))
    if os.getuid() == 0:
        shutil.chown(data, "postgres", "postgres")
    _run(
        programs / "initdb", "-D", data, "-U", "postgres", "--auth=trust", "--encoding=UTF8", "--locale=C", "--no-sync"
    )
    settings = SETTINGS | (MEMORY_SETTINGS if in_memory else {})
    options = " ".join(f"-c {name}={value}" for name, value in settings.items()) + f" -k {data}"
    log = data / "server.log"
    _run(programs / "pg_ctl", "-D", data, "-w", "-t", START_SECONDS, "-l", log, "-o", options, "start")
    return data


def _run(program: Path, *arguments: object) -> None:
    """Run one of PostgreSQL's programs, as its own user where we are root, which it refuses to serve."""
    as_its_user = ["runuser", "-u", "postgres", "--"] if os.getuid() == 0 else []
    command = [*as_its_user, str(program), *map(str, arguments)]
    with tempfile.TemporaryFile() as output:
        ended = subprocess.run(command, cwd="/", stdin=subprocess.DEVNULL, stdout=output, stderr=output, check=False)
        output.seek(0)
        if ended.returncode:
            raise PostgresFailed(f"{program.name} ended with {ended.returncode}: {output.read()[-2000:].decode()}")


def _post_a_guardian(meeting_place: Path, data: Path) -> None:
    """Start the guardian in a session of its own: it outlives the process that posts it, so nobody waits for it."""
    nothing = [(os.POSIX_SPAWN_OPEN, stream, os.devnull, os.O_RDWR, 0) for stream in range(3)]
    command = [sys.executable, "-P", __file__, str(meeting_place), str(data)]
    os.posix_spawn(sys.executable, command, os.environ, file_actions=nothing, setsid=True)


def _guard(meeting_place: Path, data: Path) -> None:
    """Wait until no user is left, however they ended, then stop the cluster, if it still runs, and remove it."""
    with (meeting_place / "postgres.users").open("a") as users:
        fcntl.flock(users, fcntl.LOCK_EX)
        programs = postgres_programs()
        with suppress(PostgresFailed):
            if programs:
                _run(programs / "pg_ctl", "-D", data, "-w", "-m", "immediate", "stop")
        shutil.rmtree(data, ignore_errors=True)
        (meeting_place / "postgres.url").unlink(missing_ok=True)


def _wait_until_stopped(meeting_place: Path) -> None:
    give_up = time.monotonic() + START_SECONDS
    while (meeting_place / "postgres.url").exists() and time.monotonic() < give_up:
        time.sleep(0.02)


if __name__ == "__main__":
    _guard(Path(sys.argv[1]), Path(sys.argv[2]))
