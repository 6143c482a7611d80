"""A reading desk in a process of its own that dies once some letters' files are kept: ``python -m … folder url``."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from gateway.core import build_core
from gateway.settings import Settings
from storage.blobs import Blobs, open_blobs
from storage.database import Database
from storage.sealing import Seal
from tests.builders import read_all
from tests.fakes import MovableClock

LETTER_FILES = 2


@dataclass
class DyingBlobs:
    """The store of files, and whoever uses it dies once the whole scan and some letters' files are in it."""

    kept: Blobs
    puts: int = 0

    def put(self, content: bytes) -> str:
        sha256 = self.kept.put(content)
        self.puts += 1
        if self.puts > LETTER_FILES:
            os.kill(os.getpid(), signal.SIGKILL)
        return sha256

    def take(self, file: Path, sha256: str) -> None:
        self.kept.take(file, sha256)

    def get(self, sha256: str) -> bytes:
        return self.kept.get(sha256)

    def pieces(self, sha256: str) -> Iterator[bytes]:
        return self.kept.pieces(sha256)

    def names(self) -> Iterator[str]:
        return self.kept.names()


def main(folder: str, database_url: str) -> None:
    seal, database = Seal(b"k" * 32), Database(database_url)
    kept = open_blobs(f"file://{folder}/sealed", seal)
    core = build_core(
        Settings(data_dir=Path(folder), database_url=database_url), clock=MovableClock(), seal=seal, database=database,
        blobs=DyingBlobs(kept),
    )  # fmt: skip
    asyncio.run(read_all(core))


if __name__ == "__main__":
    main(*sys.argv[1:])
