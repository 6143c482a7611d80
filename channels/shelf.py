"""What a door lays a large body on while it comes in, so that it is never whole in memory."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, kw_only=True)
class InFile:
    """A body that lies in a sealed file: the sha256 of the bytes as they came (64 hex digits), and how many."""

    sha256: str
    size: int


class Laying(Protocol):
    """One body on its way onto the shelf. After any exception, and when the peer leaves, it is ``abandon``ed."""

    async def write(self, block: bytes) -> None:
        """The next bytes. Waits while the disk has more to write than it can: do not read on meanwhile.

        Raises ``NotKept``.
        """

    async def finish(self) -> InFile | bytes:
        """That was all of it: where it lies, durably; the bytes themselves if the store of files takes nothing now.

        Raises ``NotKept``.
        """

    def abandon(self) -> None:
        """It will not be kept: nothing of it stays. May be called at any time, also twice."""


class Shelf(Protocol):
    """Where large bodies are laid, sealed."""

    async def begin(self, heard: Callable[[bytes], object]) -> Laying:
        """A place for one; ``heard`` is called with every block in order, in another thread. Raises ``NotKept``."""
