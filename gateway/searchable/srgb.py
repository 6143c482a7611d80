"""The colours of page pictures as an ICC profile (version 2): sRGB by its published primaries and curve."""

from __future__ import annotations

import struct
from itertools import accumulate

STEPS = 1024
D50 = (0.9642, 1.0, 0.8249)
PRIMARIES = {
    b"rXYZ": (0.43607, 0.22249, 0.01392), b"gXYZ": (0.38515, 0.71687, 0.09708), b"bXYZ": (0.14307, 0.06061, 0.7141),
}  # fmt: skip
"""IEC 61966-2-1, adapted to D50 as ICC profiles want it."""

NAME, RIGHTS = "sRGB IEC61966-2.1", "No rights reserved"


def srgb_profile() -> bytes:
    """A matrix profile of a display, as an output intent embeds it; always the same bytes."""
    curve = struct.pack(
        f">4sII{STEPS}H", b"curv", 0, STEPS, *(round(_light(n / (STEPS - 1)) * 65535) for n in range(STEPS))
    )
    tags = {
        b"desc": _described(NAME),
        b"cprt": struct.pack(">4sI", b"text", 0) + RIGHTS.encode() + b"\0",
        b"wtpt": _xyz(*D50),
        **{tag: _xyz(*place) for tag, place in PRIMARIES.items()},
        b"rTRC": curve,
    }
    blocks = [block + b"\0" * (-len(block) % 4) for block in tags.values()]
    names = [*tags, b"gTRC", b"bTRC"]
    first = 128 + 4 + 12 * len(names)
    starts = [first, *(first + end for end in accumulate(map(len, blocks)))][: len(tags)]
    places = list(zip(starts, map(len, tags.values()), strict=True))
    places += [places[-1]] * 2
    table = struct.pack(">I", len(names)) + b"".join(
        struct.pack(">4sII", name, *place) for name, place in zip(names, places, strict=True)
    )
    body = table + b"".join(blocks)
    return _header(128 + len(body)) + body


def _header(size: int) -> bytes:
    made = struct.pack(">6H", 2026, 1, 1, 0, 0, 0)
    start = struct.pack(">I4sI4s4s4s", size, b"\0" * 4, 0x02100000, b"mntr", b"RGB ", b"XYZ ") + made + b"acsp"
    return (start + b"\0" * 28 + _fixed(*D50)).ljust(128, b"\0")


def _light(signal: float) -> float:
    return signal / 12.92 if signal <= 0.04045 else ((signal + 0.055) / 1.055) ** 2.4


def _fixed(*numbers: float) -> bytes:
    return struct.pack(f">{len(numbers)}i", *(round(number * 65536) for number in numbers))


def _xyz(*place: float) -> bytes:
    return struct.pack(">4sI", b"XYZ ", 0) + _fixed(*place)


def _described(name: str) -> bytes:
    said = name.encode() + b"\0"
    return struct.pack(">4sII", b"desc", 0, len(said)) + said + b"\0" * (4 + 4 + 2 + 1 + 67)
