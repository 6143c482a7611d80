"""Where a record of the spool lies in a file, and how it gets there: sealed, bound to its place, and durable."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from storage.sealing import Seal, SealBroken, sync_file, sync_folder
from storage.spool_records import Damaged, Found, framed, records_in

RECORDS = ".records"


@dataclass(frozen=True, kw_only=True)
class Record:
    """One thing held. ``head`` is small and tells what ``body`` is."""

    head: bytes
    body: bytes


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where a record lies."""

    segment: Path
    offset: int
    length: int
    sequence: int


def segment_of(folder: Path, sequence: int) -> Path:
    """The file that begins with this record."""
    return folder / f"{sequence:016d}{RECORDS}"


def segments_in(folder: Path) -> list[Path]:
    """A folder's files, the oldest first."""
    return sorted(folder.glob(f"*{RECORDS}"))


def records_under(root: Path) -> Iterator[tuple[Path, Found | Damaged]]:
    """Everything in the folders of a spool, whoever holds them; a file that goes meanwhile is passed over."""
    for segment in sorted(root.glob(f"[0-9a-f]*/*{RECORDS}")):
        content, _ = bytes_after(segment, 0)
        for found in records_in(content):
            yield segment.parent, found


def sealed(seal: Seal, folder: Path, sequence: int, record: Record) -> bytes:
    """A record as it is written."""
    head = seal.close(record.head, _label(folder.name, sequence, "head"))
    return framed(sequence, head, seal.close(record.body, _label(folder.name, sequence, "body")))


def opened(seal: Seal, folder: Path, found: Found) -> Record:
    """A record's two parts; raises ``SealBroken``."""
    head = seal.open(found.head, _label(folder.name, found.sequence, "head"))
    return Record(head=head, body=seal.open(found.body, _label(folder.name, found.sequence, "body")))


def can_be_opened(seal: Seal, folder: Path, found: Found) -> bool:
    """Whether it is ours and unchanged."""
    with contextlib.suppress(SealBroken):
        opened(seal, folder, found)
        return True
    return False


def must_fit(seal: Seal, folder: Path) -> None:
    """Raises ``SealBroken`` for a folder with whole records of which not one can be opened."""
    whole = (
        found
        for segment in segments_in(folder)
        for found in records_in(segment.read_bytes())
        if isinstance(found, Found)
    )
    first = next(whole, None)
    if first and not can_be_opened(seal, folder, first) and not any(can_be_opened(seal, folder, one) for one in whole):
        raise SealBroken("spool")


def head_of(seal: Seal, folder: str, found: Found | Damaged | None) -> bytes:
    """The head alone, empty if it cannot be opened."""
    with contextlib.suppress(SealBroken):
        return seal.open(found.head, _label(folder, found.sequence, "head")) if found else b""
    return b""


def read(seal: Seal, place: Place) -> Record:
    """The record at a place; raises ``SealBroken``."""
    found = next(records_in(bytes_at(place)), None)
    if not isinstance(found, Found) or found.sequence != place.sequence:
        raise SealBroken("spool")
    return opened(seal, place.segment.parent, found)


def bytes_at(place: Place) -> bytes:
    """What lies there."""
    with place.segment.open("rb") as file:
        file.seek(place.offset)
        return file.read(place.length)


def make_durable(folder: Path) -> None:
    """What a killed process wrote can be read before it is on the disk: after this it is. Raises OSError."""
    for segment in segments_in(folder):
        sync_file(segment)
    sync_folder(folder)
    sync_folder(folder.parent)


def bytes_after(segment: Path, offset: int) -> tuple[bytes, int]:
    """What lies in another process's file from there on, nothing if it is gone; and the offset."""
    try:
        with segment.open("rb") as file:
            file.seek(offset)
            return file.read(), offset
    except FileNotFoundError:
        return b"", offset


def write(segment: Path, start: int, written: Sequence[bytes]) -> None:
    """Write and fsync; if that cannot be done, the file is cut to what it was, and OSError is raised."""
    descriptor = os.open(segment, os.O_WRONLY | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        os.lseek(descriptor, start, os.SEEK_SET)
        left = memoryview(b"".join(written))
        while left:
            left = left[os.write(descriptor, left) :]
        os.fsync(descriptor)
        if start == 0:
            sync_folder(segment.parent)
    except OSError:
        with contextlib.suppress(OSError):
            os.ftruncate(descriptor, start)
            os.fsync(descriptor)
        raise
    finally:
        os.close(descriptor)


def write_aside(folder: Path, name: str, content: bytes) -> None:
    """Keep bytes that are no record, durably."""
    folder.mkdir(exist_ok=True)
    with (folder / name).open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    sync_folder(folder)
    sync_folder(folder.parent)


def _label(folder: str, sequence: int, what: str) -> str:
    return f"spool:{folder}:{sequence}:{what}"
