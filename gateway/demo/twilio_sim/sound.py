"""Sound for pretend calls: WAV files, G.711 mu-law and a tone that stands for a voice."""

from __future__ import annotations

import io
import wave
from functools import cache
from pathlib import Path

ULAW_8K_MONO = b"\x07\x00\x01\x00" + (8000).to_bytes(4, "little")


@cache
def _ulaw_table() -> bytes:
    """The mu-law code of every 16-bit sample, indexed by its unsigned value divided by four."""
    table = bytearray()
    for index in range(1 << 14):
        sample = (index << 2) if index < (1 << 13) else (index << 2) - (1 << 16)
        sign, magnitude = (0x80, -sample) if sample < 0 else (0, sample)
        magnitude = min(magnitude, 32635) + 132
        exponent = magnitude.bit_length() - 8
        table.append(~(sign | exponent << 4 | (magnitude >> (exponent + 3)) & 0x0F) & 0xFF)
    return bytes(table)


def ulaw(pcm: bytes) -> bytes:
    """Encode little-endian 16-bit PCM as 8-bit G.711 mu-law."""
    table = _ulaw_table()
    return bytes(table[int.from_bytes(pcm[i : i + 2], "little") >> 2] for i in range(0, len(pcm) - 1, 2))


@cache
def _linear_table() -> tuple[bytes, ...]:
    """The little-endian 16-bit sample of every mu-law code."""
    samples = []
    for code in range(256):
        low = ~code & 0xFF
        magnitude = (((low & 0x0F) << 3) + 132 << ((low & 0x70) >> 4)) - 132
        samples.append((-magnitude if low & 0x80 else magnitude).to_bytes(2, "little", signed=True))
    return tuple(samples)


def _ulaw_data(wav: bytes) -> bytes | None:
    """The sound of a mono 8 kHz mu-law WAV, which the standard library does not open; None if it is something else."""
    at, is_ulaw = 12, False
    while at + 8 <= len(wav):
        name, size = wav[at : at + 4], int.from_bytes(wav[at + 4 : at + 8], "little")
        chunk = wav[at + 8 : at + 8 + size]
        if name == b"fmt ":
            is_ulaw = chunk[:8] == ULAW_8K_MONO
        elif name == b"data" and is_ulaw:
            return chunk
        at += 8 + size + size % 2
    return None


def read_wav(source: Path | bytes) -> bytes:
    """8 kHz mono 16-bit PCM from a WAV file: mu-law, or 16-bit (first channel, nearest-sample resampling)."""
    source = source.read_bytes() if isinstance(source, Path) else source
    if (coded := _ulaw_data(source)) is not None:
        return b"".join(map(_linear_table().__getitem__, coded))
    with wave.open(io.BytesIO(source)) as wav:
        if wav.getsampwidth() != 2:
            raise ValueError("only 16-bit WAV files can be spoken")
        width, rate, raw = 2 * wav.getnchannels(), wav.getframerate(), wav.readframes(wav.getnframes())
    count = len(raw) // width * 8000 // rate
    starts = (i * rate // 8000 * width for i in range(count))
    return b"".join(raw[start : start + 2] for start in starts)


def write_wav(pcm: bytes, channels: int = 1) -> bytes:
    """A WAV file around 8 kHz 16-bit PCM; with two channels the second one is silent."""
    if channels == 2:
        pcm = b"".join(pcm[i : i + 2] + b"\0\0" for i in range(0, len(pcm), 2))
    out = io.BytesIO()
    with wave.open(out, "wb") as wav:
        wav.setnchannels(channels)
        wav.setsampwidth(2)
        wav.setframerate(8000)
        wav.writeframes(pcm)
    return out.getvalue()


def tone(seconds: float) -> bytes:
    """A square wave standing in for a voice, as 8 kHz 16-bit PCM."""
    return (b"\x00\x10" * 10 + b"\x00\xf0" * 10) * int(seconds * 400)
