"""Opens the compound files of older Office programs and gives their streams, whole or not at all."""

import io
from types import TracebackType

import olefile

from transcription.contract import CannotRead, Unreadable
from transcription.file_types.compound import DAMAGE

LARGEST_STREAM = 100 * 1024 * 1024


class CompoundFile:
    """An opened compound file; raises CannotRead(broken) for bytes that are none."""

    def __init__(self, data: bytes) -> None:
        try:
            self._opened = olefile.OleFileIO(io.BytesIO(data))
        except DAMAGE as problem:
            raise CannotRead(Unreadable.BROKEN, type(problem).__name__) from None

    def __enter__(self) -> "CompoundFile":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._opened.close()

    @property
    def paths(self) -> list[tuple[str, ...]]:
        """Where each stream lies, from the outermost storage inwards."""
        try:
            return [tuple(path) for path in self._opened.listdir(streams=True, storages=False)]
        except DAMAGE as problem:
            raise CannotRead(Unreadable.BROKEN, type(problem).__name__) from None

    def has(self, *path: str) -> bool:
        return bool(self._opened.exists(list(path)))

    def stream(self, *path: str) -> bytes:
        """A stream's bytes; raises CannotRead: broken when it is missing or damaged, or too_large."""
        try:
            if self._opened.get_size(list(path)) > LARGEST_STREAM:
                raise CannotRead(Unreadable.TOO_LARGE, f"more than {LARGEST_STREAM // 1024**2} MB inside")
            return bytes(self._opened.openstream(list(path)).read())
        except DAMAGE as problem:
            raise CannotRead(Unreadable.BROKEN, type(problem).__name__) from None
