"""Reads Word documents whole: headers, text boxes, form fields, ticks, tracked insertions, notes and comments too."""

import re
from collections.abc import Iterator
from xml.etree.ElementTree import Element

from transcription.contract import CannotRead, Segment, Transcript, Unreadable
from transcription.documents.packed import Package
from transcription.documents.plain import tidied
from transcription.documents.word_changes import tracked_changes
from transcription.documents.word_fields import fields_in, without_fields

ENGINE = "text of the Word document"
CHANGES_LISTED = "The document has tracked changes: they are listed at its end, deleted words only there."
MACROS = "It carries macros, which were not run."

DOCUMENT = re.compile(r"word/document\d*\.xml")
PARTS = (
    (re.compile(r"word/header\d*\.xml"), ""),
    (DOCUMENT, ""),
    (re.compile(r"word/footnotes\.xml"), "Footnotes: "),
    (re.compile(r"word/endnotes\.xml"), "Endnotes: "),
    (re.compile(r"word/comments\.xml"), "Comments: "),
    (re.compile(r"word/diagrams/data\d*\.xml"), ""),
    (re.compile(r"word/footer\d*\.xml"), ""),
)

NOT_SHOWN = frozenset({"Fallback", "delText", "delInstrText", "instrText", "moveFrom", "pPr", "rPr", "sectPr", "sdtPr"})
"""Parts of the markup that are not words of the document, or repeat them (the fallback of a text box)."""

MARKS = {"tab": "\t", "ptab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}
ENDS = {"p": "\n", "tc": "\t", "tr": "\n"}
SYMBOLS = {"F0FE": "☒", "F0FD": "☒", "F052": "☑", "F0FC": "✓", "F0A8": "☐", "F06F": "☐", "F0A3": "☐"}
"""Ticked and empty boxes in the Wingdings fonts."""


def read_word(data: bytes) -> Transcript:
    """The text of a .docx as it reads now, part by part, and its tracked changes, to which a note points."""
    package = Package(data)
    names = package.names
    if not any(DOCUMENT.fullmatch(name) for name in names):
        raise CannotRead(Unreadable.BROKEN, "no Word document inside")
    trees = [(opening, package.tree(name)) for part, opening in PARTS for name in names if part.fullmatch(name)]
    changes = tracked_changes([tree for _, tree in trees])
    texts = [*_texts(trees), *filter(None, [changes])]
    fields = tuple(field for _, tree in trees for field in fields_in(tree))
    notes = (CHANGES_LISTED if changes else "", MACROS if "word/vbaProject.bin" in names else "")
    beside = _beside(trees) if fields else []
    return Transcript(
        text="\n\n".join(texts),
        segments=tuple(Segment(text=text) for text in texts),
        engine=ENGINE,
        language=None,
        confidence=None,
        note=" ".join(filter(None, notes)),
        fields=fields,
        beside_fields="\n\n".join(beside),
    )


def _beside(trees: list[tuple[str, Element]]) -> list[str]:
    """What stands there when the form's fields are emptied, which they are."""
    for _, tree in trees:
        without_fields(tree)
    return [*_texts(trees), *filter(None, [tracked_changes([tree for _, tree in trees])])]


def _texts(trees: list[tuple[str, Element]]) -> list[str]:
    texts: list[str] = []
    for opening, tree in trees:
        text = tidied("".join(_words(tree)))
        if text and opening + text not in texts:
            texts.append(opening + text)
    return texts


def _words(element: Element) -> Iterator[str]:
    kind = _local(element.tag)
    if kind in NOT_SHOWN:
        return
    if kind == "t":
        yield element.text or ""
    elif kind in MARKS:
        yield MARKS[kind]
    elif kind == "sym":
        yield SYMBOLS.get(_attribute(element, "char").upper(), "")
    elif kind == "comment":
        author = _attribute(element, "author")
        yield f"{author}: " if author else ""
    elif kind == "ddList":
        yield _chosen(element)
    elif kind == "checkBox":
        yield "☒ " if _is_ticked(element) else "☐ "
    inside = (words for child in element for words in _words(child))
    if kind == "tc":
        yield "".join(inside).strip("\n")
    else:
        yield from inside
    yield ENDS.get(kind, "")


def _is_ticked(box: Element) -> bool:
    """A legacy form field's state: `checked` outweighs `default`, and either counts as set when it has no value."""
    for wanted in ("checked", "default"):
        for child in box:
            if _local(child.tag) == wanted:
                return _attribute(child, "val") not in {"0", "false", "off"}
    return False


def _chosen(choices: Element) -> str:
    """The entry that was chosen in a legacy drop-down field; its first entry counts where none is marked."""
    entries = [_attribute(child, "val") for child in choices if _local(child.tag) == "listEntry"]
    marked = next((_attribute(child, "val") for child in choices if _local(child.tag) == "result"), "0")
    return entries[int(marked)] if marked.isascii() and marked.isdigit() and int(marked) < len(entries) else ""


def _attribute(element: Element, wanted: str) -> str:
    return next((value for name, value in element.attrib.items() if _local(name) == wanted), "")


def _local(name: str) -> str:
    return name.rpartition("}")[2]
