"""The letters that another thing carries: the files in a scanner's mail, or in an archive of scans."""

from __future__ import annotations

import email
import email.parser
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from email.message import Message

from channels.contract import Enclosure, RawMessage
from channels.email.fields import field
from channels.email.parts import take_apart, unpack
from channels.email.said import Found, Origin
from channels.letter.said_by_scanner import beside_scan, is_mail_of_person
from channels.letter.scan_box import STEP
from channels.media_type import is_document_or_picture, media_type_of

CARRIED, WORDS = "carried_sha256", "words"
"""In the envelope of the first letter: the sha256 of its own file, and what was written beside it."""
TYPED = "Written with the scan:"
_ARCHIVES = (b"PK\x03\x04", b"\x1f\x8b\x08", b"BZh", b"\xfd7zXZ\x00")
_TAR_MARK = slice(257, 262)
_LEFT_BY_SYSTEMS = frozenset({"thumbs.db", "ehthumbs.db", "desktop.ini", "ds_store", ".ds_store"})


@dataclass(frozen=True, kw_only=True)
class _Cargo:
    files: Sequence[Enclosure]
    words: str


def is_scanners_mail(raw: RawMessage) -> bool:
    """Whether the door took it for the mail of a scanner."""
    return raw.envelope.get("step") == STEP


def letters_carried(raw: RawMessage) -> tuple[RawMessage, ...]:
    """Each file in it as a message; empty if it carries none, or is a mail a person wrote.

    The first stands for the message that brought them, and has its key; the others have keys of their own.
    """
    if is_scanners_mail(raw):
        cargo = _in_mail(raw.body)
    elif raw.body.startswith(_ARCHIVES) or raw.body[_TAR_MARK] == b"ustar":
        cargo = _in_archive(raw)
    else:
        return ()
    return tuple(_as_letter(raw, cargo.words, each, number) for number, each in enumerate(cargo.files, start=1))


def _in_mail(body: bytes) -> _Cargo:
    message = _parsed(body)
    found = take_apart(message, len(body))
    written = beside_scan(field(message, "Subject"), found.text.splitlines())
    if is_mail_of_person(written):
        return _Cargo(files=(), words="")
    documents = _documents(found)
    files = [each for each in documents if not each.content_id and each.media_type != "text/plain"] or documents
    return _Cargo(files=files, words=f"{TYPED}\n{written}" if written else "")


def _in_archive(raw: RawMessage) -> _Cargo:
    name = raw.envelope.get("name", "")
    if is_document_or_picture(media_type_of(raw.body, name=name)):
        return _Cargo(files=(), words="")
    found = unpack(Enclosure(name=name, media_type=raw.media_type, content=raw.body))
    files = _documents(found)
    taken = {each.content for each in files}
    others = [each for each in found.enclosures if each.content not in taken and not _is_of_system(each)]
    said = [each.words for each in found.said if each.origin is Origin.REMARK]
    if others:
        said.append(f"[{len(others)} of the files it came with are no letters: they are kept as they came.]")
    return _Cargo(files=files, words="\n\n".join(said))


def _documents(found: Found) -> list[Enclosure]:
    """Those a letter can be, each once."""
    once: dict[bytes, Enclosure] = {}
    for each in found.enclosures:
        if each.content and is_document_or_picture(each.media_type) and not _is_of_system(each):
            once.setdefault(each.content, each)
    return list(once.values())


def _is_of_system(each: Enclosure) -> bool:
    return each.name.lower() in _LEFT_BY_SYSTEMS


def _as_letter(raw: RawMessage, words: str, file: Enclosure, number: int) -> RawMessage:
    body = file.content or b""
    envelope = {**raw.envelope, "name": file.name or "scan", "step": ""}
    if words:
        envelope[WORDS] = words
    if number == 1:
        envelope[CARRIED] = hashlib.sha256(body).hexdigest()
    key = raw.source_key if number == 1 else f"{raw.source_key}#{number}"
    return replace(raw, source_key=key, body=body, media_type=file.media_type, envelope=envelope)


def _parsed(body: bytes) -> Message:
    try:
        return email.message_from_bytes(body)
    except RecursionError:
        return email.parser.BytesHeaderParser().parsebytes(body)
