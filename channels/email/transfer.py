"""Takes the bytes of a part out of their transfer encoding, also where it was applied wrongly or not at all."""

from __future__ import annotations

import base64
import binascii
import quopri
import re
from email.message import Message

from channels.email.fields import raw_field
from channels.packed.encoded import without_uuencoded

_NOT_BASE64 = re.compile(rb"[^A-Za-z0-9+/=\s]")
_BASE64_LINES = re.compile(rb"(?:[A-Za-z0-9+/]{4,}={0,2}[ \t]*(?:\r?\n|\r|\Z)|[ \t]*(?:\r?\n|\r))++")
_UUENCODED = frozenset({"x-uuencode", "uuencode", "uue", "x-uue"})


def content_of(part: Message) -> bytes:
    """The bytes of a part that holds no others, as far as they can be got out of their encoding."""
    payload = part._payload  # type: ignore[attr-defined]  # get_payload() would guess at its charset
    if not isinstance(payload, str):
        return b""
    return decoded_bytes(payload.encode("utf-8", "surrogateescape"), raw_field(part, "Content-Transfer-Encoding"))


def decoded_bytes(coded: bytes, encoding: str) -> bytes:
    """Bytes out of the encoding a header names; as they are where it names none that is known."""
    name = encoding.split(";", maxsplit=1)[0].strip().strip("\"'").lower()
    if name == "quoted-printable":
        return quopri.decodestring(coded)
    if name == "base64":
        return _from_base64(coded)
    if name in _UUENCODED:
        return b"".join(file.content for file in without_uuencoded(coded).files) or coded
    return coded


def _from_base64(coded: bytes) -> bytes:
    """What others added behind it in plain words stays; what is no base64 at all is what somebody wrote."""
    strange = _NOT_BASE64.search(coded)
    if strange is None:
        return _lenient(coded)
    lines = _BASE64_LINES.match(coded)
    if lines is None:
        words = len(coded.split())
        return coded if words > 2 and words * 30 > len(coded) else _lenient(coded)
    rest = coded[lines.end() :]
    is_words = b" " in rest.strip() or rest.lstrip().startswith((b"--", b"__"))
    return _lenient(lines[0]) + b"\r\n" + rest if is_words else _lenient(coded)


def _lenient(coded: bytes) -> bytes:
    """Signs that do not belong there are passed over, a last group that is cut short gives what it holds."""
    try:
        return base64.b64decode(coded)
    except binascii.Error:
        signs = re.sub(rb"[^A-Za-z0-9+/]+", b"", coded)
        whole = len(signs) - (len(signs) % 4 == 1)
        return binascii.a2b_base64(signs[:whole] + b"=" * (-whole % 4))
