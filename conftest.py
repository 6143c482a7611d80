"""Gives tests the parts of the machine they ask for, folders in memory among them, and skips by name without one."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

pytest_plugins = ["tests.postgres", "tests.missing_parts"]
MEMORY = Path("/dev/shm")  # noqa: S108  # pytest makes a folder of its own there, readable by nobody else
MEMORY_NEEDED = 4 * 2**30


def _in_memory() -> bool:
    """Whether a whole run's folders fit there, beside a database cluster, and programs a test writes can be run."""
    if not MEMORY.is_dir() or not os.access(MEMORY, os.W_OK | os.X_OK):
        return False
    may_run = not os.statvfs(MEMORY).f_flag & os.ST_NOEXEC
    return may_run and shutil.disk_usage(MEMORY).free >= MEMORY_NEEDED


if _in_memory():
    os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(MEMORY))
