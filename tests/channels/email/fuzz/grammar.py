"""Builds mails part by part, each choice usual or strange: headers, multiparts in multiparts, every kind of body."""

import base64
import binascii
import random
from collections.abc import Callable

from tests.channels.email.fuzz import words
from tests.channels.email.fuzz.packed import a_packed_file

_DEEPEST = 6


def a_mail(drawn: random.Random, depth: int = 0) -> bytes:
    """One mail; ``depth`` is how deep it stands in another."""
    header = b"".join(_field(drawn, drawn.choice(words.FIELDS)) for _ in range(drawn.randrange(12)))
    usual = b"" if drawn.random() < 0.1 else b"From: Jo <jo@school.example.org>\r\nSubject: A worry\r\n"
    return _line_ends(drawn, usual + header + _part(drawn, depth))


def _field(drawn: random.Random, name: str) -> bytes:
    value = words.in_some_charset(drawn, drawn.choice(words.VALUES))
    if drawn.random() < 0.2:
        value = b"\r\n ".join([value] * drawn.randrange(1, 4))
    return name.encode() + drawn.choice((b": ", b":", b" : ", b":\t", b"")) + value + b"\r\n"


def _part(drawn: random.Random, depth: int) -> bytes:
    """Header of form, empty line and body."""
    if depth < _DEEPEST and drawn.random() < 0.5 / (depth + 1):
        return _multipart(drawn, depth)
    kind = drawn.choice(words.KINDS)
    if kind.startswith("message/") and depth < _DEEPEST and drawn.random() < 0.5:
        return b"Content-Type: " + kind.encode() + b"\r\n\r\n" + _inner_mail(drawn, depth)
    encoding = drawn.choice(words.ENCODINGS)
    form = f"Content-Type: {kind}; charset={drawn.choice(words.CHARSETS)}\r\n"
    if drawn.random() < 0.7:
        form += f"Content-Transfer-Encoding: {encoding}\r\n"
    if drawn.random() < 0.4:
        name = drawn.choice(words.NAMES)
        form += f'Content-Disposition: {drawn.choice(("attachment", "inline", "x"))}; filename="{name}"\r\n'
    if drawn.random() < 0.1:
        form += "Content-ID: <picture@example.org>\r\n"
    return form.encode("utf-8", "replace") + b"\r\n" + _encoded(drawn, _body(drawn, kind, depth), encoding)


def _inner_mail(drawn: random.Random, depth: int) -> bytes:
    return _field(drawn, "From") + _field(drawn, "Subject") + _part(drawn, depth + 1)


def _multipart(drawn: random.Random, depth: int) -> bytes:
    boundary = drawn.choice(words.BOUNDARIES) + (str(depth) if drawn.random() < 0.8 else "")
    quoted = f'"{boundary}"' if drawn.random() < 0.7 else boundary
    form = f"Content-Type: multipart/{drawn.choice(words.MULTIPARTS)}; boundary={quoted}\r\n\r\n".encode()
    mark = b"--" + boundary.encode()
    parts = [_part(drawn, depth + 1) for _ in range(drawn.choice((0, 1, 2, 2, 3, 3, 5, 12)))]
    body = b"".join(mark + b"\r\n" + part + b"\r\n" for part in parts)
    ended = drawn.random()
    end = mark + b"--\r\n" if ended < 0.8 else b"" if ended < 0.9 else mark + b"--" + mark + b"\r\n"
    return form + drawn.choice((b"", b"", b"This is MIME.\r\n")) + body + end + drawn.choice((b"", b"", b"after\r\n"))


def _body(drawn: random.Random, kind: str, depth: int) -> bytes:
    if drawn.random() < 0.2:
        return a_packed_file(
            drawn, lambda: a_mail(drawn, depth + 2) if drawn.random() < 0.3 / (depth + 1) else b"words"
        )
    makers: dict[str, Callable[[random.Random], bytes]] = {
        "text/html": _page, "text/calendar": _calendar, "application/ics": _calendar, "text/enriched": _enriched,
        "text/richtext": _enriched, "message/delivery-status": _status,
    }  # fmt: skip
    make = makers.get(kind.partition(";")[0], _prose)
    return make(drawn) if drawn.random() < 0.9 else drawn.randbytes(drawn.randrange(600))


def _prose(drawn: random.Random) -> bytes:
    text = words.in_some_charset(drawn, words.sentences(drawn, 20))
    if drawn.random() < 0.08:
        coded = b"".join(binascii.b2a_uu(drawn.randbytes(drawn.randrange(46))) for _ in range(4))
        text += b"\r\nbegin 644 " + drawn.choice(words.NAMES).encode()[:60] + b"\r\n" + coded + b"`\r\nend\r\n"
    return text


def _page(drawn: random.Random) -> bytes:
    pieces = drawn.choices(words.HTML + words.SENTENCES, k=drawn.randrange(30))
    return words.in_some_charset(drawn, "".join(pieces))


def _enriched(drawn: random.Random) -> bytes:
    tags = ("<bold>", "</bold>", "<<", "<nofill>", "</nofill>", "<param>x</param>", "<nl>", "<lt>", "<comment>", "\n\n")
    return words.in_some_charset(drawn, "".join(drawn.choices(tags + words.SENTENCES, k=drawn.randrange(30))))


def _calendar(drawn: random.Random) -> bytes:
    lines = (
        "BEGIN:VCALENDAR", "BEGIN:VEVENT", "SUMMARY:Strategy meeting", "DTSTART;TZID=Europe/London:20261123T101500",
        "DTEND:20261123", "ORGANIZER;CN=\"Jo; Example\":mailto:jo@example.org", "DESCRIPTION:one\\ntwo\\, three",
        " more",
        "ATTENDEE;CN=a:b", "END:VEVENT", "END:VCALENDAR", "BEGIN:VALARM", "DTSTART:x", ";:;:", "SUMMARY;" * 30 + ":x",
    )  # fmt: skip
    return "\r\n".join(["BEGIN:VCALENDAR", *drawn.choices(lines, k=drawn.randrange(30))]).encode()


def _status(drawn: random.Random) -> bytes:
    lines = ("Action: failed", "Status: 5.1.1", "", "Final-Recipient: rfc822; a@example.org", "Diagnostic-Code: x", ":")
    return "\r\n".join(drawn.choices(lines, k=drawn.randrange(15))).encode()


def _encoded(drawn: random.Random, body: bytes, encoding: str) -> bytes:
    if drawn.random() < 0.1:
        return body
    if "base64" in encoding.lower():
        coded = base64.encodebytes(body)
        return (
            coded
            if drawn.random() < 0.8
            else coded[: drawn.randrange(len(coded) + 1)] + b"\r\n--\r\nA footer in words\r\n"
        )
    if encoding.startswith("quoted"):
        return binascii.b2a_qp(body)
    if encoding.startswith("x-uu"):
        lines = (binascii.b2a_uu(body[at : at + 45]) for at in range(0, len(body), 45))
        return b"begin 644 x\n" + b"".join(lines) + b"`\nend\n"
    return body


def _line_ends(drawn: random.Random, mail: bytes) -> bytes:
    chosen = drawn.random()
    if chosen < 0.85:
        return mail
    return mail.replace(b"\r\n", b"\n") if chosen < 0.97 else mail.replace(b"\r\n", b"\r")
