"""How much room the data folder has left, and from where on nothing more is taken in."""

from __future__ import annotations

import os
from pathlib import Path

LEAST_FREE_BYTES = 200 * 1024 * 1024
LEAST_FREE_PART = 0.05


def free_bytes(folder: Path) -> int:
    """What this process may still write there; 0 if the folder cannot be asked."""
    try:
        disk = os.statvfs(folder)
    except OSError:
        return 0
    return disk.f_bavail * disk.f_frsize


def has_room(folder: Path, more: int = 0) -> bool:
    """Whether ``more`` bytes leave 200 MiB of the disk free, or a twentieth of a small one.

    A folder that cannot be asked has room: writing there will tell.
    """
    try:
        disk = os.statvfs(folder)
    except OSError:
        return True
    least = min(LEAST_FREE_BYTES, int(disk.f_blocks * disk.f_frsize * LEAST_FREE_PART))
    return disk.f_bavail * disk.f_frsize - more > least
