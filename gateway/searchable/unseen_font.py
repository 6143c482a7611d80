"""The font of words that are found but not seen: one glyph, half as wide as it is high, for every character."""

from __future__ import annotations

import struct

EM, WIDTH, ASCENT, DESCENT = 1000, 500, 750, -250
GLYPH = 1
CORNERS = ((0, DESCENT), (0, ASCENT), (WIDTH, ASCENT), (WIDTH, DESCENT))
MAGIC, WHOLE = 0x5F0F3CF5, 0xB1B0AFBA  # numbers of the TrueType format itself


def unseen_font() -> bytes:
    """A TrueType font of the tables that a PDF embeds (ISO 32000-1, 9.9): an empty glyph, and one that is a box."""
    glyph = _glyph()
    tables = {
        b"glyf": glyph,
        b"head": _head(),
        b"hhea": struct.pack(">I3h H 3h 8h H", 0x10000, ASCENT, DESCENT, 0, WIDTH, 0, 0, WIDTH, 1, *[0] * 7, 1),
        b"hmtx": struct.pack(">Hhh", WIDTH, 0, 0),
        b"loca": struct.pack(">3H", 0, 0, len(glyph) // 2),
        b"maxp": struct.pack(">I14H", 0x10000, 2, len(CORNERS), 1, 0, 0, 2, *[0] * 8),
        b"post": struct.pack(">IIhhI4I", 0x30000, 0, 0, 0, 1, 0, 0, 0, 0),
    }
    whole = _file(tables)
    at = whole.index(struct.pack(">I", MAGIC)) - 4
    return whole[:at] + struct.pack(">I", (WHOLE - _sum(whole)) & 0xFFFFFFFF) + whole[at + 4 :]


def _head() -> bytes:
    first = struct.pack(">IIII HH qq", 0x10000, 0x10000, 0, MAGIC, 0, EM, 0, 0)
    return first + struct.pack(">4h HHhhh", 0, DESCENT, WIDTH, ASCENT, 0, 8, 2, 0, 0)


def _glyph() -> bytes:
    steps = [(x - before[0], y - before[1]) for (x, y), before in zip(CORNERS, ((0, 0), *CORNERS), strict=False)]
    outline = struct.pack(">h4h HH", 1, 0, DESCENT, WIDTH, ASCENT, len(CORNERS) - 1, 0) + b"\x01" * len(CORNERS)
    across, down = (struct.pack(f">{len(steps)}h", *(step[way] for step in steps)) for way in (0, 1))
    return _padded(outline + across + down)


def _file(tables: dict[bytes, bytes]) -> bytes:
    count = len(tables)
    power = 1 << (count.bit_length() - 1)
    directory = struct.pack(">I4H", 0x10000, count, 16 * power, power.bit_length() - 1, 16 * (count - power))
    at, body = 12 + 16 * count, b""
    for tag, table in sorted(tables.items()):
        directory += struct.pack(">4sIII", tag, _sum(table), at + len(body), len(table))
        body += _padded(table)
    return directory + body


def _sum(data: bytes) -> int:
    padded = _padded(data)
    words: tuple[int, ...] = struct.unpack(f">{len(padded) // 4}I", padded)
    return sum(words) & 0xFFFFFFFF


def _padded(data: bytes) -> bytes:
    return data + b"\0" * (-len(data) % 4)
