"""A disk of the run's own: it can be full, and its power can be cut so that what was not synced is lost."""

from __future__ import annotations

import os
import shutil
import subprocess
import threading
import time
from contextlib import suppress
from pathlib import Path

SIZE = "1200M"
NO_ROOM_LEFT_BYTES = 64 * 1024
TRIES = 20


class DiskFailed(Exception):
    """A command of the disk did not do what it should; carries what it printed."""


def can_be_made() -> bool:
    """Whether this machine lets us make and mount a disk image: that takes root and the programs."""
    return os.getuid() == 0 and all(shutil.which(name) for name in ("mkfs.ext4", "mount", "umount", "losetup"))


class Disk:
    """An ext4 image mounted at ``mount``, or a plain folder where no image can be made."""

    def __init__(self, folder: Path) -> None:
        self.mount = folder / "disk"
        self.mount.mkdir()
        self._image, self._generation = folder / "disk-0.img", 0
        self._one_at_a_time, self._is_closed = threading.Lock(), False
        self.is_image = can_be_made()

    def open(self) -> None:
        """Make the image and mount it."""
        if not self.is_image:
            return
        self._image.touch()
        _run("truncate", "-s", SIZE, str(self._image))
        _run("mkfs.ext4", "-q", "-F", "-E", "lazy_itable_init=0,lazy_journal_init=0", str(self._image))
        self._mounted()

    def close(self) -> None:
        """Unmount it for good, however busy it is; a power cut under way is waited for."""
        with self._one_at_a_time:
            self._is_closed = True
            if self.is_image:
                self._unmounted()

    def fill(self) -> None:
        """Leave no room at all."""
        free = os.statvfs(self.mount)
        size = free.f_bavail * free.f_frsize - NO_ROOM_LEFT_BYTES
        with suppress(OSError), self._ballast.open("wb") as ballast:
            os.posix_fallocate(ballast.fileno(), 0, max(0, size))

    def empty(self) -> None:
        """Take the ballast away again."""
        self._ballast.unlink(missing_ok=True)

    def cut_power(self) -> None:
        """Go on from what is on the platter now: what was written but not synced is gone. Nothing may have it open.

        The copy is taken until it equals the image after copying: then it is one moment of it. Ballast whose removal
        was lost is removed again.
        """
        with self._one_at_a_time:
            if not self._is_closed:
                self._go_on_from_the_platter()

    @property
    def _ballast(self) -> Path:
        return self.mount / "ballast"

    def _go_on_from_the_platter(self) -> None:
        self._generation += 1
        after = self._image.with_name(f"disk-{self._generation}.img")
        for _ in range(TRIES):
            _run("cp", "--sparse=always", str(self._image), str(after))
            if subprocess.run(["cmp", "-s", str(self._image), str(after)], check=False).returncode == 0:
                break
        else:
            raise DiskFailed("the disk did not come to rest")
        self._unmounted()
        self._image.unlink()
        self._image = after
        self._mounted()
        self.empty()

    def _mounted(self) -> None:
        _run("mount", "-o", "loop,commit=60", str(self._image), str(self.mount))
        self.mount.chmod(0o755)

    def _unmounted(self) -> None:
        for _ in range(TRIES):
            if not os.path.ismount(self.mount):
                return
            with suppress(DiskFailed):
                _run("umount", str(self.mount))
                return
            time.sleep(0.25)
        _run("umount", "-l", str(self.mount))


def _run(*command: str) -> None:
    ended = subprocess.run(command, check=False, stdin=subprocess.DEVNULL, capture_output=True, text=True)
    if ended.returncode:
        raise DiskFailed(f"{command[0]} ended with {ended.returncode}: {ended.stderr.strip()[-300:]}")
