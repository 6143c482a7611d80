"""Mails made to take long or to swell: each a known way to make a reader of mail hang, up to a megabyte or two."""

import base64
import gzip
import io
import random
import zipfile
from collections.abc import Callable

from tests.channels.email.outlook_files import a_tnef

START = b"From: Jo <jo@school.example.org>\r\nSubject: A worry\r\n"


def a_hostile_mail(drawn: random.Random) -> bytes:
    """One mail of a kind and size drawn by lot; small ones are drawn far more often than large ones."""
    size = int(10 ** drawn.uniform(2, 4 if drawn.random() < 0.95 else 6))
    return drawn.choice(_MAKERS)(drawn, size)


def _many_fields(drawn: random.Random, size: int) -> bytes:
    name = drawn.choice((b"A", b"Received", b"From", b"References", b"Content-Type", b""))
    return START + (name + b": x\r\n") * (size // 8) + b"\r\nwords"


def _one_long_field(drawn: random.Random, size: int) -> bytes:
    name = drawn.choice(
        (b"From", b"Subject", b"Content-Type", b"References", b"Reply-To", b"To", b"Content-Disposition")
    )
    piece = drawn.choice((
        b"=?utf-8?q?", b"(", b"\"", b";", b"\";", b"<", b"a@", b",", b"=?",
        b"\\", b" ", b"\r\n ", b"a;b*0*=", b"?", b"[",
        b"<a@b> ", b"; a=\"b;c\"", b"\xe9", b"x", b":", b"=?a?b?", b"@", b".", b"text/plain; ",
    ))  # fmt: skip
    return START + name + b": " + piece * (size // len(piece)) + b"\r\n\r\nwords"


def _nested(drawn: random.Random, size: int) -> bytes:
    depth = min(size // 20, drawn.choice((5, 30, 100, 300, 1000, 4000)))
    if drawn.random() < 0.5:
        return (
            START
            + b"Content-Type: message/rfc822\r\n\r\n" * depth
            + b"Subject: in\r\n\r\n"
            + b"words\r\n" * (size // 10)
        )
    opened = b"".join(b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (n, n) for n in range(depth))
    return START + opened + b"\r\n" + b"words\r\n" * (size // 10)


def _many_parts(drawn: random.Random, size: int) -> bytes:
    inner = drawn.choice((
        b"Content-Type: image/png\r\n\r\nx", b"\r\nwords", b"Content-Type: text/html\r\n\r\n<p>x", b"",
        b"Content-Type: message/rfc822\r\n\r\nSubject: x\r\n\r\nw",
        b"Content-Type: text/plain; charset=x\r\n\r\n\xe9\xf3" * 8,
    ))  # fmt: skip
    kind = drawn.choice((b"mixed", b"alternative", b"digest", b"related"))
    part = b"--b\r\n" + inner + b"\r\n"
    return START + b"Content-Type: multipart/" + kind + b"; boundary=b\r\n\r\n" + part * (size // len(part)) + b"--b--"


def _repeating_body(drawn: random.Random, size: int) -> bytes:
    kind, piece = drawn.choice((
        ("text/html", b"<div>"), ("text/html", b"<table><tr><td>"), ("text/html", b"<a href='x'>"), ("text/html",
        b"<br>"),
        ("text/html", b"&amp;"), ("text/html", b"<img alt=x>"), ("text/html", b"<p>a</p> "), ("text/html", b"<!--"),
        ("text/html", b"<b x='"), ("text/html", b"<p><font><blockquote>"), ("text/html", b"<meta charset"),
        ("text/plain", b" "), ("text/plain", b"\r\n"), ("text/plain", b">"), ("text/plain", b"> > x\r\n"),
        ("text/plain", b"begin 644 x\r\n"), ("text/plain", b"\xe9\xf3 \xb9\xa3"), ("text/plain", b"a" * 70),
        ("text/plain", b"On Monday wrote:\r\n"), ("text/plain", b"-- \r\n"), ("text/plain", b"--b\r\nContent-"),
        ("text/plain", b"-----Original Message-----\r\nFrom: x\r\n"), ("text/plain", b"From: a\r\nSent: b\r\n"),
        ("text/plain", b"\x1b$B"), ("text/plain", b"Message-ID: <"), ("text/plain", b"____"), ("text/plain", b"\t\xa0"),
        ("text/plain; format=flowed", b"> words \r\n"), ("text/plain; charset=utf-7", b"+AGE-"), ("text/plain",
        b"http://x "),
        ("text/plain", b"0.0.0.0.1 "), ("text/plain", b"5.1.1.1"), ("text/plain", b"KMR-4729-H "), ("text/plain",
        b"@a."),
        ("text/enriched", b"<param>"), ("text/enriched", b"<"), ("text/richtext", b"<comment>"), ("text/enriched",
        b"\n\n"),
        ("text/calendar", b"BEGIN:VEVENT\r\nSUMMARY:x\r\n"), ("text/calendar", b"X;A=\"b\"\r\n"), ("text/calendar",
        b"\n a"),
        ("application/mac-binhex40", b"(This file must be converted with BinHex 4.0)\r\n:"),
        ("application/pkcs7-mime", b"\x30\x80"), ("application/pkcs7-mime", b"\x24\x80"), ("multipart/mixed",
        b"--x\r\n"),
        ("multipart/mixed; boundary=x", b"--x\r\n--x--\r\n"), ("text/html", b"<style>a{b:c}</style>"), ("text/html",
        b"<o:p>"),
    ))  # fmt: skip
    return START + b"Content-Type: " + kind.encode() + b"\r\n\r\n" + piece * (size // len(piece))


def _bomb(drawn: random.Random, size: int) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for number in range(drawn.choice((1, 3, 300))):
            archive.writestr(f"{number}.txt", bytes(size * drawn.choice((1, 20))) if number < 3 else b"")
    content = drawn.choice((out.getvalue(), gzip.compress(bytes(size * 20)), gzip.compress(out.getvalue())))
    return _with_file(b"a.zip", content)


def _binhex_bomb(drawn: random.Random, size: int) -> bytes:
    return (
        START
        + b"Content-Type: application/mac-binhex40\r\n\r\n(This file must be converted with BinHex 4.0)\r\n:"
        + (drawn.randbytes(4).hex().encode() + b"hd0Gh" * (size // 5))
    )


def _swollen_tnef(drawn: random.Random, size: int) -> bytes:
    rich = b"{\\rtf1\\fromhtml1 " + drawn.choice((b"{", b"\\par ", b"\\'e9", b"\\u233 ?", b"}", b"x{\\*\\y}")) * (
        size // 20
    )
    files = [("a", b"")] * drawn.choice((1, 50))
    return _with_file(b"winmail.dat", a_tnef(rich=rich[:8000], files=files, words="a" * (size // 10)))


def _outlook_like(drawn: random.Random, size: int) -> bytes:
    mark = "__properties_version1.0".encode("utf-16-le")
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + b"\x3e\x00\x03\x00\xfe\xff\x09\x00\x06\x00"
    return _with_file(b"a.msg", head + drawn.randbytes(478) + mark + drawn.choice((bytes, drawn.randbytes))(size))


def _noise(drawn: random.Random, size: int) -> bytes:
    kind = drawn.choice((b"text/plain", b"text/html", b"application/zip", b"image/png", b"multipart/mixed; boundary=b"))
    return START + b"Content-Type: " + kind + b"\r\n\r\n" + drawn.randbytes(size)


def _with_file(name: bytes, content: bytes) -> bytes:
    form = b"Content-Type: application/octet-stream; name=" + name + b"\r\nContent-Transfer-Encoding: base64\r\n\r\n"
    return START + form + base64.encodebytes(content)


_MAKERS: tuple[Callable[[random.Random, int], bytes], ...] = (
    _many_fields, _one_long_field, _one_long_field, _nested, _many_parts, _repeating_body, _repeating_body, _bomb,
    _binhex_bomb, _swollen_tnef, _outlook_like, _noise,
)  # fmt: skip
