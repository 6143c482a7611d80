"""Opens a mail as Outlook saves it (MS-OXMSG, ``.msg``): a file system in a file, with one stream for each property."""

from __future__ import annotations

import io
import struct
from email.message import Message

import olefile

from channels.packed import mapi
from channels.packed.mapi import Attached, Value

SIGNATURE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_PROPERTIES = "__properties_version1.0"
_STREAM = "__substg1.0_"
_ATTACHMENT = "__attach_version1.0_"
_INNER_MAIL = "__substg1.0_3701000D"

_MARK = _PROPERTIES.encode("utf-16-le")
_DEEPEST = 5
_MOST_FILES = 200
_BROKEN = (OSError, ValueError, IndexError, KeyError, TypeError, AttributeError, struct.error, RecursionError,
           OverflowError, MemoryError)  # fmt: skip
Folder = tuple[str, ...]


def is_outlook_mail(content: bytes) -> bool:
    """Whether it is one, and not an old Word document, which looks alike from outside."""
    return content.startswith(SIGNATURE) and _MARK in content


def open_outlook(content: bytes) -> Message | None:
    """The mail in it, with the mails attached to it; None where it is damaged too badly to be read."""
    try:
        with olefile.OleFileIO(io.BytesIO(content), raise_defects=olefile.DEFECT_FATAL) as file:
            saved = _Saved(file)
            return saved.mail((), head=32, depth=0) if saved.holds_anything else None
    except _BROKEN:
        return None


class _Saved:
    """One open file; its folders and streams are listed once."""

    def __init__(self, file: olefile.OleFileIO) -> None:
        self._file = file
        self._inside: dict[Folder, list[str]] = {}
        for path in file.listdir(streams=True, storages=True):
            self._inside.setdefault(tuple(path[:-1]), []).append(path[-1])

    @property
    def holds_anything(self) -> bool:
        """Whether there is a property of the mail at all."""
        return any(name.startswith(_STREAM) for name in self._inside.get((), []))

    def mail(self, folder: Folder, *, head: int, depth: int) -> Message:
        properties = self._properties(folder, head)
        codepage = mapi.codepage_of(properties)
        attached = [
            self._attached((*folder, name), codepage, depth=depth)
            for name in self._inside.get(folder, [])
            if name.startswith(_ATTACHMENT)
        ]
        return mapi.as_mail(properties, attached[:_MOST_FILES])

    def _attached(self, folder: Folder, codepage: str, *, depth: int) -> Attached:
        properties = self._properties(folder, 8)
        inner = (*folder, _INNER_MAIL)
        if _PROPERTIES in self._inside.get(inner, []) and depth < _DEEPEST:
            return Attached(properties=properties, codepage=codepage, mail=self.mail(inner, head=24, depth=depth + 1))
        content = properties.get(mapi.FILE)
        return Attached(properties=properties, codepage=codepage, content=content.content if content else b"")

    def _properties(self, folder: Folder, head: int) -> dict[int, Value]:
        """Short values stand in a table of 16 bytes each, long ones in streams named for tag and type."""
        found: dict[int, Value] = {}
        names = self._inside.get(folder, [])
        table = self._stream((*folder, _PROPERTIES))[head:] if _PROPERTIES in names else b""
        for at in range(0, len(table) - 15, 16):
            kind, tag, _, short = struct.unpack_from("<HHI8s", table, at)
            found[tag] = Value(kind=kind, content=short)
        for name in names:
            if name.startswith(_STREAM) and len(name) == len(_STREAM) + 8 and (*folder, name) not in self._inside:
                tag, kind = int(name[-8:-4], 16), int(name[-4:], 16)
                found[tag] = Value(kind=kind, content=self._stream((*folder, name)))
        return found

    def _stream(self, path: Folder) -> bytes:
        try:
            return bytes(self._file.openstream(list(path)).read())
        except _BROKEN:
            return b""
