"""Takes files out of the older codes that stand in the words of a mail: uuencode and BinHex."""

from __future__ import annotations

import binascii
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from channels.packed.opened import Inner
from channels.packed.room import Room

_MOST_FILES = 200
_BEGIN = re.compile(rb"^begin(?:-base64)? [0-7]{3,4} ([^\r\n]{1,250})\r?\n", re.MULTILINE)
_ENDS = frozenset({b"end", b"===="})
_HQX_BEGIN = re.compile(rb"\(This file must be converted with BinHex[^\r\n]{0,40}[\r\n]+:")
_HQX_SIGNS = b"!\"#$%&'()*+,-012345689@ABCDEFGHIJKLMNPQRSTUVXYZ[`abcdefhijklmpqr"
_HQX_TO_BASE64 = bytes.maketrans(_HQX_SIGNS, b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/")
_NOT_HQX = bytes(set(range(256)) - set(_HQX_SIGNS))


@dataclass(frozen=True, kw_only=True)
class TakenOut:
    """The words without the codes, and the files that stood there."""

    words: bytes
    files: tuple[Inner, ...]


def without_uuencoded(content: bytes) -> TakenOut:
    """Files between "begin 644 name" and "end"; where the lines are no such code they stay words."""
    words, files, at = [], [], 0
    for begin in islice(_BEGIN.finditer(content), _MOST_FILES):
        if begin.start() < at:
            continue
        decoded, after = _decoded(content, begin)
        if decoded:
            words.append(content[at : begin.start()])
            files.append(Inner(name=begin[1].decode("utf-8", "replace").strip(), content=decoded))
            at = after
    return TakenOut(words=b"".join([*words, content[at:]]), files=tuple(files))


def _decoded(content: bytes, begin: re.Match[bytes]) -> tuple[bytes, int]:
    """The file that begins here, and where the words go on; a code that breaks off gives what came before."""
    decode = binascii.a2b_base64 if begin[0].startswith(b"begin-base64") else _uu
    decoded: list[bytes] = []
    after = begin.end()
    for line in _lines(content, after):
        after += len(line)
        if line.strip() in _ENDS:
            break
        try:
            decoded.append(decode(line.rstrip(b"\r\n")))
        except binascii.Error:
            return b"".join(decoded), after - len(line)
    return b"".join(decoded), after


def _lines(content: bytes, at: int) -> Iterator[bytes]:
    while at < len(content):
        end = content.find(b"\n", at) + 1 or len(content)
        yield content[at:end]
        at = end


def _uu(line: bytes) -> bytes:
    """One line; what stands behind its length is forgiven, as other readers do."""
    if not line.strip(b"` "):
        return b""
    try:
        return binascii.a2b_uu(line)
    except binascii.Error:
        length = (((line[0] - 32) & 63) * 4 + 5) // 3
        return binascii.a2b_uu(line[:length])


def from_binhex(content: bytes, room: Room) -> tuple[Inner, ...] | None:
    """The file and, where there is one, its resource fork (RFC 1741); None if there is no BinHex in it."""
    begin = _HQX_BEGIN.search(content)
    if begin is None:
        return None
    coded = content[begin.end() : content.find(b":", begin.end()) % (len(content) + 1)]
    plain = _repeated(_six_bits(coded), room.largest(len(coded)))
    if not plain or len(plain) < plain[0] + 22:
        return ()
    name = plain[1 : 1 + plain[0]].decode("mac_roman")
    at = plain[0] + 2
    data_size, resource_size = (int.from_bytes(plain[at + 10 + n : at + 14 + n], "big") for n in (0, 4))
    data = plain[at + 20 : at + 20 + data_size]
    resource = plain[at + 22 + data_size : at + 22 + data_size + resource_size]
    files = (Inner(name=name, content=data), Inner(name=f"{name}.rsrc", content=resource))
    return tuple(file for file in files if file.content or file.name == name)


def _six_bits(coded: bytes) -> bytes:
    """BinHex is base64 with other signs and no padding."""
    signs = coded.translate(_HQX_TO_BASE64, _NOT_HQX)
    whole = len(signs) - (len(signs) % 4 == 1)
    return binascii.a2b_base64(signs[:whole] + b"=" * (-whole % 4))


def _repeated(plain: bytes, most: int) -> bytes:
    """A byte, 0x90 and a count stand for that byte so often; 0x90 and zero for 0x90 itself. Stops past ``most``."""
    runs: list[bytes] = []
    size = 0
    for run in _runs(plain):
        runs.append(run)
        size += len(run)
        if size > most:
            break
    return b"".join(runs)


def _runs(plain: bytes) -> Iterator[bytes]:
    at, last = 0, b""
    while 0 <= (mark := plain.find(b"\x90", at)) < len(plain) - 1:
        if mark > at:
            last = plain[mark - 1 : mark]
            yield plain[at:mark]
        count = plain[mark + 1]
        if count == 0:
            last = b"\x90"
        yield last * (count - 1 if count else 1)
        at = mark + 2
    yield plain[at:]
