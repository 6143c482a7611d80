"""Chooses what reads an attachment: by its bytes where they are at hand, else by its media type and its name."""

from enum import StrEnum
from pathlib import PurePath

from transcription.file_types.beginnings import COMPOUND, ZIP
from transcription.file_types.compound import LOCKED_OFFICE
from transcription.file_types.shown import PROGRAMS, shown_by
from transcription.file_types.writing import MAIL, WEB_ARCHIVE, is_text
from transcription.file_types.zips import OPEN_TEXT, SLIDES, SPREADSHEET, WORD


class Kind(StrEnum):
    """The kinds of attachment that can be turned into text; each has its own reader."""

    RECORDING = "recording"
    PICTURE = "picture"
    PDF = "pdf"
    WORD = "word"
    OLD_WORD = "old_word"
    SPREADSHEET = "spreadsheet"
    TABLE = "table"
    SLIDES = "slides"
    OLD_SLIDES = "old_slides"
    OPEN_DOCUMENT = "open_document"
    LOCKED_OFFICE = "locked_office"
    FIXED_PAGES = "fixed_pages"
    WITH_PREVIEW = "with_preview"
    RICH_TEXT = "rich_text"
    WEB_PAGE = "web_page"
    WEB_ARCHIVE = "web_archive"
    MAIL = "mail"
    OUTLOOK_MAIL = "outlook_mail"
    CARD = "card"
    CALENDAR = "calendar"
    OFFICE_XML = "office_xml"
    PLAIN_TEXT = "plain_text"
    ARCHIVE = "archive"


OPEN = "application/vnd.oasis.opendocument."

BY_MEDIA_TYPE = {
    "application/pdf": Kind.PDF,
    "application/x-pdf": Kind.PDF,
    WORD: Kind.WORD,
    "application/vnd.openxmlformats-officedocument.wordprocessingml.template": Kind.WORD,
    "application/vnd.ms-word.document.macroenabled.12": Kind.WORD,
    "application/vnd.ms-word.template.macroenabled.12": Kind.WORD,
    "application/msword": Kind.OLD_WORD,
    SPREADSHEET: Kind.SPREADSHEET,
    "application/vnd.ms-excel": Kind.SPREADSHEET,
    "application/vnd.ms-excel.sheet.macroenabled.12": Kind.SPREADSHEET,
    "application/vnd.ms-excel.sheet.binary.macroenabled.12": Kind.SPREADSHEET,
    "text/csv": Kind.TABLE,
    "text/tab-separated-values": Kind.TABLE,
    SLIDES: Kind.SLIDES,
    "application/vnd.openxmlformats-officedocument.presentationml.slideshow": Kind.SLIDES,
    "application/vnd.ms-powerpoint.presentation.macroenabled.12": Kind.SLIDES,
    "application/vnd.ms-powerpoint": Kind.OLD_SLIDES,
    OPEN_TEXT: Kind.OPEN_DOCUMENT,
    OPEN + "text-template": Kind.OPEN_DOCUMENT,
    OPEN + "spreadsheet": Kind.OPEN_DOCUMENT,
    OPEN + "spreadsheet-template": Kind.OPEN_DOCUMENT,
    OPEN + "presentation": Kind.OPEN_DOCUMENT,
    OPEN + "graphics": Kind.OPEN_DOCUMENT,
    LOCKED_OFFICE: Kind.LOCKED_OFFICE,
    "application/vnd.ms-xpsdocument": Kind.FIXED_PAGES,
    "application/oxps": Kind.FIXED_PAGES,
    "application/vnd.apple.pages": Kind.WITH_PREVIEW,
    "application/vnd.apple.numbers": Kind.WITH_PREVIEW,
    "application/vnd.apple.keynote": Kind.WITH_PREVIEW,
    "application/rtf": Kind.RICH_TEXT,
    "text/rtf": Kind.RICH_TEXT,
    "text/richtext": Kind.RICH_TEXT,
    "text/html": Kind.WEB_PAGE,
    "application/xhtml+xml": Kind.WEB_PAGE,
    WEB_ARCHIVE: Kind.WEB_ARCHIVE,
    "application/x-mimearchive": Kind.WEB_ARCHIVE,
    MAIL: Kind.MAIL,
    "application/vnd.ms-outlook": Kind.OUTLOOK_MAIL,
    "text/vcard": Kind.CARD,
    "text/x-vcard": Kind.CARD,
    "text/directory": Kind.CARD,
    "text/calendar": Kind.CALENDAR,
    "application/ics": Kind.CALENDAR,
    "application/xml": Kind.OFFICE_XML,
    "text/xml": Kind.OFFICE_XML,
    ZIP: Kind.ARCHIVE,
    "application/x-zip-compressed": Kind.ARCHIVE,
    "application/json": Kind.PLAIN_TEXT,
    "application/ogg": Kind.RECORDING,
    "audio/midi": None,
    "image/svg+xml": None,
    "image/emf": None,
    "image/wmf": None,
    "image/x-emf": None,
    "image/x-wmf": None,
    "image/vnd.djvu": None,
    **dict.fromkeys(PROGRAMS, None),
}

BY_ENDING = {
    **dict.fromkeys((".pdf",), Kind.PDF),
    **dict.fromkeys((".docx", ".docm", ".dotx", ".dotm"), Kind.WORD),
    **dict.fromkeys((".doc", ".dot"), Kind.OLD_WORD),
    **dict.fromkeys((".xls", ".xlsx", ".xlsm", ".xlsb", ".xlt", ".xltx"), Kind.SPREADSHEET),
    **dict.fromkeys((".csv", ".tsv"), Kind.TABLE),
    **dict.fromkeys((".pptx", ".pptm", ".ppsx", ".potx"), Kind.SLIDES),
    **dict.fromkeys((".ppt", ".pps", ".pot"), Kind.OLD_SLIDES),
    **dict.fromkeys((".odt", ".ott", ".odp", ".odg", ".ods", ".ots"), Kind.OPEN_DOCUMENT),
    **dict.fromkeys((".xps", ".oxps"), Kind.FIXED_PAGES),
    **dict.fromkeys((".pages", ".numbers", ".key"), Kind.WITH_PREVIEW),
    **dict.fromkeys((".rtf",), Kind.RICH_TEXT),
    **dict.fromkeys((".htm", ".html", ".xhtml"), Kind.WEB_PAGE),
    **dict.fromkeys((".mht", ".mhtml"), Kind.WEB_ARCHIVE),
    **dict.fromkeys((".eml",), Kind.MAIL),
    **dict.fromkeys((".msg",), Kind.OUTLOOK_MAIL),
    **dict.fromkeys((".vcf",), Kind.CARD),
    **dict.fromkeys((".ics",), Kind.CALENDAR),
    **dict.fromkeys((".txt", ".text", ".md", ".log", ".json"), Kind.PLAIN_TEXT),
    **dict.fromkeys((".zip",), Kind.ARCHIVE),
    **dict.fromkeys((".xml",), Kind.OFFICE_XML),
    **dict.fromkeys((".png", ".jpg", ".jpeg", ".jpe", ".tif", ".tiff", ".gif", ".bmp", ".webp"), Kind.PICTURE),
    **dict.fromkeys((".heic", ".heif", ".avif", ".jp2"), Kind.PICTURE),
    **dict.fromkeys((".wav", ".mp3", ".m4a", ".aac", ".ogg", ".oga", ".opus", ".flac", ".amr", ".wma"), Kind.RECORDING),
    **dict.fromkeys((".mp4", ".mov", ".3gp", ".webm", ".m4v", ".mkv", ".avi", ".au", ".aif", ".aiff"), Kind.RECORDING),
}

BY_FAMILY = {"audio": Kind.RECORDING, "video": Kind.RECORDING, "image": Kind.PICTURE, "text": Kind.PLAIN_TEXT}

SAYS_NOTHING = frozenset(
    {"", "application/octet-stream", "binary/octet-stream", "application/unknown", "application/x-download"}
)

IN_ZIPS = frozenset({Kind.WORD, Kind.SPREADSHEET, Kind.SLIDES, Kind.OPEN_DOCUMENT, Kind.FIXED_PAGES, Kind.WITH_PREVIEW})
IN_COMPOUND_FILES = frozenset({Kind.OLD_WORD, Kind.SPREADSHEET, Kind.OLD_SLIDES, Kind.OUTLOOK_MAIL, Kind.WORD})
WRITTEN = frozenset({Kind.TABLE, Kind.WEB_PAGE, Kind.WEB_ARCHIVE, Kind.MAIL, Kind.CARD, Kind.CALENDAR, Kind.OFFICE_XML})
"""Kinds of text that are taken at the sender's word, for the words are found either way."""


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
    """As `kind_of`, but the bytes outweigh what the sender says: scanners and phones often say it wrong.

    An archive without a known inside is what its sender says if that is kept in such archives and it is damaged.
    """
    shown, claimed = shown_by(data), kind_of(media_type, name)
    if shown == ZIP:
        return claimed if claimed in IN_ZIPS else Kind.ARCHIVE
    if shown == COMPOUND:
        return claimed if claimed in IN_COMPOUND_FILES else None
    if shown:
        return _of_text(shown, claimed)
    return _of_plain_words(media_type, name, claimed) if is_text(data) else claimed


def _of_text(shown: str, claimed: Kind | None) -> Kind | None:
    """Words that begin like a mail or like XML are still a table or a page if their sender says so."""
    kind = kind_of(shown)
    return claimed if claimed in WRITTEN and kind in {Kind.MAIL, Kind.OFFICE_XML} else kind


def _of_plain_words(media_type: str, name: str, claimed: Kind | None) -> Kind | None:
    """Words under the name of a picture or a Word document are still words, but no recording is; nor is a program."""
    if claimed is Kind.RECORDING:
        return claimed
    if media_type.partition(";")[0].strip().lower() in PROGRAMS:
        return None
    ending = BY_ENDING.get(PurePath(name.lower()).suffix)
    return next((kind for kind in (claimed, ending) if kind in WRITTEN), Kind.PLAIN_TEXT)
