"""Reads OpenDocument files (LibreOffice): texts, sheets and slides, with headers, notes, comments and form fields."""

from collections.abc import Iterator
from dataclasses import replace
from xml.etree.ElementTree import Element

from transcription.contract import CannotRead, Transcript, Unreadable
from transcription.documents.open_document_fields import fields_in, without_fields
from transcription.documents.packed import Package
from transcription.documents.plain import tidied
from transcription.documents.written import written

ENGINE = "text of the OpenDocument file"
SHOWN_FROM_STYLES = frozenset({"header", "header-first", "header-left", "footer", "footer-first", "footer-left"})
NOT_SHOWN = frozenset({"tracked-changes", "sequence-decls", "forms", "creator", "date", "note-citation"})
MARKS = {"tab": "\t", "line-break": "\n"}
ENDS = {"p": "\n", "h": "\n", "table-cell": "\t", "table-row": "\n", "table": "\n", "page": "\n"}
INLINE = frozenset(
    {
        "p", "h", "span", "a", "ruby-base", "meta", "text-input", "placeholder", "drop-down", "bookmark-ref",
        "content-control",
    }
)  # fmt: skip
"""Elements in which words stand directly; between the others only layout blanks stand."""

MOST_REPEATED = 20
"""Equal cells side by side that are shown; more fill a row with a colour, not with news."""

REPEATED_ROWS = "The same row is repeated: {} times in all."


def read_open_document(data: bytes) -> Transcript:
    """The text of an .odt, .ods or .odp, its deleted words at the end; raises CannotRead(encrypted) when locked."""
    package = Package(data)
    if "content.xml" not in package.names:
        raise CannotRead(Unreadable.BROKEN, "no OpenDocument text inside")
    if "META-INF/manifest.xml" in package.names and b"encryption-data" in package.part("META-INF/manifest.xml"):
        raise CannotRead(Unreadable.ENCRYPTED)
    content, headings = package.tree("content.xml"), _headings(package)
    read = written([*headings, tidied("".join(_words(content))), _deleted(content)], ENGINE)
    fields = tuple(fields_in(content))
    if not fields:
        return read
    without_fields(content)
    beside = [*headings, tidied("".join(_words(content))), _deleted(content)]
    return replace(read, fields=fields, beside_fields="\n\n".join(filter(None, beside)))


def _deleted(content: Element) -> str:
    found = [each for each in content.iter() if _local(each.tag) == "deletion"]
    words = [words for each in found if (words := tidied("".join(_words(each))))]
    return "\n".join(["Deleted words (tracked changes):", *words]) if words else ""


def _headings(package: Package) -> list[str]:
    if "styles.xml" not in package.names:
        return []
    found = [each for each in package.tree("styles.xml").iter() if _local(each.tag) in SHOWN_FROM_STYLES]
    return list(dict.fromkeys(tidied("".join(_words(each))) for each in found))


def _words(element: Element) -> Iterator[str]:
    kind = _local(element.tag)
    if kind in NOT_SHOWN:
        return
    if kind == "table-cell":
        yield _cell(element)
        return
    yield MARKS.get(kind, "") or _opening(element, kind)
    if kind == "s":
        yield " " * min(_count(element, "c"), 1000)
    yield element.text or "" if kind in INLINE else ""
    inside = (words for child in element for words in _with_tail(child, kind))
    if kind == "table-row":
        yield _row("".join(inside), _count(element, "number-rows-repeated"))
        return
    yield from inside
    yield ENDS.get(kind, "")


def _opening(element: Element, kind: str) -> str:
    """The name of a sheet, the name of a slide; tables in letters have names that only the program gave them."""
    name = _attribute(element, "name")
    if kind == "table" and not name.startswith("Table"):
        return f"{name}\n"
    if kind == "page":
        return f"{name}\n"
    return "Notes: " if kind == "notes" else ""


def _cell(cell: Element) -> str:
    """A cell's words, its date as in ISO 8601; as often as the cell is repeated side by side."""
    dated = _attribute(cell, "date-value").removesuffix("T00:00:00").replace("T", " ")
    words = dated or "".join(words for child in cell for words in _words(child)).strip("\n")
    times = _count(cell, "number-columns-repeated")
    return (words + "\t") * min(times, MOST_REPEATED if words else 1)


def _row(cells: str, times: int) -> str:
    if not cells.strip():
        return ""
    line = cells.rstrip("\t") + "\n"
    return line if times == 1 else f"{line}{REPEATED_ROWS.format(times)}\n"


def _with_tail(child: Element, parent: str) -> Iterator[str]:
    yield from _words(child)
    yield child.tail or "" if parent in INLINE else ""


def _count(element: Element, wanted: str) -> int:
    value = _attribute(element, wanted)
    return int(value) if value.isascii() and value.isdigit() and len(value) < 10 else 1


def _attribute(element: Element, wanted: str) -> str:
    return next((value for name, value in element.attrib.items() if _local(name) == wanted), "")


def _local(name: str) -> str:
    return name.rpartition("}")[2]
