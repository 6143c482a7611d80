"""Reads the files that a document carries inside: what is attached to a PDF or a mail, embedded in a Word file."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace

from transcription.contract import CannotRead, NoEngine, Segment, Transcript
from transcription.documents.written import LONGEST_TEXT

LONGEST_NAME = 200
MOST_FILES = 30
"""Files of one document that are read; the others are named."""


@dataclass(frozen=True, kw_only=True)
class EnclosedFile:
    """A file inside another, by the name its sender gave it (which may be empty or lie)."""

    name: str
    data: bytes
    media_type: str = ""


@dataclass(frozen=True, kw_only=True)
class Opened:
    """A document as read, and the files it carries, which have not been read yet."""

    transcript: Transcript
    files: tuple[EnclosedFile, ...] = ()


ReadFile = Callable[[EnclosedFile], Transcript]


def with_enclosed(opened: Opened, read: ReadFile) -> Transcript:
    """The document's transcript followed by what each file in it says; one that cannot be read is named."""
    document = opened.transcript
    if not opened.files:
        return document
    added = list(_read_each(opened.files, read, LONGEST_TEXT - len(document.text)))
    return replace(
        document,
        text="\n\n".join(filter(None, (document.text, *added))),
        segments=(*document.segments, *(Segment(text=text) for text in added)),
        note=" ".join(filter(None, (document.note, _how_many(len(opened.files))))),
    )


def _read_each(files: Iterable[EnclosedFile], read: ReadFile, room: int) -> Iterator[str]:
    for number, file in enumerate(files, start=1):
        opening = f"File {number} inside: {' '.join(file.name.split())[:LONGEST_NAME] or 'without a name'}"
        if number > MOST_FILES or room <= 0:
            yield f"{opening} (not read: see the original)"
            continue
        try:
            words = read(file).text
        except (CannotRead, NoEngine) as refused:
            why = refused.reason.value.replace("_", " ") if isinstance(refused, CannotRead) else "sound"
            yield f"{opening} (not read: {why})"
            continue
        room -= len(words)
        yield f"{opening}\n{words}" if words else f"{opening} (no words were found)"


def _how_many(count: int) -> str:
    return "It carries a file inside." if count == 1 else f"It carries {count} files inside."
