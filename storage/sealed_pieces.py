"""A large body as a sealed file of pieces: written and opened a piece at a time, so that no memory holds it whole."""

from __future__ import annotations

import hashlib
import os
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from storage.sealing import NONCE, Seal, SealBroken

MAGIC = b"\xf7FDpcs1\n"
PIECE = 256 * 1024
_ID, _LENGTH = 16, 8
_HEAD = len(MAGIC) + _ID
_MORE = NONCE + 16  # what sealing adds: nonce and tag
_FOOTER = _MORE + _ID + _LENGTH


class PiecesFile:
    """A new file, filled from a stream. All methods block and may come from any thread; OSError when they cannot.

    The id in its head binds each piece to this file, its number and whether it is the last; the footer binds the id and
    the size to the sha256 of what is in it, under the same label as a blob of one piece.
    """

    def __init__(self, path: Path, seal: Seal) -> None:
        self.path, self._seal = path, seal
        self._id, self._number, self._size = os.urandom(_ID), 0, 0
        self._digest, self._rest = hashlib.sha256(), bytearray()
        self._lock = threading.Lock()
        self._file: BinaryIO | None = None
        self._is_over = False

    def write(self, block: bytes | memoryview) -> None:
        """The next bytes of the body."""
        with self._lock:
            self._opened()
            self._digest.update(block)
            self._size += len(block)
            self._rest += block
            while len(self._rest) >= PIECE:
                with memoryview(self._rest) as rest:
                    self._put(self._sealed(bytes(rest[:PIECE]), is_last=False))
                del self._rest[:PIECE]

    def finish(self) -> tuple[str, int]:
        """The body is whole: the file is durable when this returns its sha256 (64 hex digits) and its size."""
        with self._lock:
            file, sha256 = self._opened(), self._digest.hexdigest()
            self._put(self._sealed(bytes(self._rest), is_last=True))
            self._rest.clear()
            footer = self._id + self._size.to_bytes(_LENGTH, "big")
            self._put(self._seal.close(footer, f"blob:{sha256}"))
            os.fsync(file.fileno())
            file.close()
            self._is_over = True
            return sha256, self._size

    def abandon(self) -> None:
        """Nobody wants it: the file is gone, and nothing more is written."""
        with self._lock:
            self._is_over = True
            if self._file is not None:
                self._file.close()
            self.path.unlink(missing_ok=True)

    def _opened(self) -> BinaryIO:
        if self._is_over:
            raise ValueError("this file was given up or is whole")
        if self._file is None:
            descriptor = os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
            self._file = os.fdopen(descriptor, "wb", buffering=0)
            self._put(MAGIC + self._id)
        return self._file

    def _put(self, sealed: bytes) -> None:
        """All of it: a disk that runs full takes a part and says so, without an error. After one the file is over."""
        left = memoryview(sealed)
        try:
            while left and self._file is not None:
                left = left[self._file.write(left) :]
        except OSError:
            self._is_over = True
            raise

    def _sealed(self, plain: bytes, *, is_last: bool) -> bytes:
        label = _label(self._id, self._number, is_last=is_last)
        self._number += 1
        return self._seal.close(plain, label)


def pieces(file: BinaryIO, seal: Seal, sha256: str) -> Iterator[bytes]:
    """The plain bytes of the body with this sha256, in order; raises ``SealBroken`` before giving a wrong one."""
    head = file.read(_HEAD)
    length = file.seek(0, os.SEEK_END)
    if length < _HEAD + _MORE + _FOOTER:
        raise SealBroken("blob")
    file.seek(length - _FOOTER)
    footer = seal.open(file.read(), f"blob:{sha256}")
    own, size = footer[:_ID], int.from_bytes(footer[_ID:], "big")
    last = size // PIECE
    if head != MAGIC + own or length != _HEAD + size + (last + 1) * _MORE + _FOOTER:
        raise SealBroken("blob")
    file.seek(_HEAD)
    for number in range(last + 1):
        sealed = file.read(_MORE + (size % PIECE if number == last else PIECE))
        yield seal.open(sealed, _label(own, number, is_last=number == last))


def _label(own: bytes, number: int, *, is_last: bool) -> str:
    return f"piece:{own.hex()}:{number}:{'last' if is_last else 'more'}"
