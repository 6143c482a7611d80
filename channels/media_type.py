"""Says what kind of file some bytes are, by looking at the bytes and not at what the sender claimed."""

from __future__ import annotations

import io
import zipfile
from pathlib import PurePosixPath

import puremagic

PDF = "application/pdf"
UNKNOWN = "application/octet-stream"
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
OPEN_DOCUMENT = "application/vnd.oasis.opendocument.text"

_STARTS = (
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"II*\x00", "image/tiff"),
    (b"MM\x00*", "image/tiff"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"\x00\x00\x00\x0cjP  \r\n\x87\n", "image/jp2"),
    (b"{\\rtf", "application/rtf"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "application/msword"),
)
_BRANDS = {b"avif": "image/avif", b"heic": "image/heic", b"heix": "image/heic", b"mif1": "image/heif"}
_DOCUMENTS = frozenset({PDF, WORD, OPEN_DOCUMENT, "application/rtf", "application/msword", "text/plain"})
_PLAIN = frozenset({".txt", ".text", ".md"})


def media_type_of(content: bytes, *, name: str = "", claimed: str = "") -> str:
    """The media type the bytes show; else the claimed one, if it could be true; else ``application/octet-stream``."""
    claim = claimed.partition(";")[0].strip().lower()
    shown = _picture_or_document(content)
    if shown:
        return shown
    if _is_plain_text(content) and (claim.startswith("text/") or PurePosixPath(name).suffix.lower() in _PLAIN):
        return claim if claim.startswith("text/") else "text/plain"
    return _sound_or_film(content) or _believable(claim)


def is_document_or_picture(media_type: str) -> bool:
    """Whether a letter can be of this kind: a picture, a PDF, a word-processor file or plain text."""
    return media_type.startswith("image/") or media_type in _DOCUMENTS


def _picture_or_document(content: bytes) -> str:
    if b"%PDF-" in content[:1024]:
        return PDF
    for start, media_type in _STARTS:
        if content.startswith(start):
            return media_type
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return "image/webp"
    if content[:2] == b"BM" and int.from_bytes(content[2:6], "little") == len(content):
        return "image/bmp"
    if content[4:8] == b"ftyp":
        return _BRANDS.get(content[8:12], "")
    return _in_a_zip(content) if content.startswith(b"PK\x03\x04") else ""


def _in_a_zip(content: bytes) -> str:
    """Word and OpenDocument files are zip archives; any other archive is only that."""
    try:
        names = frozenset(zipfile.ZipFile(io.BytesIO(content)).namelist())
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError):
        return "application/zip"
    if any(name.startswith("word/") for name in names):
        return WORD
    return OPEN_DOCUMENT if {"mimetype", "content.xml"} <= names else "application/zip"


def _is_plain_text(content: bytes) -> bool:
    """Text in UTF-8 (or ASCII) without control characters other than the usual white space."""
    try:
        words = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return False
    return bool(words.strip()) and not any(ord(letter) < 32 and letter not in "\t\n\r\f" for letter in words)


def _sound_or_film(content: bytes) -> str:
    try:
        found = str(puremagic.from_string(content, mime=True))
    except (puremagic.PureError, ValueError, OSError, LookupError):
        return ""
    return found if found.startswith(("audio/", "video/")) else ""


def _believable(claim: str) -> str:
    """A claim the bytes should have borne out is not kept; one that only the sender can know is."""
    return UNKNOWN if "/" not in claim or is_document_or_picture(claim) else claim
