"""The folders of a spool: one a process, held by a lock that ends with it, so that another can take it over."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from pathlib import Path

from storage.columns import new_id
from storage.sealing import sync_folder

LOCK = "lock"


class Folders:
    """Those this process holds, its own among them. The locks survive no crash, and no child inherits them."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.own: Path | None = None
        self._locks: dict[Path, int] = {}

    def make_own(self) -> Path:
        """A new folder, locked before it can be seen; raises OSError."""
        self.root.mkdir(mode=0o700, parents=True, exist_ok=True)
        sync_folder(self.root.parent)
        folder = self.root / new_id()
        aside = folder.with_name(f".{folder.name}")
        aside.mkdir(mode=0o700)
        descriptor = os.open(aside / LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        aside.rename(folder)
        sync_folder(self.root)
        self._locks[folder], self.own = descriptor, folder
        return folder

    def of_others(self) -> Iterator[Path]:
        """Every folder this process does not hold, the oldest first."""
        for folder in sorted(self.root.glob("[0-9a-f]*")):
            if folder not in self._locks and (folder / LOCK).exists():
                yield folder

    def take_over(self, folder: Path) -> bool:
        """Lock it, if the process that held it has ended."""
        try:
            descriptor = os.open(folder / LOCK, os.O_RDWR | os.O_CLOEXEC)
        except FileNotFoundError:
            return False
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(descriptor)
            return False
        self._locks[folder] = descriptor
        return True

    def remove(self, folder: Path) -> None:
        """A folder that was taken over and is not needed any more."""
        for file in sorted(folder.iterdir(), key=lambda file: file.name == LOCK):
            file.unlink()
        folder.rmdir()
        sync_folder(self.root)
        self.release(folder)

    def release(self, folder: Path) -> None:
        """Let another process have it."""
        os.close(self._locks.pop(folder))

    def close(self) -> None:
        """Let other processes have all of them."""
        for folder in list(self._locks):
            self.release(folder)
        self.own = None
