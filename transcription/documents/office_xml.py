"""Reads XML: the words alone where an office program wrote it, the whole as it stands where nobody knows what it is."""

import re
from xml.etree import ElementTree

from transcription.contract import CannotRead, Transcript, Unreadable
from transcription.documents.plain import decoded, read_plain_text, tidied
from transcription.documents.written import written

WRITTEN_BY_OFFICE = re.compile(rb"<\?mso-application|schemas\.microsoft\.com/office|office:document\b")
LOOKED_AT = 4096
WORDS = frozenset({"t", "Data", "p", "h", "span", "a"})
ENDS = {"p": "\n", "h": "\n", "tr": "\n", "Row": "\n", "tc": "\t", "Cell": "\t", "tab": "\t", "br": "\n"}


def read_xml(data: bytes) -> Transcript:
    """The words; raises CannotRead for what declares entities, of which bombs are made."""
    if not WRITTEN_BY_OFFICE.search(data[:LOOKED_AT]):
        return read_plain_text(data)
    if b"<!ENTITY" in data:
        raise CannotRead(Unreadable.BROKEN, "declares entities")
    try:
        root = ElementTree.fromstring(decoded(data).partition("?>")[2] or data)  # noqa: S314
    except ElementTree.ParseError:
        return read_plain_text(data)
    words: list[str] = []
    _gather(root, words)
    return written([tidied("".join(words))], "text of the office file in XML")


def _gather(root: ElementTree.Element, words: list[str]) -> None:
    """Without recursion, for anybody can nest deeply: each element is met twice, at its beginning and its end."""
    waiting: list[tuple[ElementTree.Element, bool]] = [(root, False)]
    while waiting:
        element, is_over = waiting.pop()
        kind = element.tag.rpartition("}")[2]
        if is_over:
            words.append(ENDS.get(kind, ""))
            continue
        words.append((element.text or "") if kind in WORDS else "")
        waiting.append((element, True))
        waiting.extend((child, False) for child in reversed(element))
