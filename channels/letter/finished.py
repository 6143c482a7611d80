"""Tells a finished scan from one that is still being written."""

from __future__ import annotations

import os
import stat
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

_UNFINISHED_NAMES = (".part", ".partial", ".tmp", ".temp", ".crdownload", ".filepart", ".swp", "~")
_LEFT_BY_SYSTEMS = frozenset({"thumbs.db", "ehthumbs.db", "desktop.ini", "picasa.ini"})
_FOLDERS_OF_SYSTEMS = frozenset({"$recycle.bin", "#recycle", "@eadir", "system volume information"})
_PDF_PATIENCE = 3.0  # times the settle time before a PDF without its end is shown to a person as it is
_LEAVING_PATIENCE = 30.0  # and before it leaves the folder: a scanner may pause this long between two pages


@dataclass(frozen=True, kw_only=True)
class FileState:
    """What changes when a file is written to: ``size`` in bytes, ``written_ns`` since the epoch."""

    size: int
    written_ns: int

    @classmethod
    def of(cls, seen: os.stat_result) -> FileState:
        """The state a stat result shows."""
        return cls(size=seen.st_size, written_ns=seen.st_mtime_ns)


class Finished:
    """Remembers since when each file has lain unchanged."""

    def __init__(self, *, settle_seconds: float) -> None:
        self._settle_seconds = settle_seconds
        self._unchanged_since: dict[Path, tuple[FileState, float]] = {}

    def among(self, found: Mapping[Path, FileState], *, now: float) -> list[Path]:
        """Those of ``found`` that are whole, oldest first. ``now`` in seconds on a clock that never goes back.

        A PDF without its end mark is given longer, then taken as it is: half a letter is better seen than not, and
        it may not leave the folder until the scanner can be done with it (``may_leave``).
        """
        before = self._unchanged_since
        self._unchanged_since = {
            path: before[path] if path in before and before[path][0] == state else (state, now)
            for path, state in found.items()
        }
        whole = [path for path in found if self._is_whole(path, now - self._unchanged_since[path][1])]
        return sorted(whole, key=lambda path: (found[path].written_ns, path))

    def may_leave(self, path: Path, *, now: float) -> bool:
        """Whether nobody can still be writing to a file that was taken."""
        quiet_for = now - self._unchanged_since[path][1]
        return quiet_for >= self._settle_seconds * _LEAVING_PATIENCE or not _is_pdf_without_end(path)

    def _is_whole(self, path: Path, quiet_for: float) -> bool:
        if quiet_for < self._settle_seconds:
            return False
        return quiet_for >= self._settle_seconds * _PDF_PATIENCE or not _is_pdf_without_end(path)


def files_in(folder: Path) -> dict[Path, FileState]:
    """Every regular file under ``folder`` that a scanner may have finished, with its state.

    Left out: hidden names, names of files still being written, what systems leave lying (their thumbnails, their bin),
    links, and folders that cannot be read.
    """
    found: dict[Path, FileState] = {}
    for place, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if not name.startswith(".") and name.lower() not in _FOLDERS_OF_SYSTEMS]
        for name in names:
            state = None if _is_set_aside(name) else _state_of_file(Path(place, name))
            if state is not None:
                found[Path(place, name)] = state
    return found


def _state_of_file(path: Path) -> FileState | None:
    try:
        seen = path.lstat()
    except OSError:
        return None
    return FileState.of(seen) if stat.S_ISREG(seen.st_mode) else None


def _is_set_aside(name: str) -> bool:
    lower = name.lower()
    return lower.startswith((".", "~")) or lower.endswith(_UNFINISHED_NAMES) or lower in _LEFT_BY_SYSTEMS


def _is_pdf_without_end(path: Path) -> bool:
    try:
        with path.open("rb") as scan:
            if not scan.read(5).startswith(b"%PDF-"):
                return False
            scan.seek(max(0, path.stat().st_size - 2048))
            return b"%%EOF" not in scan.read()
    except OSError:
        return False
