"""Says in plain words why a file was not read by machine, and what staff can do about it."""

from __future__ import annotations

from transcription.choose import Kind, kind_of
from transcription.contract import Unreadable
from transcription.file_types.shown import is_program

PROGRAM = "This is a program or a script: do not open it. If you did not expect it, tell your security team."
NO_READER = "Nothing here reads this kind of file: if it does not open, ask the sender for it as a PDF."
SAID_ALREADY = "Its words stand with those of the message."
UNPACKED = "The files in it stand beside it."

_IN_THE_MAIL = frozenset({"message/rfc822", "application/vnd.ms-outlook", "text/calendar"})
_UNPACKED_FROM_MAIL = frozenset({"application/zip", "application/x-zip-compressed"})
"""Kinds that the email channel takes apart itself."""

_CALLED = {
    Kind.RECORDING: "recording", Kind.PICTURE: "picture", Kind.PDF: "PDF", Kind.WORD: "Word document",
    Kind.OLD_WORD: "Word document", Kind.SPREADSHEET: "workbook", Kind.TABLE: "table", Kind.SLIDES: "presentation",
    Kind.OLD_SLIDES: "presentation", Kind.LOCKED_OFFICE: "Word, Excel or PowerPoint file", Kind.MAIL: "saved mail",
    Kind.OUTLOOK_MAIL: "saved mail", Kind.WEB_PAGE: "web page", Kind.WEB_ARCHIVE: "web page",
    Kind.OPEN_DOCUMENT: "OpenDocument file", Kind.ARCHIVE: "archive",
}  # fmt: skip


def why_unread(reason: Unreadable, media_type: str, name: str = "") -> str:
    """One or two sentences for staff; the reason is the reader's, the kind what the file is, not what it says."""
    kind = kind_of(media_type, name)
    called = _CALLED.get(kind, "file") if kind else "file"
    match reason:
        case Unreadable.ENCRYPTED:
            return f"The {called} has a password: ask the sender for the password, or for it again without."
        case Unreadable.BROKEN:
            return (
                f"The {called} is damaged, or is not what it is called: ask the sender to send it again, or as a PDF."
            )
        case Unreadable.EMPTY:
            return "The file is empty: ask the sender to send it again."
        case Unreadable.TOO_LARGE:
            return f"The {called} is too large for the machine to read."
    return NO_READER


def not_to_be_read(channel: str, media_type: str, name: str = "") -> str:
    """Why nobody even tries to read a file by machine, where nobody does; empty where a reader may."""
    if is_program(media_type, name):
        return PROGRAM
    if channel == "email" and media_type.lower() in _IN_THE_MAIL:
        return SAID_ALREADY
    return UNPACKED if channel == "email" and media_type.lower() in _UNPACKED_FROM_MAIL else ""
