"""Reads mails saved by Outlook (.msg): who wrote, the words, and the files that travel with them."""

from collections.abc import Iterator

from compressed_rtf import decompress  # type: ignore[import-untyped]

from transcription.contract import CannotRead, Transcript, Unreadable
from transcription.documents.enclosed import EnclosedFile, Opened
from transcription.documents.plain import decoded, read_web_page, tidied
from transcription.documents.rich_text import read_rich_text
from transcription.documents.stored import CompoundFile
from transcription.documents.written import written

ENGINE = "text of the Outlook mail"
STREAM = "__substg1.0_"
SENDER, SENDER_ADDRESS, TO, SUBJECT = "0C1A", "0C1F", "0E04", "0037"
PLAIN, PAGE, RICH = "1000", "1013", "1009"
LONG_NAME, SHORT_NAME, DATA = "3707", "3704", "3701"
"""Numbers of properties in [MS-OXPROPS] 2; in a file each is a stream named after its number and type."""

DEEPEST = 5
MOST_FILES = 200

Folder = tuple[str, ...]


def read_outlook_mail(data: bytes) -> Opened:
    """Sender, receivers, subject and words, those of mails inside it too, and the attached files."""
    with CompoundFile(data) as file:
        if ("__properties_version1.0",) not in file.paths:
            raise CannotRead(Unreadable.BROKEN, "no Outlook mail inside")
        texts = list(_texts(file, (), 0))
        files = tuple(_files(file, ()))[:MOST_FILES]
    return Opened(transcript=written(texts, ENGINE), files=files)


def _texts(file: CompoundFile, folder: Folder, depth: int) -> Iterator[str]:
    address = _string(file, folder, SENDER_ADDRESS)
    sender = " ".join(filter(None, (_string(file, folder, SENDER), f"<{address}>" if "@" in address else "")))
    about = (("From", sender), ("To", _string(file, folder, TO)), ("Subject", _string(file, folder, SUBJECT)))
    yield "\n".join(f"{name}: {value}" for name, value in about if value)
    yield _words(file, folder)
    for storage in _attached(file, folder):
        inside = (*storage, f"{STREAM}{DATA}000D")
        if depth < DEEPEST and file.has(*inside, "__properties_version1.0"):
            yield "Attached message"
            yield from _texts(file, inside, depth + 1)


def _words(file: CompoundFile, folder: Folder) -> str:
    if plain := tidied(_string(file, folder, PLAIN)):
        return plain
    if (page := _bytes(file, folder, PAGE)) or (page := _string(file, folder, PAGE).encode()):
        return read_web_page(page).text
    rich = _bytes(file, folder, RICH)
    return _of_rich_text(rich).text if rich else ""


def _of_rich_text(packed: bytes) -> Transcript:
    try:
        return read_rich_text(bytes(decompress(packed)))
    except (ValueError, IndexError, TypeError) as problem:
        raise CannotRead(Unreadable.BROKEN, type(problem).__name__) from None


def _files(file: CompoundFile, folder: Folder) -> Iterator[EnclosedFile]:
    for storage in _attached(file, folder):
        name = _string(file, storage, LONG_NAME) or _string(file, storage, SHORT_NAME)
        content = _bytes(file, storage, DATA)
        if content:
            yield EnclosedFile(name=name, data=content)
        inside = (*storage, f"{STREAM}{DATA}000D")
        if len(folder) < 2 * DEEPEST and file.has(*inside, "__properties_version1.0"):
            yield from _files(file, inside)


def _attached(file: CompoundFile, folder: Folder) -> list[Folder]:
    depth = len(folder) + 1
    found = (path[:depth] for path in file.paths if path[: depth - 1] == folder and len(path) > depth)
    return list(dict.fromkeys(path for path in found if path[-1].startswith("__attach_version1.0_")))


def _string(file: CompoundFile, folder: Folder, number: str) -> str:
    if file.has(*folder, f"{STREAM}{number}001F"):
        return file.stream(*folder, f"{STREAM}{number}001F").decode("utf-16-le", "replace").rstrip("\x00")
    if file.has(*folder, f"{STREAM}{number}001E"):
        return decoded(file.stream(*folder, f"{STREAM}{number}001E").rstrip(b"\x00"))
    return ""


def _bytes(file: CompoundFile, folder: Folder, number: str) -> bytes:
    path = (*folder, f"{STREAM}{number}0102")
    return file.stream(*path) if file.has(*path) else b""
