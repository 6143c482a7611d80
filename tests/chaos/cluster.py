"""A PostgreSQL cluster of the run's own, which can be stopped, crash and be started again."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
import threading
from pathlib import Path
from typing import Literal
from urllib.parse import quote

from tests.postgres import SETTINGS, PostgresFailed, postgres_programs

OWN = {"max_wal_size": "128MB", "min_wal_size": "32MB", "restart_after_crash": "on"}


class Cluster:
    """Data in ``folder``, its socket in a short folder of its own; reached by nobody but this machine's users."""

    def __init__(self, folder: Path) -> None:
        programs = postgres_programs()
        if programs is None:
            raise PostgresFailed("no initdb on this machine")
        self._programs, self._data = programs, folder / "cluster"
        self._sockets = Path(tempfile.mkdtemp(prefix="frontdoor-chaos-"))
        self._one_at_a_time, self._is_removed = threading.RLock(), False
        self.url = f"postgresql://postgres@/postgres?host={quote(str(self._sockets), safe='')}"

    def create(self) -> None:
        """Make it and start it."""
        self._data.mkdir(mode=0o700)
        if os.getuid() == 0:
            for owned in (self._data, self._sockets):
                shutil.chown(owned, "postgres", "postgres")
        self._run("initdb", "-U", "postgres", "--auth=trust", "--encoding=UTF8", "--locale=C")
        self.start()

    def start(self) -> None:
        """Start it, recovering what a crash left; does nothing where it runs, or was removed."""
        with self._one_at_a_time:
            if not self.is_running and not self._is_removed:
                self._start()

    def _start(self) -> None:
        options = " ".join(f"-c {name}={value}" for name, value in (SETTINGS | OWN).items()) + f" -k {self._sockets}"
        log = self._sockets / "server.log"
        self._run("pg_ctl", "-w", "-t", "60", "-l", str(log), "-o", options, "start")

    def stop(self, how: Literal["fast", "immediate"]) -> None:
        """``fast`` ends connections and closes in order; ``immediate`` is a crash."""
        with self._one_at_a_time:
            if self.is_running:
                self._run("pg_ctl", "-w", "-m", how, "stop")

    @property
    def is_running(self) -> bool:
        """Whether a server runs on this data."""
        return self._called("pg_ctl", "status").returncode == 0

    def remove(self) -> None:
        """Stop it and take its sockets away."""
        with self._one_at_a_time:
            self._is_removed = True
            if self.is_running:
                self._called("pg_ctl", "-w", "-m", "immediate", "stop")
        shutil.rmtree(self._sockets, ignore_errors=True)

    def _run(self, program: str, *arguments: str) -> None:
        if (ended := self._called(program, *arguments)).returncode:
            raise PostgresFailed(f"{program} ended with {ended.returncode}")

    def _called(self, program: str, *arguments: str) -> subprocess.CompletedProcess[bytes]:
        """As the server's own user where we are root, which it refuses to serve."""
        as_its_user = ["runuser", "-u", "postgres", "--"] if os.getuid() == 0 else []
        command = [*as_its_user, str(self._programs / program), "-D", str(self._data), *arguments]
        return subprocess.run(
            command,
            cwd="/",
            check=False,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
