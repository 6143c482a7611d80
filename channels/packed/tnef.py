"""Opens winmail.dat (MS-OXTNEF): the mail that Outlook wrapped up so that only Outlook could read it."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from email.message import Message

from channels.packed import mapi
from channels.packed.mapi import Attached, Properties, Value

SIGNATURE = b"\x78\x9f\x3e\x22"
_DEEPEST = 5
_MOST = 20_000
_MESSAGE, _ATTACHMENT = 1, 2
_NEW_FILE, _FILE_PROPERTIES, _FILE_TITLE, _FILE_DATA = 0x9002, 0x9005, 0x8010, 0x800F
_PROPERTIES, _OEM_CODEPAGE, _SUBJECT, _BODY = 0x9003, 0x9007, 0x8004, 0x800C
_IS_A_MAIL = bytes.fromhex("0703020000000000c000000000000046")
_SIZES = {2: 2, 3: 4, 4: 4, 5: 8, 6: 8, 7: 8, 10: 4, 11: 2, 20: 8, 64: 8, 72: 16}
_SIZED = frozenset({mapi.STRING8, mapi.UNICODE, mapi.OBJECT, mapi.BINARY})
_MANY, _NAMED = 0x1000, 0x8000


class _Ended(Exception):
    """The file breaks off here."""


class _Bytes:
    """Reads forward; raises ``_Ended`` past the end."""

    def __init__(self, content: bytes) -> None:
        self._content, self._at = memoryview(content), 0

    def take(self, size: int) -> bytes:
        if size > len(self._content) - self._at:
            raise _Ended
        self._at += size
        return bytes(self._content[self._at - size : self._at])

    def number(self, size: int = 4) -> int:
        return int.from_bytes(self.take(size), "little")

    def up_to_four(self, size: int) -> None:
        self._at += -size % 4


def open_tnef(content: bytes, depth: int = 0) -> Message | None:
    """The mail in it as far as it can be read; None if it is no TNEF. A file that breaks off gives what came before."""
    if not content.startswith(SIGNATURE):
        return None
    properties: dict[int, Value] = {}
    files: list[tuple[dict[int, Value], bytes]] = []
    codepage = "cp1252"
    for level, name, data in _attributes(content):
        if name == _OEM_CODEPAGE and len(data) >= 4:
            codepage = mapi.codepage_of({mapi.CODEPAGE: Value(kind=mapi.LONG, content=data[:4])}, codepage)
        elif level == _MESSAGE:
            properties |= _of_message(name, data, properties)
        elif name == _NEW_FILE:
            files.append(({}, b""))
        elif level == _ATTACHMENT and files:
            files[-1] = _of_file(name, data, *files[-1])
    attached = [_attached(known, data, codepage=codepage, depth=depth) for known, data in files]
    return mapi.as_mail(properties, attached, default_codepage=codepage)


def _attributes(content: bytes) -> Iterator[tuple[int, int, bytes]]:
    """Level, name and data of each; ends where the file breaks off."""
    stream = _Bytes(content[6:])
    for _ in range(_MOST):
        try:
            level, name = stream.number(1), stream.number(2)
            stream.take(2)
            data = stream.take(stream.number())
        except _Ended:
            return
        yield level, name, data
        try:
            stream.take(2)
        except _Ended:
            return


def _of_message(name: int, data: bytes, known: Properties) -> dict[int, Value]:
    if name == _PROPERTIES:
        return _properties(data)
    tag = {_SUBJECT: mapi.SUBJECT, _BODY: mapi.BODY}.get(name)
    return {tag: Value(kind=mapi.STRING8, content=data)} if tag is not None and tag not in known else {}


def _of_file(name: int, data: bytes, known: dict[int, Value], content: bytes) -> tuple[dict[int, Value], bytes]:
    if name == _FILE_PROPERTIES:
        return known | _properties(data), content
    if name == _FILE_TITLE:
        return {mapi.FILE_NAME: Value(kind=mapi.STRING8, content=data)} | known, content
    return known, data if name == _FILE_DATA else content


def _attached(known: Properties, content: bytes, *, codepage: str, depth: int) -> Attached:
    """A mail in a mail stands in a property, behind the id of what kind of object it is."""
    inner = known.get(mapi.FILE)
    if inner is not None and inner.kind == mapi.OBJECT:
        content = inner.content[16:]
        if inner.content.startswith(_IS_A_MAIL) and depth < _DEEPEST:
            return Attached(properties=known, codepage=codepage, content=content, mail=open_tnef(content, depth + 1))
    elif inner is not None and not content:
        content = inner.content
    return Attached(properties=known, codepage=codepage, content=content)


def _properties(data: bytes) -> dict[int, Value]:
    """Those of a table as far as it can be read; of many values the first."""
    found: dict[int, Value] = {}
    stream = _Bytes(data)
    try:
        for _ in range(min(stream.number(), _MOST)):
            kind, tag = stream.number(2), stream.number(2)
            if tag >= _NAMED:
                _skip_name(stream)
            values = list(_values(stream, kind))
            if values and tag < _NAMED:
                found[tag] = Value(kind=kind & ~_MANY, content=values[0])
    except (_Ended, struct.error):
        pass
    return found


def _skip_name(stream: _Bytes) -> None:
    stream.take(16)
    if stream.number() == 0:
        stream.take(4)
        return
    size = stream.number()
    stream.take(size)
    stream.up_to_four(size)


def _values(stream: _Bytes, kind: int) -> Iterator[bytes]:
    """Raises ``_Ended`` also for a kind nobody knows the size of: what follows cannot be told apart."""
    bare = kind & ~_MANY
    count = stream.number() if kind & _MANY or bare in _SIZED else 1
    for _ in range(min(count, _MOST)):
        size = stream.number() if bare in _SIZED else _SIZES.get(bare)
        if size is None:
            raise _Ended
        yield stream.take(size)
        stream.up_to_four(size)
