"""A copy of everything kept, still sealed, and its way back; the key is never in it."""

from __future__ import annotations

import contextlib
import shutil
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path
from urllib.parse import urlsplit

from rich.progress import track
from sqlalchemy import URL, make_url

from gateway.core import Core
from gateway.intake import SPOOL
from gateway.live.capturing import FOLDER as STREAMS
from gateway.settings import Settings, WrongSetting
from storage.blobs import FileBlobs
from storage.reserve import FILE

DATABASE = "frontdoor.db"
DUMP = "frontdoor.dump"
SEALED = "sealed"
HELD = (STREAMS, SPOOL)


def back_up(core: Core, folder: Path, *, quiet: bool) -> None:
    """What was heard of calls and what is held in the spool, the database at one moment, then every sealed file they
    may point at, into an empty or older backup folder. In this order nothing is missed that goes on meanwhile.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    for held in HELD:
        shutil.rmtree(folder / held, ignore_errors=True)
        _copy_held(core.settings.data_dir / held, folder / held)
    if core.database.is_sqlite:
        with closing(sqlite3.connect(str(core.database.url.database))) as source:
            aside = folder / f"{DATABASE}.new"
            with closing(sqlite3.connect(aside)) as target:
                source.backup(target)
            aside.replace(folder / DATABASE)
    else:
        aside = folder / f"{DUMP}.new"
        _run("pg_dump", "--format=custom", f"--file={aside}", f"--dbname={_plain(core.database.url)}")
        aside.replace(folder / DUMP)
    if isinstance(core.blobs, FileBlobs):
        _copy(core.blobs.root, folder / SEALED, quiet=quiet)


def restore(settings: Settings, folder: Path, *, quiet: bool) -> None:
    """Into an empty data folder (and an empty database); never over anything that is there."""
    url = make_url(settings.database)
    settings.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    if url.get_backend_name() == "sqlite":
        source, target = folder / DATABASE, Path(str(url.database))
        if not source.is_file():
            raise WrongSetting(f"{folder}: there is no backup of an SQLite database in it")
        if target.exists():
            raise WrongSetting("FRONTDOOR_DATA_DIR: there is a database already; restore into an empty folder")
        shutil.copy2(source, target)
    elif (folder / DUMP).is_file():
        _run("pg_restore", "--exit-on-error", f"--dbname={_plain(url)}", str(folder / DUMP))
    else:
        raise WrongSetting(f"{folder}: there is no backup of a PostgreSQL database in it")
    for held in HELD:
        _copy_held(folder / held, settings.data_dir / held)
    store = urlsplit(settings.blobs)
    if store.scheme == "file":
        _copy(folder / SEALED, Path(store.path), quiet=quiet)


def _copy(source: Path, target: Path, *, quiet: bool) -> None:
    files = [path for path in source.glob("??/*") if not path.name.startswith(".")]
    for path in track(files, "Sealed files", disable=quiet):
        copy = target / path.relative_to(source)
        if copy.exists() and copy.stat().st_size == path.stat().st_size:
            continue
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(path, copy.with_name(f".{copy.name}"))
        copy.with_name(f".{copy.name}").replace(copy)


def _copy_held(source: Path, target: Path) -> None:
    """What comes back from it and was kept in the database already falls away as a repeat."""
    for record in sorted(source.glob("*/*")):
        if not record.name.startswith((".", FILE)) and not (target / record.parent.name / record.name).exists():
            (target / record.parent.name).mkdir(mode=0o700, parents=True, exist_ok=True)
            with contextlib.suppress(FileNotFoundError):
                shutil.copy2(record, target / record.parent.name / record.name)


def _plain(url: URL) -> str:
    return url.set(drivername="postgresql").render_as_string(hide_password=False)


def _run(*command: str) -> None:
    try:
        subprocess.run(command, check=True)
    except FileNotFoundError:
        raise WrongSetting(f"{command[0]} is not installed: it comes with PostgreSQL") from None
    except subprocess.CalledProcessError as error:
        raise WrongSetting(f"{command[0]} failed with exit code {error.returncode}") from None
