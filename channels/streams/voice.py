"""For how long there is more than silence in telephone sound: by it two recordings of one call are compared."""

from __future__ import annotations

import struct
from functools import cache

from channels.streams.whole import MU_LAW

PCM = 1
LOUD = 512  # of 32,768: 36 dB below full scale; a quiet line stays below it
FRAME_SECONDS = 0.02
LOUD_PART = 10  # a frame in which one sample of so many is loud is no silence


def voice_seconds(wav: bytes) -> float | None:
    """Of a WAV file in 16-bit PCM or mu-law, any rate; None for anything else."""
    found = _chunks(wav)
    if b"fmt " not in found or b"data" not in found or len(found[b"fmt "]) < 16:
        return None
    form, channels, rate, _, width, bits = struct.unpack_from("<HHIIHH", found[b"fmt "])
    data, step = found[b"data"], int(rate * FRAME_SECONDS) * channels
    if (form, bits) == (PCM, 16) and width:
        loud = data[1::2].translate(_loud_high_bytes())
    elif (form, bits) == (MU_LAW, 8):
        loud = data.translate(_loud_codes())
    else:
        return None
    if not step:
        return None
    frames: int = sum(loud.count(1, at, at + step) * LOUD_PART >= step for at in range(0, len(loud), step))
    return round(frames * FRAME_SECONDS, 2)


def _chunks(wav: bytes) -> dict[bytes, bytes]:
    """The chunks of a RIFF file; the last may be cut short, as when a writer was interrupted."""
    found: dict[bytes, bytes] = {}
    at = 12 if wav[:4] == b"RIFF" and wav[8:12] == b"WAVE" else len(wav)
    while at + 8 <= len(wav):
        size = int.from_bytes(wav[at + 4 : at + 8], "little")
        found.setdefault(wav[at : at + 4], wav[at + 8 : at + 8 + size])
        at += 8 + size + size % 2
    return found


@cache
def _loud_codes() -> bytes:
    """1 for every mu-law code whose sample is loud (G.711)."""
    table = bytearray()
    for code in range(256):
        low = ~code & 0xFF
        magnitude = (((low & 0x0F) << 3) + 132 << ((low & 0x70) >> 4)) - 132
        table.append(magnitude >= LOUD)
    return bytes(table)


@cache
def _loud_high_bytes() -> bytes:
    """1 for every upper half of a 16-bit sample that is loud."""
    least = LOUD >> 8
    return bytes(least <= (high if high < 128 else 255 - high) for high in range(256))
