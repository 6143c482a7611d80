"""Reads PowerPoint presentations of before 2007 (.ppt): the words on the slides and in the notes."""

import struct
from collections.abc import Iterator

from transcription.contract import CannotRead, Transcript, Unreadable
from transcription.documents.plain import tidied
from transcription.documents.stored import CompoundFile
from transcription.documents.written import written

ENGINE = "text of the old slides"
STREAM = "PowerPoint Document"
HEAD = struct.Struct("<HHI")
WIDE_TEXT, NARROW_TEXT = 0x0FA0, 0x0FA8
MASTER, SLIDE_LIST = 0x03F8, 0x0FF0
LISTS_OF_MASTERS = 1
LOCKED = b"\xdf\xc4\xd1\xf3"
"""Kinds of records and the mark of a locked file are those of [MS-PPT] 2.13.24 and 2.3.2."""

DEEPEST = 30


def read_old_slides(data: bytes) -> Transcript:
    """Words in the order the file keeps them, each once; those of the masters ("Click to edit") are left out."""
    with CompoundFile(data) as file:
        if not file.has(STREAM):
            raise CannotRead(Unreadable.BROKEN, "no old slides inside")
        if file.has("Current User") and file.stream("Current User")[12:16] == LOCKED:
            raise CannotRead(Unreadable.ENCRYPTED)
        stream = file.stream(STREAM)
    return written(dict.fromkeys(filter(None, map(tidied, _texts(stream, 0, len(stream), 0)))), ENGINE)


def _texts(stream: bytes, place: int, end: int, depth: int) -> Iterator[str]:
    while place + HEAD.size <= end:
        shape, kind, length = HEAD.unpack_from(stream, place)
        place += HEAD.size
        stop = min(place + length, end)
        if kind == WIDE_TEXT:
            yield _shown(stream[place:stop].decode("utf-16-le", "replace"))
        elif kind == NARROW_TEXT:
            yield _shown(stream[place:stop].decode("latin-1"))
        elif shape & 0xF == 0xF and depth < DEEPEST and not _is_of_masters(shape, kind):
            yield from _texts(stream, place, stop, depth + 1)
        place = stop


def _is_of_masters(shape: int, kind: int) -> bool:
    return kind == MASTER or (kind == SLIDE_LIST and shape >> 4 == LISTS_OF_MASTERS)


def _shown(text: str) -> str:
    return text.replace("\r", "\n").replace("\x0b", "\n").replace("*", "", 1 if text == "*" else 0)
