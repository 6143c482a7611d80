"""Finds the characters of an old Word document (.doc) among its pieces, and which of them were deleted.

Offsets and codes are those of [MS-DOC] 2.5 (file information block), 2.8.35 (pieces) and 2.9.33 (formatted runs).
"""

import struct
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass

from transcription.contract import CannotRead, Unreadable

PIECE_LIST, RUN_LIST = 0x1A2, 0xFA
COMPRESSED = 0x40000000
DELETED = 0x0800
PAGE = 512
MOST_PIECES = 200_000
OPERAND_SIZES = {0: 1, 1: 1, 2: 2, 3: 4, 4: 2, 5: 2, 7: 3}


@dataclass(frozen=True, kw_only=True)
class Stretch:
    """Characters that lie together in the file; `is_deleted`: a tracked change took them out."""

    text: str
    is_deleted: bool


@dataclass(frozen=True, kw_only=True)
class _Piece:
    start: int
    length: int
    is_wide: bool


def stretches(document: bytes, table: bytes) -> Iterator[Stretch]:
    """Every character in the order of the document: text, footnotes, headers, comments, endnotes, text boxes."""
    deleted = list(_deleted_runs(document, table))
    for piece in _pieces(document, table):
        yield from _parted(document, piece, deleted)


def number(data: bytes, place: int) -> int:
    """Four bytes as a number; raises CannotRead(broken) past the end."""
    if place < 0 or place + 4 > len(data):
        raise CannotRead(Unreadable.BROKEN, "ends too early")
    return int(struct.unpack_from("<I", data, place)[0])


def _pieces(document: bytes, table: bytes) -> Iterator[_Piece]:
    place = number(document, PIECE_LIST)
    end = min(place + number(document, PIECE_LIST + 4), len(table))
    while place + 5 <= end and table[place] == 1:
        place += 3 + int.from_bytes(table[place + 1 : place + 3], "little")
    if place + 5 > end or table[place] != 2:
        raise CannotRead(Unreadable.BROKEN, "no list of pieces")
    count = (number(table, place + 1) - 4) // 12
    place += 5
    if not 0 < count <= MOST_PIECES or place + 12 * count + 4 > len(table):
        raise CannotRead(Unreadable.BROKEN, "a wrong list of pieces")
    for index in range(count):
        first, last = number(table, place + 4 * index), number(table, place + 4 * index + 4)
        coded = number(table, place + 4 * (count + 1) + 8 * index + 2)
        is_wide = not coded & COMPRESSED
        start = coded & (COMPRESSED - 1)
        yield _Piece(start=start if is_wide else start // 2, length=max(last - first, 0), is_wide=is_wide)


def _parted(document: bytes, piece: _Piece, deleted: list[tuple[int, int]]) -> Iterator[Stretch]:
    """A piece cut wherever a deletion begins or ends inside it."""
    size = 2 if piece.is_wide else 1
    end = min(piece.start + piece.length * size, len(document))
    place = piece.start
    for start, stop in deleted[max(bisect_right(deleted, (piece.start, 0)) - 1, 0) :]:
        if start >= end:
            break
        if stop <= place:
            continue
        yield Stretch(text=_characters(document[place : max(start, place)], piece), is_deleted=False)
        yield Stretch(text=_characters(document[max(start, place) : min(stop, end)], piece), is_deleted=True)
        place = min(stop, end)
    yield Stretch(text=_characters(document[place:end], piece), is_deleted=False)


def _characters(data: bytes, piece: _Piece) -> str:
    """One character for each that Word counts: the two halves of a rare one stay apart until they are shown."""
    if not piece.is_wide:
        return data.decode("cp1252", "replace")
    return "".join(map(chr, struct.unpack(f"<{len(data) // 2}H", data[: len(data) // 2 * 2])))


def _deleted_runs(document: bytes, table: bytes) -> Iterator[tuple[int, int]]:
    """Where in the file runs of characters lie that carry the mark of a deletion, in order."""
    place, length = number(document, RUN_LIST), number(document, RUN_LIST + 4)
    count = min((length - 4) // 8, MOST_PIECES)
    if count <= 0 or place + length > len(table):
        return
    for index in range(count):
        page = number(table, place + 4 * (count + 1) + 4 * index) & 0x3FFFFF
        yield from _deleted_on(document[page * PAGE : (page + 1) * PAGE])


def _deleted_on(page: bytes) -> Iterator[tuple[int, int]]:
    if len(page) < PAGE:
        return
    count = page[-1]
    for index in range(count):
        place = page[4 * (count + 1) + index] * 2 if 4 * (count + 1) + index < PAGE else 0
        if place and place < PAGE and _marks_deletion(page[place + 1 : place + 1 + page[place]]):
            yield number(page, 4 * index), number(page, 4 * index + 4)


def _marks_deletion(properties: bytes) -> bool:
    place = 0
    while place + 3 <= len(properties):
        code = int.from_bytes(properties[place : place + 2], "little")
        if code == DELETED:
            return properties[place + 2] == 1
        place += 2 + OPERAND_SIZES.get(code >> 13, properties[place + 2] + 1)
    return False
