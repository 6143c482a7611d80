"""Tells the office files, books and programs that travel as zip archives apart from archives that are only that."""

import io
import zipfile
from collections.abc import Set

from transcription.file_types.beginnings import ZIP

OFFICE = "application/vnd.openxmlformats-officedocument."
WORD = OFFICE + "wordprocessingml.document"
SPREADSHEET = OFFICE + "spreadsheetml.sheet"
SLIDES = OFFICE + "presentationml.presentation"
OPEN_TEXT = "application/vnd.oasis.opendocument.text"

LARGEST_LIST = 4 * 1024 * 1024
"""Bytes of an archive's own list of its parts; no document has one so long, and listing it would take seconds."""

END_OF_LIST = b"PK\x05\x06"
END_SEARCHED = 65_557

MAIN_PARTS = (
    ("word/", WORD, "application/vnd.ms-word.document.macroEnabled.12"),
    ("xl/", SPREADSHEET, "application/vnd.ms-excel.sheet.macroEnabled.12"),
    ("ppt/", SLIDES, "application/vnd.ms-powerpoint.presentation.macroEnabled.12"),
    ("visio/", "application/vnd.ms-visio.drawing", "application/vnd.ms-visio.drawing.macroEnabled.12"),
)
TELLING_PARTS = (
    ("xl/workbook.bin", "application/vnd.ms-excel.sheet.binary.macroEnabled.12"),
    ("FixedDocSeq.fdseq", "application/vnd.ms-xpsdocument"),
    ("FixedDocumentSequence.fdseq", "application/vnd.ms-xpsdocument"),
    ("AndroidManifest.xml", "application/vnd.android.package-archive"),
    ("doc.kml", "application/vnd.google-earth.kmz"),
    ("index.apxl", "application/vnd.apple.keynote"),
    ("Index/Slide.iwa", "application/vnd.apple.keynote"),
    ("Index/CalculationEngine.iwa", "application/vnd.apple.numbers"),
)
DAMAGE = (zipfile.BadZipFile, ValueError, KeyError, NotImplementedError, OSError, RuntimeError, EOFError)


def in_a_zip(content: bytes) -> str:
    """The media type of what a zip archive holds together; ``application/zip`` for any other, and for a damaged one."""
    if _list_length(content) > LARGEST_LIST:
        return ZIP
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return _named(archive) or _shown_by(frozenset(archive.namelist()))
    except DAMAGE:
        return ZIP


def _list_length(content: bytes) -> int:
    end = content.rfind(END_OF_LIST, max(len(content) - END_SEARCHED, 0))
    return int.from_bytes(content[end + 12 : end + 16], "little") if end >= 0 else 0


def _named(archive: zipfile.ZipFile) -> str:
    """OpenDocument files and EPUB books name themselves in a part called ``mimetype``."""
    try:
        part = archive.getinfo("mimetype")
    except KeyError:
        return ""
    if part.file_size > 200:
        return ""
    named = archive.read(part).decode("ascii", "replace").strip()
    if named.startswith(("application/vnd.oasis.opendocument.", "application/epub+zip")):
        return named
    return OPEN_TEXT if "content.xml" in archive.namelist() else ""


def _shown_by(names: Set[str]) -> str:
    for part, media_type in TELLING_PARTS:
        if part in names:
            return media_type
    for folder, plain, with_macros in MAIN_PARTS:
        if any(name.startswith(folder) for name in names):
            return with_macros if f"{folder}vbaProject.bin" in names else plain
    if "Index/Document.iwa" in names or "Index.zip" in names or "index.xml" in names:
        return "application/vnd.apple.pages"
    return "application/java-archive" if "META-INF/MANIFEST.MF" in names else ZIP
