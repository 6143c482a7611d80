"""A copy of everything kept, still sealed, and its way back; the key is never in it."""

from __future__ import annotations

import shutil
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path

from rich.progress import track

from gateway.core import Core
from gateway.settings import Settings, WrongSetting
from storage.blobs import FileBlobs

DATABASE = "frontdoor.db"
DUMP = "frontdoor.dump"
SEALED = "sealed"


def back_up(core: Core, folder: Path, *, quiet: bool) -> None:
    """The database at one moment, then every sealed file it may point at, into an empty or older backup folder."""
    folder.mkdir(parents=True, exist_ok=True)
    if core.database.is_sqlite:
        with closing(sqlite3.connect(str(core.database.url.database))) as source:
            aside = folder / f"{DATABASE}.new"
            with closing(sqlite3.connect(aside)) as target:
                source.backup(target)
            aside.replace(folder / DATABASE)
    else:
        _run("pg_dump", "--format=custom", f"--file={folder / DUMP}", f"--dbname={_plain(core)}")
    if isinstance(core.blobs, FileBlobs):
        _copy(core.blobs.root, folder / SEALED, quiet=quiet)


def restore(settings: Settings, folder: Path, *, quiet: bool) -> None:
    """Into an empty data folder (and an empty database); never over anything that is there."""
    blobs = settings.data_dir / SEALED
    if settings.database.startswith("sqlite"):
        source, target = folder / DATABASE, settings.data_dir / DATABASE
        if not source.is_file():
            raise WrongSetting(f"{folder}: there is no backup of an SQLite database in it")
        if target.exists():
            raise WrongSetting("FRONTDOOR_DATA_DIR: there is a database already; restore into an empty folder")
        settings.data_dir.mkdir(parents=True, exist_ok=True)
        shutil.copy2(source, target)
    elif (folder / DUMP).is_file():
        settings.data_dir.mkdir(parents=True, exist_ok=True)
        _run("pg_restore", "--exit-on-error", f"--dbname={settings.database}", str(folder / DUMP))
    else:
        raise WrongSetting(f"{folder}: there is no backup of a PostgreSQL database in it")
    _copy(folder / SEALED, blobs, quiet=quiet)


def _copy(source: Path, target: Path, *, quiet: bool) -> None:
    files = [path for path in source.glob("??/*") if not path.name.startswith(".")]
    for path in track(files, "Sealed files", disable=quiet):
        copy = target / path.relative_to(source)
        if copy.exists() and copy.stat().st_size == path.stat().st_size:
            continue
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(path, copy.with_name(f".{copy.name}"))
        copy.with_name(f".{copy.name}").replace(copy)


def _plain(core: Core) -> str:
    return core.database.url.set(drivername="postgresql").render_as_string(hide_password=False)


def _run(*command: str) -> None:
    try:
        subprocess.run(command, check=True)
    except FileNotFoundError:
        raise WrongSetting(f"{command[0]} is not installed: it comes with PostgreSQL") from None
    except subprocess.CalledProcessError as error:
        raise WrongSetting(f"{command[0]} failed with exit code {error.returncode}") from None
