"""Reads OpenDocument texts (LibreOffice): body, headers, notes, comments and form fields."""

from collections.abc import Iterator
from xml.etree.ElementTree import Element

from transcription.contract import CannotRead, Segment, Transcript, Unreadable
from transcription.documents.packed import Package
from transcription.documents.plain import tidied

ENGINE = "text of the OpenDocument file"
SHOWN_FROM_STYLES = frozenset({"header", "header-first", "header-left", "footer", "footer-first", "footer-left"})
NOT_SHOWN = frozenset({"tracked-changes", "sequence-decls", "forms", "creator", "date", "note-citation"})
MARKS = {"tab": "\t", "line-break": "\n"}
ENDS = {"p": "\n", "h": "\n", "table-cell": "\t", "table-row": "\n"}


def read_open_document(data: bytes) -> Transcript:
    """The text of an .odt; raises CannotRead(encrypted) for one with a password."""
    package = Package(data)
    if "content.xml" not in package.names:
        raise CannotRead(Unreadable.BROKEN, "no OpenDocument text inside")
    if "META-INF/manifest.xml" in package.names and b"encryption-data" in package.part("META-INF/manifest.xml"):
        raise CannotRead(Unreadable.ENCRYPTED)
    texts = [*_headings(package), tidied("".join(_words(package.tree("content.xml"))))]
    shown = [text for text in texts if text]
    return Transcript(
        text="\n\n".join(shown),
        segments=tuple(Segment(text=text) for text in shown),
        engine=ENGINE,
        language=None,
        confidence=None,
    )


def _headings(package: Package) -> list[str]:
    if "styles.xml" not in package.names:
        return []
    found = [each for each in package.tree("styles.xml").iter() if _local(each.tag) in SHOWN_FROM_STYLES]
    return list(dict.fromkeys(tidied("".join(_words(each))) for each in found))


def _words(element: Element) -> Iterator[str]:
    kind = _local(element.tag)
    if kind in NOT_SHOWN:
        return
    yield MARKS.get(kind, "")
    if kind == "s":
        count = next((value for name, value in element.attrib.items() if _local(name) == "c"), "1")
        yield " " * min(int(count) if count.isdigit() else 1, 1000)
    yield element.text or "" if _is_inline(kind) else ""
    inside = (words for child in element for words in _with_tail(child, kind))
    if kind == "table-cell":
        yield "".join(inside).strip("\n")
    else:
        yield from inside
    yield ENDS.get(kind, "")


def _with_tail(child: Element, parent: str) -> Iterator[str]:
    yield from _words(child)
    yield child.tail or "" if _is_inline(parent) else ""


def _is_inline(kind: str) -> bool:
    """Whether text stands directly in an element of this kind; between the others only layout blanks stand."""
    return kind in {
        "p",
        "h",
        "span",
        "a",
        "ruby-base",
        "meta",
        "text-input",
        "placeholder",
        "drop-down",
        "bookmark-ref",
    }


def _local(name: str) -> str:
    return name.rpartition("}")[2]
