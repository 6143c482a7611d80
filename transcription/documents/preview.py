"""Finds the preview in documents of Apple's office programs, which nothing else here can read."""

from transcription.contract import CannotRead, Unreadable
from transcription.documents.packed import Package

PREVIEWS = ("QuickLook/Preview.pdf", "preview.pdf", "preview.jpg", "QuickLook/Thumbnail.jpg")
FROM_PREVIEW = "Only the preview inside the file was read, which may be its first page: ask for it as a PDF."


def preview_in(data: bytes) -> bytes:
    """The best preview of a .pages, .numbers or .key file, a PDF or a picture; CannotRead(unsupported) if none."""
    package = Package(data)
    for name in PREVIEWS:
        if name in package.names:
            return package.part(name)
    raise CannotRead(Unreadable.UNSUPPORTED, "no preview inside")
