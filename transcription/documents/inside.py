"""Takes the pictures and the files out of office packages: what was pasted or embedded into a document."""

import re
from collections.abc import Iterator

import pypdfium2 as pdfium

from transcription.contract import CannotRead, Unreadable
from transcription.documents.enclosed import EnclosedFile
from transcription.documents.packed import Package

PICTURE = re.compile(r"(?:(?:word|ppt|xl)/media|Pictures)/[^/]+\.(?:png|jpe?g|tiff?|gif|bmp|webp|heic)", re.IGNORECASE)
EMBEDDED = re.compile(r"(?:word|ppt|xl)/embeddings/[^/]+\.(?!bin$)[a-z]{3,5}", re.IGNORECASE)
MOST_PICTURES = 40
LARGEST_FILE = 50 * 1024 * 1024


def pictures_in(data: bytes) -> list[bytes]:
    """The pictures pasted into an office document, at most `MOST_PICTURES`, in the order they were put in.

    Names of parts stand in a package as they are, so one without any such name need not be opened again.
    """
    if b"/media/" not in data and b"Pictures/" not in data:
        return []
    package = Package(data)
    names = sorted((name for name in package.names if PICTURE.fullmatch(name)), key=lambda name: (len(name), name))
    return [package.part(name) for name in names[:MOST_PICTURES]]


def embedded_in(data: bytes) -> tuple[EnclosedFile, ...]:
    """The documents that were put whole into an office document, such as a workbook into a letter."""
    if b"/embeddings/" not in data:
        return ()
    package = Package(data)
    names = [name for name in package.names if EMBEDDED.fullmatch(name)]
    return tuple(EnclosedFile(name=name.rpartition("/")[2], data=package.part(name)) for name in names)


def attached_to(data: bytes) -> tuple[EnclosedFile, ...]:
    """The files attached to a PDF; in a portfolio they are all there is."""
    try:
        document = pdfium.PdfDocument(data)
    except pdfium.PdfiumError:
        raise CannotRead(Unreadable.BROKEN) from None
    try:
        return tuple(_attachments(document))
    finally:
        document.close()


def _attachments(document: pdfium.PdfDocument) -> Iterator[EnclosedFile]:
    for number in range(document.count_attachments()):
        try:
            attachment = document.get_attachment(number)
            name, content = str(attachment.get_name()), bytes(attachment.get_data())
        except pdfium.PdfiumError:
            name, content = "", b""
        yield EnclosedFile(name=name, data=content if len(content) <= LARGEST_FILE else b"")
