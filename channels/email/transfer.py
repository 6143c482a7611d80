"""Takes the bytes of a part out of their transfer encoding, also where it was applied wrongly or not at all."""

from __future__ import annotations

import base64
import binascii
import quopri
import re
import string
from email.message import Message

from channels.email.fields import raw_field
from channels.packed.encoded import without_uuencoded

_NOT_BASE64 = re.compile(rb"[^A-Za-z0-9+/=\s]|[^\s][ \t]+[^\s]")
_SIGNS = string.ascii_letters.encode() + string.digits.encode() + b"+/=\r\n"
_BASE64_LINE = re.compile(rb"[A-Za-z0-9+/]{20,}={0,2}")
_ENDING_LINE = re.compile(rb"[A-Za-z0-9+/]{2,}={0,2}")
_SHORT = 100
_STRANGE = re.compile(rb"[^A-Za-z0-9+/=]")
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
    """Lines that others put among it in plain words stay; what is no base64 at all is what somebody wrote."""
    is_clean = not coded.translate(None, _SIGNS)  # the search holds up every thread, for seconds where it is long
    if is_clean or _NOT_BASE64.search(coded) is None:
        return _lenient(coded)
    pieces: list[bytes] = []
    lines: list[bytes] = []
    for line in coded.splitlines(keepends=True):
        if _is_coded(line.strip(), after_code=bool(lines) or len(coded) < _SHORT):
            lines.append(line)
            continue
        pieces += [_lenient(b"".join(lines)), b"\r\n"] if lines else []
        pieces.append(line)
        lines = []
    return b"".join([*pieces, _lenient(b"".join(lines))])


def _is_coded(line: bytes, *, after_code: bool) -> bool:
    """A line of base64, also with a few signs in it that do not belong there; a short one only behind others."""
    if _BASE64_LINE.fullmatch(line) or (after_code and _ENDING_LINE.fullmatch(line)):
        return True
    bare = _STRANGE.sub(b"", line)
    few = len(line) - len(bare) < min(4, len(line) // 8 + 1)
    return b" " not in line and few and (_ENDING_LINE if after_code else _BASE64_LINE).fullmatch(bare) is not None


def _lenient(coded: bytes) -> bytes:
    """Signs that do not belong there are passed over, a last group that is cut short gives what it holds."""
    try:
        return base64.b64decode(coded)
    except binascii.Error:
        signs = re.sub(rb"[^A-Za-z0-9+/]+", b"", coded)
        whole = len(signs) - (len(signs) % 4 == 1)
        return binascii.a2b_base64(signs[:whole] + b"=" * (-whole % 4))
