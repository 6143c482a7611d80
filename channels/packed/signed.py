"""Takes the mail out of its signed wrapping (S/MIME, RFC 8551): a signature around it hides nothing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

_OCTETS, _OID, _CONTEXT, _CONSTRUCTED = 0x04, 0x06, 0xA0, 0x20
_DEEPEST = 12
# RFC 5652 and RFC 3274: the last byte tells the kinds of PKCS #7 content apart.
_PKCS7 = bytes.fromhex("2a864886f70d0107")
_AUTHENTICATED = bytes.fromhex("2a864886f70d0109100117")


class Wrapping(StrEnum):
    """What a PKCS #7 file is."""

    SIGNED = "signed"
    ENCRYPTED = "encrypted"
    OTHER = "other"


@dataclass(frozen=True, kw_only=True)
class Unwrapped:
    """``content`` is the mail that was signed; empty when it is encrypted, stands elsewhere or is damaged."""

    wrapping: Wrapping
    content: bytes = b""


class _Damaged(Exception):
    """It is not in the encoding it should be in."""


@dataclass(frozen=True, kw_only=True)
class _Item:
    """One value in BER (X.690): its tag and where its content stands, ``after`` being where the next begins."""

    tag: int
    start: int
    end: int
    after: int


def unwrap(content: bytes) -> Unwrapped:
    """Never fails: what cannot be read is ``OTHER``."""
    try:
        return _unwrap(content)
    except _Damaged:
        return Unwrapped(wrapping=Wrapping.OTHER)


def _unwrap(content: bytes) -> Unwrapped:
    outer = list(_items(content, _item(content, 0, len(content)), 2))
    if len(outer) < 2 or outer[0].tag != _OID:
        raise _Damaged
    kind = content[outer[0].start : outer[0].end]
    if kind in {_PKCS7 + b"\x03", _PKCS7 + b"\x06", _AUTHENTICATED}:
        return Unwrapped(wrapping=Wrapping.ENCRYPTED)
    if kind != _PKCS7 + b"\x02":
        raise _Damaged
    signed = next(_items(content, outer[1], 1), None)
    if signed is None:
        raise _Damaged
    return Unwrapped(wrapping=Wrapping.SIGNED, content=_signed_content(content, signed))


def _signed_content(content: bytes, signed: _Item) -> bytes:
    """The third item of SignedData is what was signed: its kind and, if it is inside, its bytes (RFC 5652 5.2)."""
    items = list(_items(content, signed, 3))
    if len(items) < 3:
        return b""
    inside = [item for item in _items(content, items[2], 2) if item.tag == _CONTEXT]
    return b"".join(_octets(content, inside[0], 0)) if inside else b""


def _octets(content: bytes, item: _Item, depth: int) -> Iterator[bytes]:
    """An octet string, which may be cut into many."""
    if item.tag == _OCTETS:
        yield content[item.start : item.end]
    elif item.tag & _CONSTRUCTED and depth < _DEEPEST:
        for inner in _items(content, item):
            yield from _octets(content, inner, depth + 1)


def _items(content: bytes, outer: _Item, most: int = 1_000_000) -> Iterator[_Item]:
    at = outer.start
    while at < outer.end and most > 0:
        item = _item(content, at, outer.end)
        yield item
        at, most = item.after, most - 1


def _item(content: bytes, at: int, end: int, depth: int = 0) -> _Item:
    if at + 2 > end or depth > _DEEPEST:
        raise _Damaged
    tag, length, start = content[at], content[at + 1], at + 2
    if length == 0x80:
        return _open_ended(content, tag, start, end, depth)
    if length > 0x80:
        size = length & 0x7F
        if size > 4 or start + size > end:
            raise _Damaged
        length, start = int.from_bytes(content[start : start + size], "big"), start + size
    if start + length > end:
        raise _Damaged
    return _Item(tag=tag, start=start, end=start + length, after=start + length)


def _open_ended(content: bytes, tag: int, start: int, end: int, depth: int) -> _Item:
    """Of indefinite length: it goes on until two zero bytes where an item would begin (X.690 8.1.3.6)."""
    at = start
    while content[at : at + 2] != b"\x00\x00":
        at = _item(content, at, end, depth + 1).after
    return _Item(tag=tag, start=start, end=at, after=at + 2)
