"""Takes one file in: a short one in memory, a long one onto the shelf as it comes."""

from __future__ import annotations

import asyncio
import hashlib
from dataclasses import dataclass

from channels.contract import InFile, Laying, Shelf

HELD_BYTES = 1024 * 1024
"""So much of a file is held in memory, and looked at to tell what kind of file it is."""


class TooLarge(Exception):
    """More came than may be kept; nothing of it is."""


@dataclass(frozen=True, kw_only=True)
class TakenIn:
    """One whole file. ``head`` is its first ``HELD_BYTES`` at least; ``body`` all of it unless it is ``in_file``."""

    head: bytes
    body: bytes
    in_file: InFile | None
    sha256: str
    size: int


class TakingIn:
    """Fed with blocks. Without a shelf all is held in memory, up to ``most_bytes``.

    Whoever does not come to ``whole`` calls ``abandon``.
    """

    def __init__(self, shelf: Shelf | None, *, most_bytes: int) -> None:
        self._shelf, self._most_bytes = shelf, most_bytes
        self._blocks: list[bytes] = []
        self._head = b""
        self._laying: Laying | None = None
        self._digest = hashlib.sha256()
        self.size = 0

    async def feed(self, block: bytes) -> None:
        """The next bytes; raises ``TooLarge`` and ``NotKept``."""
        self.size += len(block)
        if self.size > self._most_bytes:
            raise TooLarge
        if self._laying is not None:
            await self._laying.write(block)
            return
        self._blocks.append(block)
        if self._shelf is not None and self.size > HELD_BYTES:
            self._laying = await self._shelf.begin(self._digest.update)
            held = b"".join(self._blocks)
            self._head = held[:HELD_BYTES]
            self._blocks.clear()
            await self._laying.write(held)

    async def whole(self) -> TakenIn:
        """That was all of it; raises ``NotKept``."""
        if self._laying is None:
            held = self._from_memory
            return held() if self.size <= HELD_BYTES else await asyncio.to_thread(held)
        lies = await self._laying.finish()
        if isinstance(lies, InFile):
            return self._taken(self._head, b"", lies)
        return self._taken(self._head, lies, None)

    def key(self, *more: bytes) -> str:
        """A hash (64 hex digits) over the bytes of the whole file and some more, to be asked for after ``whole``."""
        digest = self._digest.copy()
        for each in more:
            digest.update(each)
        return digest.hexdigest()

    def abandon(self) -> None:
        """It will not be kept: nothing of it stays."""
        self._blocks.clear()
        if self._laying is not None:
            self._laying.abandon()

    def _from_memory(self) -> TakenIn:
        body = b"".join(self._blocks)
        self._digest.update(body)
        return self._taken(body[:HELD_BYTES], body, None)

    def _taken(self, head: bytes, body: bytes, in_file: InFile | None) -> TakenIn:
        return TakenIn(head=head, body=body, in_file=in_file, sha256=self.key(), size=self.size)
