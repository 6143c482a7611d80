"""Builds files that hold others: archives, winmail.dat, Outlook mails, signed wrappings, BinHex, and their damage."""

import bz2
import gzip
import io
import lzma
import random
import struct
import tarfile
import zipfile
from collections.abc import Callable

from tests.channels.email.fuzz import words
from tests.channels.email.outlook_files import a_binhex, a_signed_wrapping, a_tnef, an_outlook_mail

Fill = Callable[[], bytes]


def a_packed_file(drawn: random.Random, fill: Fill) -> bytes:
    """One container, sometimes in another, sometimes damaged."""
    makers = (_zip, _tar, _compressed, _tnef, _outlook, _signed, _binhex)
    content = drawn.choice(makers)(drawn, fill)
    if drawn.random() < 0.15:
        content = drawn.choice(makers)(drawn, lambda: content)
    return content if drawn.random() < 0.6 else _hurt(drawn, content)


def _zip(drawn: random.Random, fill: Fill) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(
        out, "w", drawn.choice((zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2))
    ) as archive:
        for number in range(drawn.randrange(5)):
            archive.writestr(f"{number}{drawn.choice(words.NAMES)}".replace("\x00", "x"), fill())
    return out.getvalue()


def _tar(drawn: random.Random, fill: Fill) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=drawn.choice((tarfile.PAX_FORMAT, tarfile.GNU_FORMAT))) as archive:
        for number in range(drawn.randrange(4)):
            content = fill()
            entry = tarfile.TarInfo(f"{number}{drawn.choice(words.NAMES)}".replace("\x00", "x"))
            entry.size = len(content)
            entry.type = drawn.choice((tarfile.REGTYPE, tarfile.REGTYPE, tarfile.SYMTYPE, tarfile.FIFOTYPE))
            archive.addfile(entry, io.BytesIO(content) if entry.isreg() else None)
    return out.getvalue()


def _compressed(drawn: random.Random, fill: Fill) -> bytes:
    content = fill() if drawn.random() < 0.6 else _tar(drawn, fill)
    return drawn.choice((gzip.compress, bz2.compress, lzma.compress))(content)


def _tnef(drawn: random.Random, fill: Fill) -> bytes:
    rich = drawn.choice((b"", b"{\\rtf1\\ansi He was \\'e9 hungry.\\par \\u8211?}", _strange_rtf(drawn)))
    files = [(drawn.choice(words.NAMES), fill()) for _ in range(drawn.randrange(3))]
    return a_tnef(words=words.sentences(drawn), rich=rich, files=files, subject="A worry")


def _strange_rtf(drawn: random.Random) -> bytes:
    pieces = (
        b"{", b"}", b"{\\*\\htmltag84 <p>}", b"\\htmlrtf ", b"\\htmlrtf0 ", b"\\'zz", b"\\u-9999 ?", b"\\bin99999 x",
        b"\\uc9", b"{\\fonttbl{\\f1\\fcharset128 x;}}", b"\\f1\\'83\\'65", b"\\", b"words ", b"\\par", b"\\pict ",
    )  # fmt: skip
    return b"{\\rtf1\\fromhtml1 " + b"".join(drawn.choices(pieces, k=drawn.randrange(60)))


def _outlook(drawn: random.Random, fill: Fill) -> bytes:
    files = [(drawn.choice(words.NAMES), fill()) for _ in range(drawn.randrange(3))]
    return an_outlook_mail(subject="A worry", words=words.sentences(drawn), sender="jo@school.example.org", files=files)


def _signed(drawn: random.Random, fill: Fill) -> bytes:
    return a_signed_wrapping(b"Content-Type: text/plain\r\n\r\n" + fill(), open_ended=drawn.random() < 0.5)


def _binhex(drawn: random.Random, fill: Fill) -> bytes:
    return a_binhex("door.txt", fill())


def _hurt(drawn: random.Random, content: bytes) -> bytes:
    """A byte or a length changed, or the end gone."""
    hurt = bytearray(content)
    for _ in range(drawn.randrange(1, 8)):
        if not hurt:
            break
        at = drawn.randrange(len(hurt))
        if drawn.random() < 0.5:
            hurt[at] = drawn.randrange(256)
        elif drawn.random() < 0.7 and at + 4 <= len(hurt):
            hurt[at : at + 4] = struct.pack("<I", drawn.choice((0, 1, 0xFFFF, 0x7FFFFFFF, 0xFFFFFFFF, len(hurt))))
        else:
            del hurt[at:]
    return bytes(hurt)
