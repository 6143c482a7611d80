"""Watches the folder a scanner writes into and hands every finished file in, once."""

from __future__ import annotations

import asyncio
import hashlib
import logging
import os
import time
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from channels.contract import Accept, NotKept, RawMessage
from channels.letter.finished import FileState, Finished, files_in
from channels.media_type import media_type_of

logger = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True)
class Scan:
    """One file as read: its bytes and the state it had before and after the reading."""

    path: Path
    state: FileState
    content: bytes


class ScanFolder:
    """A door made of a folder.

    A file is handed in when it has lain unchanged for ``settle_seconds``, and leaves the folder only after
    ``accept`` returned. What cannot be kept or opened stays where it is and is tried again at the next look.
    A file that was kept but not yet removed when the gateway stopped is found again with the same source key. A PDF
    without its end is handed in too, but lies there until its scanner must be done: if it grows, the whole follows.
    """

    def __init__(self, folder: Path, accept: Accept, *, settle_seconds: float, poll_seconds: float) -> None:
        self._folder, self._accept, self._poll_seconds = folder, accept, poll_seconds
        self._finished = Finished(settle_seconds=settle_seconds)
        self._kept: dict[Path, FileState] = {}
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
        self._kept = {path: state for path, state in self._kept.items() if path in found}
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
        if self._kept.get(path) != state:
            scan = await asyncio.to_thread(_read, path, state)
            if scan is None:
                return
            await self._accept(await asyncio.to_thread(_as_message, scan, self._folder))
            self._kept[path] = scan.state
        if not await asyncio.to_thread(self._finished.may_leave, path, now=time.monotonic()):
            return
        if await asyncio.to_thread(_remove, path, state):
            self._kept.pop(path, None)


def _read(path: Path, expected: FileState) -> Scan | None:
    """The file's bytes, or None when it cannot be opened now or changed while it was read."""
    try:
        with path.open("rb") as scan:
            content = scan.read()
            state = FileState.of(os.fstat(scan.fileno()))
    except OSError as why:
        logger.warning("a scan could not be opened: %s", type(why).__name__)
        return None
    return Scan(path=path, state=state, content=content) if state == expected else None


def _as_message(scan: Scan, folder: Path) -> RawMessage:
    """The key is the content, the name and the time of writing: a file found twice is one letter, while the same
    page scanned again another day is a letter of its own."""
    name = scan.path.relative_to(folder).as_posix()
    key = hashlib.sha256(scan.content)
    key.update(f"\0{name}\0{scan.state.written_ns}".encode(errors="surrogateescape"))
    written_at = datetime.fromtimestamp(scan.state.written_ns / 1e9, UTC)
    return RawMessage(
        channel="letter",
        source_key=key.hexdigest(),
        body=scan.content,
        media_type=media_type_of(scan.content, name=scan.path.name),
        envelope={"name": _printable(scan.path.name), "folder": _printable(name), "modified": written_at.isoformat()},
        received_at=min(written_at, datetime.now(UTC)),
    )


def _printable(name: str) -> str:
    return name.encode(errors="surrogateescape").decode(errors="replace")


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
