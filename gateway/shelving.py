"""The shelf: a large body goes to a sealed file as it comes in, and that file into the store without being read."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TypeVar

from channels.contract import InFile, NoRoom, NotKept
from storage import disk
from storage.blobs import Blobs, FileBlobs
from storage.columns import new_id
from storage.sealed_pieces import PIECE, PiecesFile, pieces
from storage.sealing import Seal
from storage.spool_folders import Folders

FOLDER = "arriving"
UNFINISHED = ".part"
AT_ONCE = 4
STORE_SECONDS = 30.0
T = TypeVar("T")
log = logging.getLogger(__name__)


class Shelving:
    """A ``Shelf``. ``AT_ONCE`` pieces at a time are hashed, sealed and written; other bodies wait for their turn.

    What is not finished lies in a folder of this process; what a killed one left there goes with ``sweep``.
    """

    def __init__(self, *, blobs: Blobs, seal: Seal, data_dir: Path) -> None:
        near = blobs.root if isinstance(blobs, FileBlobs) else data_dir  # the same disk, so that it need not be copied
        self._blobs, self._seal, self._data_dir = blobs, seal, data_dir
        self._folders, self._making = Folders(near / FOLDER), threading.Lock()
        self._threads = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="shelf")

    async def begin(self, heard: Callable[[bytes], object]) -> OneBody:
        """A new file; raises ``NotKept``."""
        return OneBody(self, PiecesFile(await self.done(self._place), self._seal), heard)

    def sweep(self) -> int:
        """Remove what processes that ended did not finish; returns how many bodies that were. Blocks."""
        swept = 0
        for folder in list(self._folders.of_others()):
            with contextlib.suppress(OSError):
                if self._folders.take_over(folder):
                    swept += sum(1 for _ in folder.glob(f"*{UNFINISHED}"))
                    self._folders.remove(folder)
        if swept:
            log.warning("%d large messages had not come to their end when a process ended", swept)
        return swept

    def close(self) -> None:
        """What is unfinished is gone."""
        self._threads.shutdown()
        if self._folders.own is not None:
            with contextlib.suppress(OSError):
                self._folders.remove(self._folders.own)
        self._folders.close()

    async def done(self, do: Callable[[], T]) -> T:
        """Something done in one of the threads; a disk that refuses is ``NotKept``."""
        try:
            return await asyncio.get_running_loop().run_in_executor(self._threads, do)
        except OSError as error:
            raise NotKept(type(error).__name__) from error

    async def lay(self, file: PiecesFile, blocks: Sequence[bytes], heard: Callable[[bytes], object]) -> None:
        """The next blocks of a body; raises ``NotKept``."""

        def written() -> None:
            if not disk.has_room(self._data_dir, PIECE):
                raise NoRoom("the disk is nearly full")
            for block in blocks:
                heard(block)
                file.write(block)

        await self.done(written)

    async def stored(self, file: PiecesFile, sha256: str) -> bool:
        """Whether the store took the file; raises ``NotKept`` for what is no fault of the store's."""
        taking = asyncio.get_running_loop().run_in_executor(self._threads, self._blobs.take, file.path, sha256)
        done, _ = await asyncio.wait({taking}, timeout=STORE_SECONDS)
        error = taking.exception() if done else TimeoutError()
        if error is None:
            return True
        taking.add_done_callback(lambda late: late.cancelled() or late.exception())
        if not isinstance(error, OSError):
            raise NotKept(type(error).__name__) from error
        log.warning("the store of sealed files took nothing: %s", type(error).__name__)
        return False

    async def read_back(self, file: PiecesFile, sha256: str) -> bytes:
        """A finished body, out of its file."""

        def opened() -> bytes:
            with file.path.open("rb") as sealed:
                return b"".join(pieces(sealed, self._seal, sha256))

        return await self.done(opened)

    def give_up(self, file: PiecesFile) -> None:
        """Remove it as soon as a thread is free."""
        with contextlib.suppress(RuntimeError):  # the gateway has closed, and its folder is gone
            self._threads.submit(file.abandon)

    def _place(self) -> Path:
        if not disk.has_room(self._data_dir):
            raise NoRoom("the disk is nearly full")
        with self._making:
            own = self._folders.own
            if own is None or not own.is_dir():  # somebody may have cleared the disk of what looked left over
                own = self._folders.make_own()
            return own / f"{new_id()}{UNFINISHED}"


class OneBody:
    """A ``Laying``. While one piece is being written, the next one is collected; no more than that is in memory."""

    def __init__(self, shelving: Shelving, file: PiecesFile, heard: Callable[[bytes], object]) -> None:
        self._shelving, self._file, self._heard = shelving, file, heard
        self._blocks: list[bytes] = []
        self._collected = 0
        self._writing: asyncio.Task[None] | None = None

    async def write(self, block: bytes) -> None:
        """Goes to the disk with what follows; raises ``NotKept``."""
        self._blocks.append(block)
        self._collected += len(block)
        if self._collected >= PIECE:
            await self._written()
            self._begin_writing()

    async def finish(self) -> InFile | bytes:
        """Durable and in the store, or the bytes; raises ``NotKept``."""
        await self._written()
        self._begin_writing()
        await self._written()
        sha256, size = await self._shelving.done(self._file.finish)
        if await self._shelving.stored(self._file, sha256):
            return InFile(sha256=sha256, size=size)
        content = await self._shelving.read_back(self._file, sha256)
        self.abandon()
        return content

    def abandon(self) -> None:
        """Gone as soon as a thread is free."""
        self._shelving.give_up(self._file)

    def _begin_writing(self) -> None:
        blocks, self._blocks, self._collected = self._blocks, [], 0
        self._writing = asyncio.ensure_future(self._shelving.lay(self._file, blocks, self._heard))
        self._writing.add_done_callback(lambda over: over.cancelled() or over.exception())

    async def _written(self) -> None:
        """The last piece is with the disk; a peer that leaves meanwhile does not break off the writing."""
        if self._writing is not None:
            await asyncio.shield(self._writing)
