"""Opens zip and tar archives and compressed files, reading no more than there is room for and writing nothing."""

from __future__ import annotations

import bz2
import io
import lzma
import struct
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from typing import IO

from channels.packed.opened import Inner, LeftShut, Opened
from channels.packed.room import Room

_BLOCK = 64 * 1024
_MOST_MEMORY = 16 * 1024 * 1024
_ENCRYPTED = 0x1
_NAMED_IN_UTF8 = 0x800
_BROKEN = (
    zipfile.BadZipFile, tarfile.TarError, zlib.error, lzma.LZMAError, struct.error, EOFError, OSError, ValueError,
    LookupError, OverflowError, AttributeError, TypeError,
)  # fmt: skip
_SHUT_KINDS = (b"Rar!\x1a\x07", b"7z\xbc\xaf\x27\x1c", b"MSCF\x00\x00\x00\x00", b"\x60\xea")
_TAR_MARK = slice(257, 262)
_COMPRESSED = (b"\x1f\x8b\x08", b"BZh", b"\xfd7zXZ\x00")
_IS_A_DOCUMENT = frozenset({"[Content_Types].xml", "mimetype", "META-INF/MANIFEST.MF"})


class _Shut(Exception):
    """A file stays shut, for this reason."""

    def __init__(self, why: LeftShut) -> None:
        super().__init__(why.name)
        self.why = why


class _TooMuch(_Shut):
    """It unfolds to more than it may, which was seen only while it did."""


def open_archive(content: bytes, name: str, room: Room) -> Opened | None:
    """The files in it as far as there is room; None if it is no archive. Office documents, which are zips, are none."""
    if content.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _of_zip(content, room)
    if content.startswith(_COMPRESSED):
        return _of_compressed(content, name, room)
    if content[_TAR_MARK] == b"ustar":
        return _of_tar(io.BytesIO(content), len(content), room)
    return Opened(left_shut=(LeftShut.KIND,)) if content.startswith(_SHUT_KINDS) else None


def _of_zip(content: bytes, room: Room) -> Opened | None:
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
        entries = [each for each in archive.infolist() if not each.is_dir()]
    except (*_BROKEN, NotImplementedError):
        return Opened(left_shut=(LeftShut.DAMAGED,))
    if any(each.filename in _IS_A_DOCUMENT for each in entries):
        return None
    return _gathered(((_zip_name(each), _zip_reader(archive, each)) for each in entries), room)


def _zip_reader(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> Callable[[Room], bytes]:
    def read(room: Room) -> bytes:
        if entry.flag_bits & _ENCRYPTED:
            raise _Shut(LeftShut.LOCKED)
        if entry.file_size > room.largest(entry.compress_size):
            raise _Shut(room.why_not(entry.compress_size))
        with archive.open(entry) as packed:
            return _read(packed, entry.compress_size, room)

    return read


def _zip_name(entry: zipfile.ZipInfo) -> str:
    """Names without the mark of UTF-8 are taken for cp437 by the library, though many are UTF-8 all the same."""
    if entry.flag_bits & _NAMED_IN_UTF8 or entry.filename.isascii():
        return entry.filename
    try:
        return entry.filename.encode("cp437").decode("utf-8")
    except UnicodeError:
        return entry.filename


def _of_tar(packed: IO[bytes], packed_size: int, room: Room) -> Opened:
    found: list[tuple[str, Callable[[Room], bytes]]] = []
    try:
        archive = tarfile.TarFile(fileobj=packed, errors="surrogateescape")
        for entry in archive:
            if not entry.isdir():
                found.append((_tar_name(entry), _tar_reader(archive, entry, packed_size)))
    except _BROKEN:
        found.append(("", _damaged))
    return _gathered(iter(found), room)


def _tar_name(entry: tarfile.TarInfo) -> str:
    return entry.name.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def _tar_reader(archive: tarfile.TarFile, entry: tarfile.TarInfo, packed_size: int) -> Callable[[Room], bytes]:
    def read(room: Room) -> bytes:
        packed = archive.extractfile(entry) if entry.isreg() else None
        if packed is None:
            raise _Shut(LeftShut.NO_FILE)
        with packed:
            return _read(packed, packed_size, room)

    return read


def _damaged(_: Room) -> bytes:
    raise _Shut(LeftShut.DAMAGED)


def _of_compressed(content: bytes, name: str, room: Room) -> Opened:
    """A compressed tar is opened in one go; anything else is one file, named as before without its last ending."""
    try:
        plain = _joined(_blocks(content), len(content), room)
    except _Shut as shut:
        return Opened(left_shut=(shut.why,))
    except _BROKEN:
        return Opened(left_shut=(LeftShut.DAMAGED,))
    if plain[_TAR_MARK] == b"ustar":
        return _of_tar(io.BytesIO(plain), len(content), room)
    stem, _, ending = name.rpartition(".")
    inner = Inner(name=stem if stem and ending.lower() in {"gz", "bz2", "xz"} else f"{name}-unpacked", content=plain)
    return Opened(files=(inner,)) if room.take(len(plain)) else Opened(left_shut=(LeftShut.NO_ROOM,))


def _blocks(content: bytes) -> Iterator[bytes]:
    if content.startswith(b"\x1f\x8b"):
        inflate = zlib.decompressobj(zlib.MAX_WBITS | 16)
        rest = content
        while rest and not inflate.eof:
            yield inflate.decompress(rest, _BLOCK)
            rest = inflate.unconsumed_tail
        is_whole = inflate.eof
    else:
        expand = bz2.BZ2Decompressor() if content.startswith(b"BZh") else lzma.LZMADecompressor(memlimit=_MOST_MEMORY)
        rest = content
        while not expand.eof and (rest or not expand.needs_input):
            yield expand.decompress(rest, _BLOCK)
            rest = b""
        is_whole = expand.eof
    if not is_whole:
        raise _Shut(LeftShut.DAMAGED)


def _gathered(entries: Iterator[tuple[str, Callable[[Room], bytes]]], room: Room) -> Opened:
    files: list[Inner] = []
    left_shut: list[LeftShut] = []
    for name, read in entries:
        if name.startswith("__MACOSX/"):  # what a Mac notes of the files beside them: icons and colours
            continue
        found = _one(read, room)
        if isinstance(found, LeftShut):
            left_shut.append(found)
        else:
            files.append(Inner(name=name, content=found))
    return Opened(files=tuple(files), left_shut=tuple(left_shut))


def _one(read: Callable[[Room], bytes], room: Room) -> bytes | LeftShut:
    if room.files < 1 or room.failures < 1:
        return LeftShut.NO_ROOM
    try:
        content = read(room)
    except _TooMuch as shut:
        room.failures -= 1
        return shut.why
    except _Shut as shut:
        return shut.why
    except NotImplementedError:
        return LeftShut.KIND
    except RuntimeError:  # the library's word for a password
        return LeftShut.LOCKED
    except _BROKEN:
        room.failures -= 1
        return LeftShut.DAMAGED
    return content if room.take(len(content)) else LeftShut.NO_ROOM


def _read(packed: IO[bytes], packed_size: int, room: Room) -> bytes:
    return _joined(iter(lambda: packed.read(_BLOCK), b""), packed_size, room)


def _joined(blocks: Iterator[bytes], packed_size: int, room: Room) -> bytes:
    """All of it; stops at the most it may be, whatever the archive says of its size."""
    most, size = room.largest(packed_size), 0
    read: list[bytes] = []
    for block in blocks:
        size += len(block)
        if size > most:
            raise _TooMuch(room.why_not(packed_size))
        read.append(block)
    return b"".join(read)
