"""Writes compound files, in which the office programs of before 2007 kept their documents ([MS-CFB])."""

import struct
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field

SECTOR, SMALL_SECTOR = 512, 64
END, FAT, NONE = 0xFFFFFFFE, 0xFFFFFFFD, 0xFFFFFFFF
STORAGE, STREAM, ROOT = 1, 2, 5
SMALLEST = 4096
"""Smaller streams lie together in a store of their own."""

Tree = Mapping[str, "bytes | Tree"]


@dataclass
class _Store:
    size: int
    sectors: list[bytes] = field(default_factory=list)
    chains: list[int] = field(default_factory=list)

    def keep(self, content: bytes) -> int:
        """Where a content begins, cut into sectors that are chained."""
        first = len(self.sectors)
        places = range(0, len(content), self.size)
        self.sectors += [content[place : place + self.size].ljust(self.size, b"\x00") for place in places]
        self.chains += [*range(first + 1, first + len(places)), END] if content else []
        return first if content else END

    def listed(self) -> bytes:
        return struct.pack(f"<{len(self.chains)}I", *self.chains)


@dataclass
class _Entry:
    name: str
    kind: int
    start: int = END
    size: int = 0
    children: list[int] = field(default_factory=list)
    right: int = NONE


def compound_file(streams: Tree, *, clsid: str = "") -> bytes:
    """A file with these streams; a mapping inside is a storage."""
    entries, large, small = [_Entry("Root Entry", ROOT)], _Store(SECTOR), _Store(SMALL_SECTOR)
    _add(streams, 0, entries, large, small)
    inside = b"".join(small.sectors)
    entries[0].start, entries[0].size = large.keep(inside), len(inside)
    chains = small.listed()
    of_small = large.keep(chains)
    directory = large.keep(b"".join(_described(each, clsid if each.kind == ROOT else "") for each in entries))
    count = 1
    while len(large.chains) + count > count * SECTOR // 4:
        count += 1
    places = list(range(len(large.chains), len(large.chains) + count))
    large.chains += [FAT] * count
    header = struct.pack(
        "<8s16xHHHHH6xIIIIIIIIII", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", 0x3E, 3, 0xFFFE, 9, 6,
        0, count, directory, 0, SMALLEST, of_small, -(-len(chains) // SECTOR), END, 0, places[0],
    )  # fmt: skip
    header += struct.pack(f"<{count - 1}I", *places[1:])
    return header.ljust(SECTOR, b"\xff") + b"".join(large.sectors) + large.listed().ljust(count * SECTOR, b"\xff")


def _add(streams: Tree, parent: int, entries: list[_Entry], large: _Store, small: _Store) -> None:
    for name in sorted(streams, key=lambda each: (len(each), each.upper())):
        content = streams[name]
        number = len(entries)
        entries[parent].children.append(number)
        if isinstance(content, bytes):
            store = large if len(content) >= SMALLEST else small
            entries.append(_Entry(name, STREAM, store.keep(content), len(content)))
        else:
            entries.append(_Entry(name, STORAGE))
            _add(content, number, entries, large, small)
    for one, other in zip(entries[parent].children, entries[parent].children[1:], strict=False):
        entries[one].right = other


def _described(entry: _Entry, clsid: str) -> bytes:
    name = entry.name.encode("utf-16-le") + b"\x00\x00"
    child = entry.children[0] if entry.children else NONE
    identity = uuid.UUID(clsid).bytes_le if clsid else bytes(16)
    described = struct.pack("<64sHBBIII16s", name, len(name), entry.kind, 1, NONE, entry.right, child, identity)
    return (described + bytes(20) + struct.pack("<IQ", entry.start, entry.size)).ljust(128, b"\x00")
