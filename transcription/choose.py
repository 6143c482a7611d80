"""Chooses what reads an attachment, by its media type, its name and, where at hand, its first bytes."""

from enum import StrEnum
from pathlib import PurePath


class Kind(StrEnum):
    """The kinds of attachment that can be turned into text; each has its own reader."""

    RECORDING = "recording"
    PICTURE = "picture"
    PDF = "pdf"
    WORD = "word"
    OPEN_DOCUMENT = "open_document"
    RICH_TEXT = "rich_text"
    WEB_PAGE = "web_page"
    PLAIN_TEXT = "plain_text"


BY_MEDIA_TYPE = {
    "application/pdf": Kind.PDF,
    "application/x-pdf": Kind.PDF,
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": Kind.WORD,
    "application/vnd.openxmlformats-officedocument.wordprocessingml.template": Kind.WORD,
    "application/vnd.ms-word.document.macroenabled.12": Kind.WORD,
    "application/vnd.oasis.opendocument.text": Kind.OPEN_DOCUMENT,
    "application/rtf": Kind.RICH_TEXT,
    "text/rtf": Kind.RICH_TEXT,
    "text/richtext": Kind.RICH_TEXT,
    "text/html": Kind.WEB_PAGE,
    "application/xhtml+xml": Kind.WEB_PAGE,
    "application/ogg": Kind.RECORDING,
    "image/svg+xml": None,
    "image/x-emf": None,
    "image/x-wmf": None,
}

BY_ENDING = {
    **dict.fromkeys((".pdf",), Kind.PDF),
    **dict.fromkeys((".docx", ".docm", ".dotx"), Kind.WORD),
    **dict.fromkeys((".odt",), Kind.OPEN_DOCUMENT),
    **dict.fromkeys((".rtf",), Kind.RICH_TEXT),
    **dict.fromkeys((".htm", ".html", ".xhtml"), Kind.WEB_PAGE),
    **dict.fromkeys((".txt", ".text", ".csv", ".md", ".log", ".vcf", ".ics"), Kind.PLAIN_TEXT),
    **dict.fromkeys((".png", ".jpg", ".jpeg", ".jpe", ".tif", ".tiff", ".gif", ".bmp", ".webp"), Kind.PICTURE),
    **dict.fromkeys((".heic", ".heif", ".avif", ".jp2"), Kind.PICTURE),
    **dict.fromkeys((".wav", ".mp3", ".m4a", ".aac", ".ogg", ".oga", ".opus", ".flac", ".amr", ".wma"), Kind.RECORDING),
    **dict.fromkeys((".mp4", ".mov", ".3gp", ".webm", ".m4v", ".mkv", ".avi", ".au", ".aif", ".aiff"), Kind.RECORDING),
}

BY_FAMILY = {"audio": Kind.RECORDING, "video": Kind.RECORDING, "image": Kind.PICTURE, "text": Kind.PLAIN_TEXT}

SAYS_NOTHING = frozenset(
    {"", "application/octet-stream", "binary/octet-stream", "application/unknown", "application/x-download"}
)

BEGINNINGS = (
    (b"%PDF-", Kind.PDF),
    (b"{\\rtf", Kind.RICH_TEXT),
    (b"\xff\xd8\xff", Kind.PICTURE),
    (b"\x89PNG\r\n\x1a\n", Kind.PICTURE),
    (b"GIF8", Kind.PICTURE),
    (b"II*\x00", Kind.PICTURE),
    (b"MM\x00*", Kind.PICTURE),
    (b"OggS", Kind.RECORDING),
    (b"fLaC", Kind.RECORDING),
    (b"ID3", Kind.RECORDING),
    (b"#!AMR", Kind.RECORDING),
    (b"\x1aE\xdf\xa3", Kind.RECORDING),
)

PICTURE_BRANDS = (b"heic", b"heix", b"hevc", b"heif", b"mif1", b"msf1", b"avif")
PDF_SEARCHED = 1024


def kind_of(media_type: str, name: str = "") -> Kind | None:
    """The kind of an attachment from what its sender says about it; None when nothing here reads it."""
    stated = media_type.partition(";")[0].strip().lower()
    if stated in BY_MEDIA_TYPE:
        return BY_MEDIA_TYPE[stated]
    ending = BY_ENDING.get(PurePath(name.lower()).suffix)
    if stated in SAYS_NOTHING:
        return ending
    family = BY_FAMILY.get(stated.partition("/")[0])
    return ending if family is Kind.PLAIN_TEXT and ending else family


def can_read(media_type: str, name: str = "") -> bool:
    """Whether an attachment so described can be turned into text here; for recordings see `model_state` as well."""
    return kind_of(media_type, name) is not None


def kind_of_bytes(data: bytes, media_type: str, name: str = "") -> Kind | None:
    """As `kind_of`, but the first bytes outweigh what the sender says: scanners and phones often say it wrong."""
    for beginning, kind in BEGINNINGS:
        if data.startswith(beginning):
            return kind
    if data[4:8] == b"ftyp":
        return Kind.PICTURE if data[8:12] in PICTURE_BRANDS else Kind.RECORDING
    if data[:4] == b"RIFF":
        return Kind.PICTURE if data[8:12] == b"WEBP" else Kind.RECORDING
    if b"%PDF-" in data[:PDF_SEARCHED]:
        return Kind.PDF
    return kind_of(media_type, name)
