"""Opens zip archives that came by themselves: the names of their files, and as many of these as there is room for."""

from collections.abc import Iterator

from transcription.documents.enclosed import MOST_FILES, EnclosedFile, Opened
from transcription.documents.packed import Package
from transcription.documents.written import written

MOST_NAMES = 500
ENGINE = "files of the archive"


def open_zip(data: bytes) -> Opened:
    """A list of what is in it, and its files; raises CannotRead: encrypted, broken, or too_large for a bomb."""
    package = Package(data)
    names = [name for name in package.names if not name.endswith("/") and not name.startswith("__MACOSX/")]
    more = [f"and {len(names) - MOST_NAMES} more: see the original"] if len(names) > MOST_NAMES else []
    listed = "\n".join(["Files in the archive:", *names[:MOST_NAMES], *more]) if names else ""
    return Opened(transcript=written([listed], ENGINE), files=tuple(_files(package, names[:MOST_FILES])))


def _files(package: Package, names: list[str]) -> Iterator[EnclosedFile]:
    for name in names:
        yield EnclosedFile(name=name, data=package.part(name))
