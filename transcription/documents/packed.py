"""Opens the zip packages in which Word and OpenDocument files travel, refusing bombs, locks and broken ones."""

import io
import struct
import zipfile
import zlib
from xml.etree import ElementTree

from transcription.contract import CannotRead, Unreadable

LARGEST_UNPACKED = 200 * 1024 * 1024
"""Bytes a package may unfold to; refused before anything is unpacked."""

DAMAGE = (zipfile.BadZipFile, zlib.error, struct.error, KeyError, ValueError, EOFError, OSError, NotImplementedError)
"""What the zip reader raises on damaged packages."""

OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
LOCKED_PACKAGE = "EncryptedPackage".encode("utf-16-le")


class Package:
    """An opened package of named parts."""

    def __init__(self, data: bytes) -> None:
        if data.startswith(OLD_OFFICE):
            raise CannotRead(Unreadable.ENCRYPTED if LOCKED_PACKAGE in data else Unreadable.UNSUPPORTED)
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(data))
        except DAMAGE as problem:
            raise CannotRead(Unreadable.BROKEN, type(problem).__name__) from None
        if sum(part.file_size for part in self._zip.infolist()) > LARGEST_UNPACKED:
            raise CannotRead(Unreadable.TOO_LARGE, f"unfolds to more than {LARGEST_UNPACKED // 1024**2} MB")
        if any(part.flag_bits & 1 for part in self._zip.infolist()):
            raise CannotRead(Unreadable.ENCRYPTED)

    @property
    def names(self) -> list[str]:
        return sorted(self._zip.namelist())

    def part(self, name: str) -> bytes:
        """A part's bytes; raises CannotRead(broken) when it is missing or damaged."""
        try:
            return self._zip.read(name)
        except DAMAGE as problem:
            raise CannotRead(Unreadable.BROKEN, type(problem).__name__) from None

    def tree(self, name: str) -> ElementTree.Element:
        """A part read as XML; one that declares entities is refused: no office program does, and bombs are made so."""
        source = self.part(name)
        if b"<!DOCTYPE" in source[:4096] or b"<!ENTITY" in source:
            raise CannotRead(Unreadable.BROKEN, "declares entities")
        try:
            return ElementTree.fromstring(source)  # noqa: S314
        except ElementTree.ParseError as problem:
            raise CannotRead(Unreadable.BROKEN, type(problem).__name__) from None
