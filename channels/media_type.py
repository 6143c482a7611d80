"""Says what kind of file some bytes are, by looking at the bytes and not at what the sender claimed."""

from __future__ import annotations

from pathlib import PurePosixPath

import puremagic

from transcription.file_types.beginnings import COMPOUND, DOS_PROGRAM, PDF, RICH_TEXT, ZIP
from transcription.file_types.compound import LOCKED_OFFICE
from transcription.file_types.shown import shown_by
from transcription.file_types.writing import (
    MAIL,
    WEB_ARCHIVE,
    is_text,
    looks_like_eight_bit_text,
    looks_like_json,
    script_by_name,
)
from transcription.file_types.zips import OPEN_TEXT, SLIDES, SPREADSHEET, WORD

UNKNOWN = "application/octet-stream"
OLD_WORD = "application/msword"

_DOCUMENTS = frozenset({PDF, WORD, OPEN_TEXT, RICH_TEXT, OLD_WORD, LOCKED_OFFICE, "text/plain"})
_DRAWN_BY_PROGRAM = frozenset({"image/svg+xml", "image/emf", "image/wmf", "image/vnd.microsoft.icon"})
_SHOWN_BY_BYTES = _DOCUMENTS | {
    ZIP, COMPOUND, DOS_PROGRAM, SPREADSHEET, SLIDES, "application/vnd.ms-excel", "application/vnd.ms-powerpoint",
    "application/vnd.ms-outlook", "application/x-zip-compressed", "text/html",
}  # fmt: skip
_WEAKER_THAN_A_CLAIM = frozenset({MAIL, WEB_ARCHIVE})
_SAYS_ONLY_TEXT = frozenset({"", "text/plain", UNKNOWN, "application/vnd.ms-excel", "application/x-unknown"})
_TEXT_ENDINGS = {
    ".csv": "text/csv", ".tsv": "text/tab-separated-values", ".json": "application/json", ".eml": MAIL,
    ".htm": "text/html", ".html": "text/html", ".md": "text/markdown", ".mht": WEB_ARCHIVE, ".mhtml": WEB_ARCHIVE,
    ".txt": "text/plain", ".text": "text/plain", ".log": "text/plain",
}  # fmt: skip


def media_type_of(content: bytes, *, name: str = "", claimed: str = "") -> str:
    """The media type the bytes show; else the claimed one, if it could be true; else ``application/octet-stream``.

    Whether a film's file holds only sound, its sender knows better than its first bytes.
    """
    claim = claimed.partition(";")[0].strip().lower()
    ending = PurePosixPath(name.lower()).suffix
    shown = shown_by(content)
    says_text = claim.startswith(("text/", "message/")) or ending in _TEXT_ENDINGS
    if is_text(content) or (says_text and not shown and looks_like_eight_bit_text(content)):
        return _kind_of_text(content, shown, name, claim)
    if shown.startswith("video/") and claim == shown.replace("video/", "audio/"):
        return claim
    return shown or _sound_or_film(content) or _believable(claim)


def fetched_media_type(content: bytes, *, claimed: str) -> str:
    """As `media_type_of` for what a provider handed over: its word stands where the bytes show nothing certain."""
    shown = shown_by(content)
    return media_type_of(content, claimed=claimed) if shown else claimed


def is_document_or_picture(media_type: str) -> bool:
    """Whether a letter can be of this kind: a picture, a PDF, a word-processor file or plain text."""
    is_picture = media_type.startswith("image/") and media_type not in _DRAWN_BY_PROGRAM
    return is_picture or media_type in _DOCUMENTS


def _kind_of_text(content: bytes, shown: str, name: str, claim: str) -> str:
    """What the words begin with, what the name makes a computer do with them, then the claim, then the name."""
    if shown and shown not in _WEAKER_THAN_A_CLAIM:
        return shown
    ending = _TEXT_ENDINGS.get(PurePosixPath(name.lower()).suffix, "")
    told = "" if claim in _SAYS_ONLY_TEXT else _believable_of_text(claim)
    return (
        script_by_name(name)
        or told
        or ending
        or (claim if claim == "text/plain" else "")
        or shown
        or ("application/json" if looks_like_json(content) else "text/plain")
    )


def _believable_of_text(claim: str) -> str:
    if claim.startswith(("text/", "message/")):
        return claim
    could_be = claim.startswith("application/") and claim not in _SHOWN_BY_BYTES
    return claim if could_be else ""


def _sound_or_film(content: bytes) -> str:
    try:
        found = str(puremagic.from_string(content, mime=True))
    except (puremagic.PureError, ValueError, OSError, LookupError):
        return ""
    return found if found.startswith(("audio/", "video/")) else ""


def _believable(claim: str) -> str:
    """A claim the bytes should have borne out is not kept; one that only the sender can know is."""
    return UNKNOWN if "/" not in claim or claim in _SHOWN_BY_BYTES or claim.startswith("image/") else claim
