"""The sound of running streams on the disk: sealed, and durable for all of them together with one fsync."""

from __future__ import annotations

import contextlib
import struct
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from storage import spool_segments as segments
from storage.sealing import Seal, SealBroken, sync_file, sync_folder
from storage.spool_folders import Folders
from storage.spool_records import Found, framed, records_in

LOG_BYTES = 8 * 1024 * 1024
SET_ASIDE = "set-aside"
SOUND, LOG = ".sound", ".log"
_AT = struct.Struct(">Q")


@dataclass(frozen=True, kw_only=True)
class Piece:
    """Some sound of the stream ``name``, ``at`` bytes from its beginning. Number 0 is no sound, but what it is of."""

    name: str
    number: int
    at: int
    sound: bytes


class StreamSound:
    """One file a stream, and one log for all, which alone is fsync'd each time. All methods block.

    What ``append`` was given is durable when it returns: it lies in the log, and in each stream's own file once
    ``settle`` has fsync'd that too; then the log goes. ``adopt`` takes over what ended processes left.
    """

    def __init__(self, root: Path, seal: Seal, *, log_bytes: int = LOG_BYTES) -> None:
        self.root, self._seal, self._log_bytes = root, seal, log_bytes
        self._folders = Folders(root)
        self._lock = threading.RLock()
        self._log: Path | None = None
        self._size = self._number = 0
        self._dirty: set[str] = set()
        self._settling: list[str] = []
        self._old_logs: list[Path] = []
        self._adopted: list[str] = []

    def append(self, pieces: Sequence[Piece]) -> None:
        """Durable with one fsync; raises OSError, and may be given the same pieces again then."""
        with self._lock:
            folder = self._own()
            written: dict[str, list[bytes]] = {}
            for piece in pieces:
                written.setdefault(piece.name, []).append(self._sealed(piece))
            self._to_log(folder, [record for records in written.values() for record in records])
            for name, records in written.items():
                _add(_file_of(folder, name), b"".join(records))
                self._dirty.add(name)
            if self._log is not None and self._size >= self._log_bytes:
                self._retire(self._log)

    def settle(self) -> None:
        """Make durable by itself each file that has a part in an old log, then let those logs go; raises OSError.

        Then those logs stay for whoever takes over: what a disk has lost once it says next time to have kept. May take
        long, and holds up nobody.
        """
        with self._lock:
            if not self._old_logs:
                return
            folder, logs, names = self._own(), list(self._old_logs), list(self._settling)
        try:
            for name in names:
                sync_file(_file_of(folder, name))
            sync_folder(folder)
        except OSError:
            self._settled(logs, names)
            raise
        for log in logs:
            log.unlink(missing_ok=True)
        self._settled(logs, names)

    def _settled(self, logs: Sequence[Path], names: Sequence[str]) -> None:
        with self._lock:
            self._old_logs = [log for log in self._old_logs if log not in logs]
            self._settling = self._settling[len(names) :]

    def names(self) -> list[str]:
        """Every stream this process holds."""
        with self._lock:
            return sorted(path.stem for path in self._folders.own.glob(f"*{SOUND}")) if self._folders.own else []

    def forget(self, name: str) -> None:
        """It is kept elsewhere."""
        with self._lock:
            _file_of(self._own(), name).unlink(missing_ok=True)
            self._dirty.discard(name)

    def set_aside(self, name: str) -> None:
        """It cannot be read back: a person may try."""
        with self._lock:
            aside = self.root / SET_ASIDE
            aside.mkdir(mode=0o700, exist_ok=True)
            with contextlib.suppress(FileNotFoundError):
                _file_of(self._own(), name).rename(aside / f"{name}{SOUND}")
                sync_folder(aside)

    def adopt(self) -> list[str]:
        """Take over the streams of processes that have ended; returns their names.

        Raises OSError; then the next call goes on with the rest, and names what was taken over before that, too.
        """
        with self._lock:
            for folder in list(self._folders.of_others()):
                if self._folders.take_over(folder):
                    self._empty(folder)
            adopted, self._adopted = list(dict.fromkeys(self._adopted)), []
            return adopted

    def close(self) -> None:
        """Let another process have what is left."""
        with self._lock:
            self._folders.close()
            self._log = None

    def _own(self) -> Path:
        return self._folders.own or self._folders.make_own()

    def _to_log(self, folder: Path, records: Sequence[bytes]) -> None:
        if self._log is None:
            self._number += 1
            self._log, self._size = folder / f"{self._number:08d}{LOG}", 0
        try:
            segments.write(self._log, self._size, records)
        except OSError:
            self._retire(self._log)
            raise
        self._size += sum(map(len, records))

    def _retire(self, log: Path) -> None:
        """No more goes into this log; it stays until every file is durable that it has a part of."""
        self._old_logs.append(log)
        self._log = None
        self._settling.extend(sorted(self._dirty))
        self._dirty.clear()

    def _empty(self, folder: Path) -> None:
        """All of a folder is ours now, or it is left as it is for another time."""
        try:
            self._move(folder, self._own())
            self._folders.remove(folder)
        except OSError:
            self._folders.release(folder)
            raise

    def _move(self, folder: Path, own: Path) -> None:
        """A folder's streams with what only its logs still hold; one forgotten long ago stands in a log alone."""
        logged: dict[str, dict[int, bytes]] = {}
        for log in sorted(folder.glob(f"*{LOG}")):
            for name, number, record in _records(log):
                logged.setdefault(name, {})[number] = record
        known = {path.stem for path in folder.glob(f"*{SOUND}")}
        names = sorted(known | {name for name, found in logged.items() if 0 in found})
        for name in names:
            file = _file_of(folder, name)
            there = {number: record for _, number, record in _records(file)} if name in known else {}
            if logged.get(name, {}).keys() - there.keys():
                file = folder / name
                file.unlink(missing_ok=True)
                _add(file, b"".join(record for _, record in sorted({**logged[name], **there}.items())))
            sync_file(file)
            file.rename(_file_of(own, name))
            self._adopted.append(name)
        sync_folder(own)

    def _sealed(self, piece: Piece) -> bytes:
        body = self._seal.close(_AT.pack(piece.at) + piece.sound, _label(piece.name, piece.number))
        return framed(piece.number, piece.name.encode(), body)


def sounds_in(root: Path) -> list[Path]:
    """Every stream's file on this host, whoever holds it, and those set aside."""
    return sorted(path for path in root.glob(f"*/*{SOUND}") if not path.parent.name.startswith("."))


def pieces_of(root: Path, seal: Seal, name: str) -> list[Piece]:
    """All there is of a stream so far, whichever process of this host holds it, its head first.

    Raises FileNotFoundError, and ``SealBroken`` where not even its head can be opened. What is damaged is left out.
    """
    for folder in root.glob("[0-9a-f]*"):
        with contextlib.suppress(FileNotFoundError):
            content = _file_of(folder, name).read_bytes()
            break
    else:
        raise FileNotFoundError(name)
    found = [one for one in records_in(content) if isinstance(one, Found) and one.head == name.encode()]
    pieces = {piece.number: piece for piece in (_opened(seal, name, one) for one in found) if piece}
    if 0 not in pieces:
        raise SealBroken("stream")
    return [pieces[number] for number in sorted(pieces)]


def _opened(seal: Seal, name: str, found: Found) -> Piece | None:
    try:
        body = seal.open(found.body, _label(name, found.sequence))
    except SealBroken:
        return None
    return Piece(name=name, number=found.sequence, at=_AT.unpack_from(body)[0], sound=body[_AT.size :])


def _records(path: Path) -> Iterator[tuple[str, int, bytes]]:
    content = path.read_bytes()
    for found in records_in(content):
        if isinstance(found, Found):
            yield found.head.decode("ascii", "replace"), found.sequence, content[found.begin : found.end]


def _file_of(folder: Path, name: str) -> Path:
    return folder / f"{name}{SOUND}"


def _add(path: Path, content: bytes) -> None:
    """All of it or, with OSError, nothing: half a record would hide the next."""
    with path.open("ab", buffering=0) as file:
        begin, left = file.tell(), memoryview(content)
        try:
            while left:
                left = left[file.write(left) :]
        except OSError:
            file.truncate(begin)
            raise


def _label(name: str, number: int) -> str:
    return f"stream:{name}:{number}"
