"""The one list of which reader opens which kind of document."""

from collections.abc import Callable

from transcription.choose import Kind
from transcription.contract import CannotRead, Transcript, Unreadable
from transcription.documents.archive import open_zip
from transcription.documents.content_lines import read_calendar, read_card
from transcription.documents.enclosed import Opened
from transcription.documents.fixed_pages import read_fixed_pages
from transcription.documents.inside import embedded_in
from transcription.documents.mail import read_mail, read_web_archive
from transcription.documents.office_xml import read_xml
from transcription.documents.old_slides import read_old_slides
from transcription.documents.old_word import read_old_word
from transcription.documents.open_document import read_open_document
from transcription.documents.outlook_mail import read_outlook_mail
from transcription.documents.plain import read_plain_text, read_web_page
from transcription.documents.rich_text import read_rich_text
from transcription.documents.slides import read_slides
from transcription.documents.spreadsheet import read_spreadsheet
from transcription.documents.table import read_table
from transcription.documents.word import read_word

READERS: dict[Kind, Callable[[bytes], Transcript]] = {
    Kind.WORD: read_word,
    Kind.OLD_WORD: read_old_word,
    Kind.SPREADSHEET: read_spreadsheet,
    Kind.TABLE: read_table,
    Kind.SLIDES: read_slides,
    Kind.OLD_SLIDES: read_old_slides,
    Kind.OPEN_DOCUMENT: read_open_document,
    Kind.FIXED_PAGES: read_fixed_pages,
    Kind.RICH_TEXT: read_rich_text,
    Kind.WEB_PAGE: read_web_page,
    Kind.WEB_ARCHIVE: read_web_archive,
    Kind.CARD: read_card,
    Kind.CALENDAR: read_calendar,
    Kind.OFFICE_XML: read_xml,
    Kind.PLAIN_TEXT: read_plain_text,
}

OPENERS: dict[Kind, Callable[[bytes], Opened]] = {
    Kind.ARCHIVE: open_zip,
    Kind.MAIL: read_mail,
    Kind.OUTLOOK_MAIL: read_outlook_mail,
}

WITH_PICTURES = frozenset({Kind.WORD, Kind.SPREADSHEET, Kind.SLIDES, Kind.OPEN_DOCUMENT})
WITH_FILES = frozenset({Kind.WORD, Kind.SPREADSHEET, Kind.SLIDES})


def open_document(kind: Kind, data: bytes) -> Opened:
    """A document's own words, and the files in it unread; raises CannotRead."""
    if kind is Kind.LOCKED_OFFICE:
        raise CannotRead(Unreadable.ENCRYPTED)
    if kind in OPENERS:
        return OPENERS[kind](data)
    transcript = READERS[kind](data)
    files = embedded_in(data) if kind in WITH_FILES and data.startswith(b"PK") else ()
    return Opened(transcript=transcript, files=files)
