"""Puts the pieces of a stream together: one sound file, with silence where something is missing, and that said."""

from __future__ import annotations

import struct
from collections.abc import Iterable
from dataclasses import dataclass

from channels.streams.events import BYTES_A_SECOND, SILENCE

MU_LAW = 7
_FORMAT = struct.Struct("<HHIIHHH")


@dataclass(frozen=True, kw_only=True)
class Gap:
    """Seconds from the beginning, and how long nothing came."""

    at: float
    seconds: float


@dataclass(frozen=True, kw_only=True)
class Whole:
    """The mu-law samples as they came, each in its place, and the gaps that were filled with silence."""

    sound: bytes
    gaps: tuple[Gap, ...]

    @property
    def seconds(self) -> float:
        """How long it lasts."""
        return len(self.sound) / BYTES_A_SECOND


def whole(pieces: Iterable[tuple[int, bytes]]) -> Whole:
    """From (bytes from the beginning, sound) in the order they came; of two for one place the earlier counts."""
    sound, gaps = bytearray(), []
    for at, piece in sorted(pieces, key=lambda one: one[0]):
        if at > len(sound):
            gaps.append(Gap(at=len(sound) / BYTES_A_SECOND, seconds=(at - len(sound)) / BYTES_A_SECOND))
            sound += SILENCE * (at - len(sound))
        sound += piece[len(sound) - at :]
    return Whole(sound=bytes(sound), gaps=tuple(gaps))


def as_wav(sound: bytes) -> bytes:
    """The same samples as a WAV file, 8 kHz mono mu-law (RFC 2361, format 7): nothing is coded anew."""
    form = _FORMAT.pack(MU_LAW, 1, BYTES_A_SECOND, BYTES_A_SECOND, 1, 8, 0)
    chunks = _chunk(b"fmt ", form) + _chunk(b"fact", struct.pack("<I", len(sound))) + _chunk(b"data", sound)
    return _chunk(b"RIFF", b"WAVE" + chunks)


def _chunk(name: bytes, content: bytes) -> bytes:
    return name + struct.pack("<I", len(content)) + content + b"\0" * (len(content) % 2)
