"""Mends parts that were put together against the rules: a boundary that got lost, a mail encoded inside a mail."""

from __future__ import annotations

import re
from email.message import Message

from channels.email.enclosed import content_with_parts, whole
from channels.email.fields import raw_field
from channels.email.mime import parsed, parsed_anyhow
from channels.email.transfer import decoded_bytes

_BOUNDARY = re.compile(rb"(?im)^--([^\s\"]{1,200})[ \t]*\r?\nContent-")


def out_of_encoding(part: Message, child: Message) -> Message:
    """A mail inside a mail must not be encoded (RFC 2045 6.4), but is."""
    encoding = raw_field(part, "Content-Transfer-Encoding").lower()
    if encoding not in {"base64", "quoted-printable"}:
        return child
    return parsed_anyhow(decoded_bytes(whole(child), encoding))


def with_boundary(part: Message) -> Message | None:
    """A multipart whose boundary got lost, read again with the one its parts show; None when they show none."""
    content = content_with_parts(part)
    shown = _BOUNDARY.search(content)
    if shown is None:
        return None
    header = b'Content-Type: multipart/mixed; boundary="' + shown[1].rstrip(b" -") + b'"\r\n\r\n'
    try:
        again = parsed(header + content)
    except RecursionError:
        return None
    return again if again.is_multipart() else None
