"""Writes a file system in a file (MS-CFB), as far as Outlook's mails need one."""

from __future__ import annotations

import struct
from dataclasses import dataclass, field

Folder = dict[str, "bytes | Folder"]
_SECTOR, _MINI, _CUTOFF = 512, 64, 4096
_FREE, _END, _FAT, _NOBODY = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD, 0xFFFFFFFF
_STORAGE, _STREAM, _ROOT = 1, 2, 5


@dataclass(kw_only=True)
class _Entry:
    name: str
    kind: int
    start: int = _END
    size: int = 0
    next_one: int = _NOBODY
    child: int = _NOBODY

    def packed(self) -> bytes:
        name = self.name.encode("utf-16-le")[:62]
        start = self.start if self.kind != _STORAGE else 0
        return struct.pack(
            "<64sHBBIII16sIQQIQ", name, len(name) + 2, self.kind, 1, _NOBODY, self.next_one, self.child, b"", 0, 0, 0,
            start, self.size,
        )  # fmt: skip


@dataclass(kw_only=True)
class _Writer:
    entries: list[_Entry] = field(default_factory=list)
    sectors: list[bytes] = field(default_factory=list)
    fat: list[int] = field(default_factory=list)
    mini: bytearray = field(default_factory=bytearray)
    mini_fat: list[int] = field(default_factory=list)

    def folder(self, name: str, kind: int, inside: Folder) -> int:
        entry = _Entry(name=name, kind=kind)
        number = len(self.entries)
        self.entries.append(entry)
        before: _Entry | None = None
        for inner, content in inside.items():
            added = self.folder(inner, _STORAGE, content) if isinstance(content, dict) else self.stream(inner, content)
            if before is None:
                entry.child = added
            else:
                before.next_one = added
            before = self.entries[added]
        return number

    def stream(self, name: str, content: bytes) -> int:
        start = self.chain(content) if len(content) >= _CUTOFF else self.mini_chain(content)
        self.entries.append(_Entry(name=name, kind=_STREAM, start=start, size=len(content)))
        return len(self.entries) - 1

    def mini_chain(self, content: bytes) -> int:
        if not content:
            return _END
        start, count = len(self.mini_fat), -(-len(content) // _MINI)
        self.mini_fat += [*range(start + 1, start + count), _END]
        self.mini += content + bytes(-len(content) % _MINI)
        return start

    def chain(self, content: bytes) -> int:
        if not content:
            return _END
        start, count = len(self.sectors), -(-len(content) // _SECTOR)
        self.fat += [*range(start + 1, start + count), _END]
        padded = content + bytes(-len(content) % _SECTOR)
        self.sectors += [padded[at : at + _SECTOR] for at in range(0, len(padded), _SECTOR)]
        return start


def a_compound_file(inside: Folder) -> bytes:
    """The bytes of one that holds these folders and streams; large enough for what 109 sectors of table can say."""
    writer = _Writer()
    writer.folder("Root Entry", _ROOT, inside)
    root = writer.entries[0]
    root.start, root.size = writer.chain(bytes(writer.mini)), len(writer.mini)
    mini_fat = writer.chain(struct.pack(f"<{len(writer.mini_fat)}I", *writer.mini_fat))
    unused = [_Entry(name="", kind=0)] * (-len(writer.entries) % 4)
    directory = writer.chain(b"".join(entry.packed() for entry in [*writer.entries, *unused]))
    tables = 1
    while tables * 128 < len(writer.fat) + tables:
        tables += 1
    first = len(writer.sectors)
    fat = [*writer.fat, *[_FAT] * tables]
    fat += [_FREE] * (tables * 128 - len(fat))
    where = [*range(first, first + tables), *[_FREE] * (109 - tables)]
    mini_tables = -(-len(writer.mini_fat) * 4 // _SECTOR)
    header = struct.pack(
        "<8s16sHHHHH6sIIIIIIIII109I", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"", 0x3E, 3, 0xFFFE, 9, 6, b"", 0, tables,
        directory, 0, _CUTOFF, mini_fat, mini_tables, _END, 0, *where,
    )  # fmt: skip
    return header[:_SECTOR] + b"".join(writer.sectors) + struct.pack(f"<{len(fat)}I", *fat)
