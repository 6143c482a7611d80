"""Watches the folder a scanner writes into and hands every finished file in, once."""

from __future__ import annotations

import asyncio
import logging
import os
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from channels.contract import Accept, NotKept, RawMessage, Shelf
from channels.letter.finished import FileState, Finished, files_in
from channels.letter.scan_file import read_scan

logger = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True)
class LargeScans:
    """Where large files are laid as they are read, and what is told of one of more than ``most_bytes``.

    ``told`` gets the file's name, its size in bytes and when it was written (ns), and gives the message for the queue.
    """

    shelf: Shelf | None = None
    most_bytes: int = 500_000_000
    told: Callable[[str, int, int], RawMessage] | None = None


class ScanFolder:
    """A door made of a folder.

    A file is handed in when it has lain unchanged for ``settle_seconds``, and leaves the folder only after
    ``accept`` returned. What cannot be kept or opened stays where it is and is tried again at the next look.
    A file that was kept but not yet removed when the gateway stopped is found again with the same source key. A PDF
    without its end is handed in too, but lies there until its scanner must be done: if it grows, the whole follows.
    A file too large to be taken stays too, and is told of once.
    """

    def __init__(
        self, folder: Path, accept: Accept, *, settle_seconds: float, poll_seconds: float, large: LargeScans
    ) -> None:
        self._folder, self._accept, self._poll_seconds, self._large = folder, accept, poll_seconds, large
        self._finished = Finished(settle_seconds=settle_seconds)
        self._kept: dict[Path, FileState] = {}
        self._told: dict[Path, FileState] = {}
        self._closing = asyncio.Event()
        self._watch: asyncio.Task[None] | None = None

    async def open(self) -> None:
        """Begin to watch, with what already lies there; OSError when the folder is missing or cannot be read."""
        await asyncio.to_thread(os.listdir, self._folder)
        self._closing.clear()
        self._watch = asyncio.create_task(self._look_until_closed())

    async def close(self) -> None:
        """Stop after the file in hand."""
        self._closing.set()
        if self._watch is not None:
            await self._watch
            self._watch = None

    async def _look_until_closed(self) -> None:
        while not self._closing.is_set():
            try:
                await self._look()
            except NotKept:
                logger.warning("scans cannot be kept now; they stay in the scan folder")
            except Exception as why:  # the watch must outlive whatever one file or one look does to it
                logger.error("the scan folder could not be worked: %s", type(why).__name__)
            with suppress(TimeoutError):
                await asyncio.wait_for(self._closing.wait(), self._poll_seconds)

    async def _look(self) -> None:
        """Hand in every finished file, oldest first; stops at the first that cannot be kept."""
        found = await asyncio.to_thread(files_in, self._folder)
        for known in (self._kept, self._told):
            for path in known.keys() - found.keys():
                del known[path]
        for path in await asyncio.to_thread(self._finished.among, found, now=time.monotonic()):
            if self._closing.is_set():
                return
            try:
                await self._hand_in(path, found[path])
            except NotKept:
                raise
            except Exception as why:  # one bad file must not keep the letters behind it waiting
                logger.error("a scan could not be handed in: %s", type(why).__name__)

    async def _hand_in(self, path: Path, state: FileState) -> None:
        if state.size > self._large.most_bytes:
            await self._tell(path, state)
            return
        if self._kept.get(path) != state:
            raw = await read_scan(path, state, self._folder, shelf=self._large.shelf)
            if raw is None:
                return
            await self._accept(raw)
            self._kept[path] = state
        if not await asyncio.to_thread(self._finished.may_leave, path, now=time.monotonic()):
            return
        if await asyncio.to_thread(_remove, path, state):
            self._kept.pop(path, None)

    async def _tell(self, path: Path, state: FileState) -> None:
        """Of a file that is too large, once; it lies where it is for whoever put it there."""
        if self._told.get(path) == state:
            return
        logger.warning("a file in the scan folder is too large and stays there")
        if self._large.told is not None:
            await self._accept(self._large.told(path.name, state.size, state.written_ns))
        self._told[path] = state


def _remove(path: Path, kept: FileState) -> bool:
    """Take the kept file out of the folder, durably; a file that changed meanwhile is another one and stays."""
    try:
        if FileState.of(path.stat()) != kept:
            return True
        path.unlink()
        handle = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
    except FileNotFoundError:
        return True
    except OSError as why:
        logger.warning("a scan is kept but could not be taken out of the folder: %s", type(why).__name__)
        return False
    return True
