"""Tells the files of older Office programs apart, which all begin alike: by the streams inside."""

import io

import olefile

from transcription.file_types.beginnings import COMPOUND

LOCKED_OFFICE = "application/encrypted"
"""A Word, Excel or PowerPoint file under a password: which of them cannot be told without it."""

TELLING_STREAMS = (
    ("encryptedpackage", LOCKED_OFFICE),
    ("__properties_version1.0", "application/vnd.ms-outlook"),
    ("powerpoint document", "application/vnd.ms-powerpoint"),
    ("workbook", "application/vnd.ms-excel"),
    ("book", "application/vnd.ms-excel"),
    ("worddocument", "application/msword"),
    ("visiodocument", "application/vnd.visio"),
    ("quill", "application/vnd.ms-publisher"),
    ("contents", "application/vnd.ms-works"),
)
INSTALLER = "000C1084-0000-0000-C000-000000000046"
DAMAGE = (OSError, ValueError, TypeError, LookupError, ArithmeticError, AttributeError, RecursionError)
"""What olefile raises on damaged files (its own errors are OSErrors)."""


def in_a_compound_file(content: bytes) -> str:
    """The media type by the outermost streams; ``application/x-ole-storage`` when they tell nothing known."""
    try:
        with olefile.OleFileIO(io.BytesIO(content)) as opened:
            names = {str(each.name).lower() for each in opened.root.kids}
            if str(opened.root.clsid).upper() == INSTALLER:
                return "application/x-msi"
    except DAMAGE:
        return COMPOUND
    return next((media_type for name, media_type in TELLING_STREAMS if name in names), COMPOUND)
