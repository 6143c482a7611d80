"""The files of a mail: their names made safe, their kinds made true, and the id by which its page shows them."""

from __future__ import annotations

import mimetypes
import re
from email.errors import MessageError
from email.message import Message
from email.policy import compat32

from channels.contract import Enclosure
from channels.email.charsets import clean, is_binary, words
from channels.email.fields import decoded, raw_field
from channels.email.transfer import content_of
from channels.media_type import media_type_of
from channels.packed.outlook import is_outlook_mail
from channels.packed.tnef import SIGNATURE as TNEF_SIGNATURE

OUTLOOK, TNEF = "application/vnd.ms-outlook", "application/ms-tnef"
_NO_NAME = re.compile(r"[\x00-\x1f\x7f/\\]+")
_EXACT = compat32.clone(linesep="\r\n", max_line_length=0, mangle_from_=False)
_ENDINGS = {
    "image/jpeg": ".jpg", "image/heic": ".heic", "text/plain": ".txt", "message/rfc822": ".eml", "audio/mpeg": ".mp3",
    "message/delivery-status": ".txt", "text/rfc822-headers": ".txt", "application/octet-stream": ".bin",
    "text/calendar": ".ics", OUTLOOK: ".msg", "message/partial": ".txt", "message/external-body": ".txt",
    "application/pkcs7-mime": ".p7m", "application/x-pkcs7-mime": ".p7m", "application/pgp-encrypted": ".txt",
}  # fmt: skip


def enclosure_of(part: Message, content: bytes, *, number: int, within: str) -> Enclosure:
    """A part as a file; ``number`` makes up a name for one that has none."""
    claimed, name = part.get_content_type(), name_of(part)
    kind = true_kind(content, name=name, claimed=claimed)
    return Enclosure(
        name=name or f"attachment-{number}{_ending(kind)}", media_type=kind, content=content, within=within,
        content_id=_content_id(part),
    )  # fmt: skip


def inner_enclosure(name: str, content: bytes, *, number: int, within: str) -> Enclosure:
    """A file out of another one."""
    safe = safe_name(name)
    kind = true_kind(content, name=safe, claimed=mimetypes.guess_type(safe)[0] or "")
    return Enclosure(
        name=safe or f"attachment-{number}{_ending(kind)}", media_type=kind, content=content, within=within
    )


def true_kind(content: bytes, *, name: str, claimed: str) -> str:
    """The media type the bytes show, or what was claimed where only the sender can know."""
    if claimed.startswith(("text/", "message/")) and not is_binary(content):
        return claimed
    if content.startswith(TNEF_SIGNATURE):
        return TNEF
    return OUTLOOK if is_outlook_mail(content) else media_type_of(content, name=name, claimed=claimed)


def name_of(part: Message) -> str:
    """The file's name as the sender wrote it, without folders; empty when it has none."""
    try:
        given = part.get_filename() or ""
    except (LookupError, ValueError, TypeError):
        given = ""
    return safe_name(decoded(words(given.encode("utf-8", "surrogateescape"), None)))


def safe_name(name: str) -> str:
    """The last part of a path, without what no file's name should hold."""
    return _NO_NAME.sub(" ", clean(re.split(r"[/\\]", name)[-1])).strip(" .")[:200]


def content_with_parts(part: Message) -> bytes:
    """The bytes of a part; of one that holds others, those with their headers."""
    if part.is_multipart():
        return b"\r\n".join(whole(child) for child in children_of(part))
    return content_of(part)


def whole(part: Message) -> bytes:
    """A part with its header; field by field as it was read where the library cannot write it out again."""
    try:
        return part.as_bytes(policy=_EXACT)
    except (LookupError, ValueError, TypeError, AttributeError, RecursionError, MessageError):
        header = "".join(f"{name}: {value}\r\n" for name, value in part.raw_items())
        return header.encode("utf-8", "surrogateescape") + b"\r\n" + _body(part)


def _body(part: Message) -> bytes:
    payload = part._payload  # type: ignore[attr-defined]
    if isinstance(payload, str):
        return payload.encode("utf-8", "surrogateescape")
    return b"\r\n".join(whole(child) for child in children_of(part))


def children_of(part: Message) -> list[Message]:
    """The parts directly inside."""
    payload = part.get_payload()
    return [child for child in payload if isinstance(child, Message)] if isinstance(payload, list) else []


def _ending(kind: str) -> str:
    return _ENDINGS.get(kind) or mimetypes.guess_extension(kind) or ""


def _content_id(part: Message) -> str:
    return clean(raw_field(part, "Content-ID")).strip().strip("<>").strip()[:250]
