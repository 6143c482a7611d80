"""How one record of the spool lies in a file, and how a file that broke off or was damaged is read all the same."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

MAGIC = b"\xf7FDs"
_FRAME = struct.Struct(">4sQIII")  # magic, sequence, length of head, length of body, crc32 of both
_CHECK = struct.Struct(">I")  # crc32 of the frame itself, so that a wrong length is never believed
OVERHEAD = _FRAME.size + _CHECK.size


@dataclass(frozen=True, kw_only=True)
class Found:
    """A whole record. ``begin`` and ``end`` are offsets in the file."""

    begin: int
    end: int
    sequence: int
    head: bytes
    body: bytes


@dataclass(frozen=True, kw_only=True)
class Damaged:
    """Bytes that are no whole record. ``torn``: the end of a file whose writer stopped in the middle of a record."""

    begin: int
    end: int
    torn: bool
    head: bytes = b""
    sequence: int = 0


def framed(sequence: int, head: bytes, body: bytes) -> bytes:
    """One record as it is written."""
    frame = _FRAME.pack(MAGIC, sequence, len(head), len(body), zlib.crc32(body, zlib.crc32(head)))
    return b"".join((frame, _CHECK.pack(zlib.crc32(frame)), head, body))


def records_in(content: bytes) -> Iterator[Found | Damaged]:
    """Everything in a file, in order; what lies behind a damaged stretch is found again by its frame."""
    at = 0
    while at < len(content):
        found = _record_at(content, at)
        yield found
        at = found.end


def _record_at(content: bytes, at: int) -> Found | Damaged:
    frame = _frame_at(content, at)
    if frame is None:
        return _unframed(content, at)
    sequence, head_length, body_length, crc = frame
    begin = at + OVERHEAD
    end = begin + head_length + body_length
    if end > len(content):
        next_one = _next_frame(content, at + 1)
        return Damaged(begin=at, end=next_one or len(content), torn=next_one is None)
    head, body = content[begin : begin + head_length], content[begin + head_length : end]
    if zlib.crc32(body, zlib.crc32(head)) != crc:
        return Damaged(begin=at, end=end, torn=not any(content[begin:]), head=head, sequence=sequence)
    return Found(begin=at, end=end, sequence=sequence, head=head, body=body)


def _unframed(content: bytes, at: int) -> Damaged:
    """A stretch without a frame. At the end of a file it is torn if it is shorter than a frame or nothing but zeros."""
    end = _next_frame(content, at + 1)
    rest = content[at : end or len(content)]
    torn = end is None and (len(rest) < OVERHEAD or not any(rest))
    return Damaged(begin=at, end=end or len(content), torn=torn)


def _frame_at(content: bytes, at: int) -> tuple[int, int, int, int] | None:
    frame = content[at : at + _FRAME.size]
    check = content[at + _FRAME.size : at + OVERHEAD]
    if len(check) < _CHECK.size or not frame.startswith(MAGIC) or _CHECK.unpack(check)[0] != zlib.crc32(frame):
        return None
    _, sequence, head_length, body_length, crc = _FRAME.unpack(frame)
    return sequence, head_length, body_length, crc


def _next_frame(content: bytes, after: int) -> int | None:
    at = content.find(MAGIC, after)
    while at >= 0 and _frame_at(content, at) is None:
        at = content.find(MAGIC, at + 1)
    return at if at >= 0 else None
