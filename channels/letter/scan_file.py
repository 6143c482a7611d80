"""Reads one finished file of the scan folder as the message it is, in pieces where it is large."""

from __future__ import annotations

import asyncio
import logging
import os
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import IO

from channels.contract import RawMessage, Shelf
from channels.letter.finished import FileState
from channels.letter.in_pieces import TakenIn, TakingIn
from channels.letter.said_by_folder import said_by
from channels.media_type import media_type_of

PIECE = 1024 * 1024
logger = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True)
class Found:
    """Where a file lies in the scan folder ``folder``, and the state it had when it was found whole."""

    path: Path
    state: FileState
    folder: Path


async def read_scan(path: Path, expected: FileState, folder: Path, *, shelf: Shelf | None) -> RawMessage | None:
    """The file as a message; None when it cannot be opened now or changed while it was read. Raises ``NotKept``."""
    taking = TakingIn(shelf, most_bytes=expected.size)
    try:
        taken = await _taken(path, expected, taking)
    except OSError as why:
        taking.abandon()
        logger.warning("a scan could not be opened: %s", type(why).__name__)
        return None
    except BaseException:
        taking.abandon()
        raise
    if taken is None:
        taking.abandon()
        return None
    found = Found(path=path, state=expected, folder=folder)
    return await asyncio.to_thread(_as_message, found, taken, taking)


async def _taken(path: Path, expected: FileState, taking: TakingIn) -> TakenIn | None:
    with await asyncio.to_thread(path.open, "rb") as scan:
        while block := await asyncio.to_thread(_next_piece, scan, expected):
            await taking.feed(block)
        is_the_same = await asyncio.to_thread(_state_of, scan) == expected
    return await taking.whole() if is_the_same else None


def _next_piece(scan: IO[bytes], expected: FileState) -> bytes:
    """No more than the file had when it was found: what was added since makes it another one."""
    return scan.read(max(0, min(PIECE, expected.size - scan.tell())))


def _state_of(scan: IO[bytes]) -> FileState:
    return FileState.of(os.fstat(scan.fileno()))


def _as_message(found: Found, taken: TakenIn, taking: TakingIn) -> RawMessage:
    """The key is the content, the name and the time of writing: a file found twice is one letter, while the same
    page scanned again another day is a letter of its own."""
    name = found.path.relative_to(found.folder).as_posix()
    key = taking.key(f"\0{name}\0{found.state.written_ns}".encode(errors="surrogateescape"))
    written_at, now = datetime.fromtimestamp(found.state.written_ns / 1e9, UTC), datetime.now(UTC)
    envelope = {"name": readable(found.path.name), "folder": readable(name), "modified": written_at.isoformat()}
    folders = [readable(each) for each in found.path.relative_to(found.folder).parts[:-1]]
    return RawMessage(
        channel="letter",
        source_key=key,
        body=taken.body,
        media_type=media_type_of(taken.head if taken.in_file else taken.body, name=found.path.name),
        envelope={**envelope, **said_by(folders, now=now)},
        received_at=min(written_at, now),
        in_file=taken.in_file,
    )


def readable(name: str) -> str:
    """A file's name as people read it: what is no UTF-8 was written by a system that used Windows' own letters."""
    written = name.encode(errors="surrogateescape")
    try:
        return written.decode()
    except UnicodeDecodeError:
        return written.decode("cp1252", "replace")
