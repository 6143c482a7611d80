"""Reads Word documents of before 2007 (.doc): text, tables, notes, headers, comments and text boxes."""

import re
from collections.abc import Iterator

from transcription.contract import CannotRead, Transcript, Unreadable
from transcription.documents.old_word_text import number, stretches
from transcription.documents.plain import tidied
from transcription.documents.stored import CompoundFile
from transcription.documents.written import written

ENGINE = "text of the old Word document"
TICKS_UNSEEN = "Ticks and choices in the fields of this old Word form are not shown: see the original."
FIRST_WITH_PIECES = 0xC1
"""The version number of Word 97; older files keep their text in one stretch."""

LOCKED, SECOND_TABLE, IN_PIECES = 0x0100, 0x0200, 0x0004
LENGTHS = (
    (0x4C, ""), (0x50, "Footnotes: "), (0x54, "Headers and footers: "), (0x58, ""), (0x5C, "Comments: "),
    (0x60, "Endnotes: "), (0x64, "Text boxes: "), (0x68, "Text boxes: "),
)  # fmt: skip
"""Where the block of file information tells how long each part of the document is ([MS-DOC] 2.5.5)."""

FIELD_CODE = re.compile(r"\x13[^\x13\x14\x15]*(?:\x14([^\x13\x14\x15]*))?\x15")
CHOICE = re.compile(r"\x13\s*FORM(?:CHECKBOX|DROPDOWN)")
SIGNS = str.maketrans({
    "\r": "\n", "\x0b": "\n", "\x0c": "\n", "\x0e": "\n", "\x1e": "-", "\x1f": "", "\xa0": " ",
    **dict.fromkeys(map(chr, (1, 2, 3, 4, 5, 6, 8, 0x13, 0x14, 0x15)), ""),
})  # fmt: skip
MOST_NESTED = 20


def read_old_word(data: bytes) -> Transcript:
    """The text of a .doc, part by part; deleted words are listed at its end. Raises CannotRead: encrypted or broken."""
    with CompoundFile(data) as file:
        if not file.has("WordDocument"):
            raise CannotRead(Unreadable.BROKEN, "no old Word document inside")
        document = file.stream("WordDocument")
        flags = number(document, 0x0A) & 0xFFFF
        if flags & LOCKED:
            raise CannotRead(Unreadable.ENCRYPTED)
        if number(document, 0) >> 16 < FIRST_WITH_PIECES:
            return written([_shown(_in_one_stretch(document, flags))], ENGINE)
        table = file.stream("1Table" if flags & SECOND_TABLE else "0Table")
    kept, deleted = _parted(document, table)
    unseen = TICKS_UNSEEN if CHOICE.search(kept) else ""
    return written([*_parts(document, kept), *deleted], ENGINE, unseen)


def _in_one_stretch(document: bytes, flags: int) -> str:
    """Word 6 and 95 in its simple form: eight-bit characters between two places."""
    first, last = number(document, 0x18), number(document, 0x1C)
    if flags & IN_PIECES or not first < last <= len(document):
        raise CannotRead(Unreadable.UNSUPPORTED, "saved in pieces by Word 95 or older")
    return document[first:last].decode("cp1252", "replace")


def _parted(document: bytes, table: bytes) -> tuple[str, list[str]]:
    """The document with a sign of no width (NUL) for each deleted character, and a list of what was deleted."""
    found = list(stretches(document, table))
    kept = "".join("\x00" * len(each.text) if each.is_deleted else each.text for each in found)
    deleted = [words for each in found if each.is_deleted and (words := _shown(each.text))]
    return kept, ["Deleted words (tracked changes):\n" + "\n".join(deleted)] if deleted else []


def _parts(document: bytes, text: str) -> Iterator[str]:
    place = 0
    for where, opening in LENGTHS:
        length = number(document, where)
        words = _shown(text[place : place + length])
        place += length
        if words:
            yield opening + words


def _shown(text: str) -> str:
    """Words as Word shows them: a field's result without its code, a row of a table on one line."""
    text = text.replace("\x00", "")
    for _ in range(MOST_NESTED):
        text, count = FIELD_CODE.subn(lambda found: found[1] or "", text)
        if not count:
            break
    text = text.replace("\x07\x07", "\n").replace("\x07", "\t")
    whole = text.translate(SIGNS).encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return tidied(whole)
