"""Takes a mail apart: the words somebody wrote, and every file that came with them."""

from __future__ import annotations

import email
import email.policy
import mimetypes
import re
from dataclasses import dataclass, field
from email.message import Message

from channels.contract import Enclosure
from channels.email import html
from channels.email.charsets import clean, is_binary, words
from channels.email.fields import decoded
from channels.email.fields import field as header_field
from channels.media_type import media_type_of

_DEEPEST = 20
_MOST_PARTS = 500
_WRITTEN = frozenset({"text/plain", "text/html", "text/enriched"})
_SAME_WORDS_AGAIN = "text/x-amp-html"
_NO_NAME = re.compile(r"[\x00-\x1f\x7f/\\]+")
_BOUNDARY = re.compile(rb"(?im)^--([^\s\"]{1,200})[ \t]*\r?\nContent-")
_EXACT = email.policy.compat32.clone(linesep="\r\n", max_line_length=0, mangle_from_=False)
_ENDINGS = {
    "image/jpeg": ".jpg", "image/heic": ".heic", "text/plain": ".txt", "message/rfc822": ".eml", "audio/mpeg": ".mp3",
    "message/delivery-status": ".txt", "text/rfc822-headers": ".txt", "application/octet-stream": ".bin",
}  # fmt: skip


@dataclass(kw_only=True)
class Found:
    """What is found on the way through a mail, in the order it stands there."""

    texts: list[str] = field(default_factory=list)
    enclosures: list[Enclosure] = field(default_factory=list)

    @property
    def text(self) -> str:
        """All the words, one part after the other."""
        return "\n\n".join(text for text in self.texts if text)


def take_apart(message: Message) -> Found:
    """The words and the files of a mail; nothing that carries content is left out."""
    found = Found()
    _take(message, found, depth=0)
    if not found.text:
        _read_named_texts(message, found)
    return found


def _take(part: Message, found: Found, *, depth: int) -> None:
    kind = part.get_content_type()
    if depth > _DEEPEST or len(found.enclosures) > _MOST_PARTS:
        found.enclosures.append(_enclosure(part, _whole(part), found))
    elif kind == "multipart/alternative" and part.is_multipart():
        _take_alternatives(part, found, depth=depth + 1)
    elif kind.startswith("message/") and kind != "message/delivery-status" and part.is_multipart():
        _take_message(part, found, depth=depth + 1)
    elif part.is_multipart() and kind != "message/delivery-status":
        for child in _children(part):
            _take(child, found, depth=depth + 1)
    elif kind.startswith("multipart/") and (mended := _with_boundary(part)) is not None:
        _take(mended, found, depth=depth + 1)
    elif _is_written(part):
        found.texts.append(_words_of(part))
    else:
        found.enclosures.append(_enclosure(part, _content(part), found))


def _take_alternatives(part: Message, found: Found, *, depth: int) -> None:
    """The plain words, unless another form says far more than they do (a plain part that only says "see HTML")."""
    forms: list[Found] = []
    for child in _children(part):
        form = Found()
        if child.get_content_type() != _SAME_WORDS_AGAIN:
            _take(child, form, depth=depth)
        forms.append(form)
        found.enclosures.extend(form.enclosures)
    spoken = [form.text for form in forms if form.text]
    if spoken:
        richest = max(spoken, key=lambda text: len(text.split()))
        says_more = len(richest.split()) > 2 * len(spoken[0].split()) + 5
        found.texts.append(richest if says_more else spoken[0])


def _take_message(part: Message, found: Found, *, depth: int) -> None:
    """A mail inside a mail is kept as a file, and its words and files are found too."""
    found.enclosures.append(_enclosure(part, b"".join(_whole(child) for child in _children(part)), found))
    for child in _children(part):
        subject, sender = header_field(child, "Subject"), header_field(child, "From")
        about = [f"{name}: {value}" for name, value in (("From", sender), ("Subject", subject)) if value]
        found.texts.append("\n".join(["Attached message", *about]))
        _take(child, found, depth=depth)


def _with_boundary(part: Message) -> Message | None:
    """A multipart whose boundary got lost, read again with the one its parts show; None when they show none."""
    content = _content(part)
    shown = _BOUNDARY.search(content)
    if shown is None:
        return None
    header = b'Content-Type: multipart/mixed; boundary="' + shown[1].rstrip(b" -") + b'"\r\n\r\n'
    try:
        again = email.message_from_bytes(header + content)
    except RecursionError:
        return None
    return again if again.is_multipart() else None


def _is_written(part: Message) -> bool:
    """Words of the mail itself rather than a text file somebody attached; a multipart without parts is words too."""
    kind = part.get_content_type()
    if kind not in _WRITTEN and not kind.startswith("multipart/"):
        return False
    return part.get_content_disposition() != "attachment" and not _name(part) and not is_binary(_content(part))


def _read_named_texts(message: Message, found: Found) -> None:
    """When nobody wrote anything else, the text files are what was said."""
    for part in message.walk():
        if part.get_content_type() in _WRITTEN and not is_binary(_content(part)):
            found.texts.append(_words_of(part))


def _words_of(part: Message) -> str:
    content, charset = _content(part), _charset(part)
    if part.get_content_type() == "text/html":
        return html.plain_text(words(content, charset or html.declared_charset(content)))
    return words(content, charset).strip()


def _enclosure(part: Message, content: bytes, found: Found) -> Enclosure:
    claimed, name = part.get_content_type(), _name(part)
    if claimed.startswith(("text/", "message/")) and not is_binary(content):
        media_type = claimed
    else:
        media_type = media_type_of(content, name=name, claimed=claimed)
    return Enclosure(name=name or _made_up(media_type, found), media_type=media_type, content=content)


def _made_up(media_type: str, found: Found) -> str:
    ending = _ENDINGS.get(media_type) or mimetypes.guess_extension(media_type) or ""
    return f"attachment-{len(found.enclosures) + 1}{ending}"


def _name(part: Message) -> str:
    """The file's name as the sender wrote it, without folders; empty when it has none."""
    try:
        given = part.get_filename() or ""
    except (LookupError, ValueError, TypeError):
        given = ""
    readable = given.encode("utf-8", "surrogateescape")
    last = re.split(r"[/\\]", decoded(words(readable, None)))[-1]
    return _NO_NAME.sub(" ", clean(last)).strip(" .")[:200]


def _charset(part: Message) -> str | None:
    try:
        return part.get_content_charset()
    except (LookupError, ValueError, TypeError):
        return None


def _content(part: Message) -> bytes:
    """The bytes of a part, out of their transfer encoding as far as they can be got out of it."""
    if part.is_multipart():
        return b"\r\n".join(_whole(child) for child in _children(part))
    payload = part.get_payload(decode=True)
    return payload if isinstance(payload, bytes) else b""


def _whole(part: Message) -> bytes:
    """A part with its header; its words alone if it cannot be written out again."""
    try:
        return part.as_bytes(policy=_EXACT)
    except (LookupError, ValueError, TypeError, AttributeError, RecursionError):
        payload = part.get_payload()
        return payload.encode("utf-8", "replace") if isinstance(payload, str) else b""


def _children(part: Message) -> list[Message]:
    payload = part.get_payload()
    return [child for child in payload if isinstance(child, Message)] if isinstance(payload, list) else []
