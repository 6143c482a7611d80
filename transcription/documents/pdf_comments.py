"""What stands on a PDF's pages but not in their text: comments, and form values that no program has drawn yet."""

from __future__ import annotations

import contextlib
import ctypes
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from xml.etree import ElementTree

import pypdf
import pypdfium2 as pdfium
from pypdf.errors import PyPdfError
from pypdfium2 import raw

from transcription.contract import FormField
from transcription.documents.plain import tidied

MOST_PAGES = 500
"""Pages that are searched for comments; a document with more is nobody's draft."""

MOST_COMMENTS = 1000
LONGEST_COMMENT = 20_000
SPOKEN = frozenset(
    {
        raw.FPDF_ANNOT_TEXT, raw.FPDF_ANNOT_FREETEXT, raw.FPDF_ANNOT_HIGHLIGHT, raw.FPDF_ANNOT_UNDERLINE,
        raw.FPDF_ANNOT_STRIKEOUT, raw.FPDF_ANNOT_SQUIGGLY, raw.FPDF_ANNOT_CARET, raw.FPDF_ANNOT_STAMP,
        raw.FPDF_ANNOT_SQUARE, raw.FPDF_ANNOT_CIRCLE, raw.FPDF_ANNOT_INK, raw.FPDF_ANNOT_LINE,
    }
)  # fmt: skip
DAMAGE = (PyPdfError, ValueError, TypeError, KeyError, IndexError, AttributeError, OSError, NotImplementedError)
"""What pypdf raises on damaged files."""


@dataclass(frozen=True, kw_only=True)
class Comment:
    """What somebody wrote beside a page; `author` as their program named them, or empty."""

    page: int
    author: str
    words: str


def comments_in(document: pdfium.PdfDocument) -> list[Comment]:
    """Every note of the first `MOST_PAGES` pages; to be asked for before a page is drawn, for that takes them away.

    A page that cannot be opened has none: whoever reads its text says that it is broken.
    """
    found: list[Comment] = []
    for number in range(min(len(document), MOST_PAGES)):
        with contextlib.suppress(pdfium.PdfiumError):
            found += _on_page(document, number)
        if len(found) > MOST_COMMENTS:
            return found[:MOST_COMMENTS]
    return found


def as_comments(found: Sequence[Comment], text: str) -> str:
    """The comments under a heading, without those whose words stand in the text (typed onto the page); else empty."""
    shown = _squeezed(text)
    told = [
        f"Page {each.page}{f', {each.author}' if each.author else ''}: {each.words}"
        for each in found
        if _squeezed(each.words) not in shown
    ]
    return "\n".join(["Comments:", *told]) if told else ""


def not_drawn(fields: Sequence[FormField], text: str) -> str:
    """The values of a form that its pages do not show: the program that filled it in left drawing them to others."""
    shown = _squeezed(text)
    hidden = [field for field in fields if field.kind != "tick" and _squeezed(field.value) not in shown]
    ticked = [field for field in fields if field.kind == "tick" and hidden]
    lines = [f"{field.label or field.name}: {field.value}" for field in (*hidden, *ticked)]
    return "\n".join(["Filled in:", *lines]) if lines else ""


def filled_in_xfa(document: pdfium.PdfDocument, data: bytes) -> str:
    """The values of a form in XML (XFA), whose pages only say that another program is needed."""
    if document.get_formtype() not in {raw.FORMTYPE_XFA_FULL, raw.FORMTYPE_XFA_FOREGROUND}:
        return ""
    try:
        forms = pypdf.PdfReader(io.BytesIO(data)).xfa or {}
        source = bytes(forms.get("datasets", b""))
        if b"<!ENTITY" in source or not source.strip():
            return ""
        root = ElementTree.fromstring(source)  # noqa: S314
    except (*DAMAGE, ElementTree.ParseError, RecursionError):
        return ""
    leaves = [each for each in root.iter() if not len(each)]
    lines = [f"{_local(each.tag)}: {words}" for each in leaves if (words := (each.text or "").strip())]
    return "\n".join(["Filled in:", *lines]) if lines else ""


def _on_page(document: pdfium.PdfDocument, number: int) -> Iterator[Comment]:
    page = document[number]
    for place in range(min(raw.FPDFPage_GetAnnotCount(page), MOST_COMMENTS)):
        annotation = raw.FPDFPage_GetAnnot(page, place)
        try:
            kind = raw.FPDFAnnot_GetSubtype(annotation)
            words = tidied(_said(annotation, b"Contents")) if kind in SPOKEN else ""
            if words:
                yield Comment(page=number + 1, author=_said(annotation, b"T").strip(), words=words)
        finally:
            raw.FPDFPage_CloseAnnot(annotation)


def _said(annotation: Any, key: bytes) -> str:
    """A text of pdfium's: asked for its length in bytes first, then for itself (UTF-16)."""
    length = raw.FPDFAnnot_GetStringValue(annotation, key, None, 0)
    if length <= 2:
        return ""
    room = ctypes.create_string_buffer(length)
    raw.FPDFAnnot_GetStringValue(annotation, key, ctypes.cast(room, ctypes.POINTER(raw.FPDF_WCHAR)), length)
    return room.raw.decode("utf-16-le", "replace").partition("\x00")[0][:LONGEST_COMMENT]


def _squeezed(text: str) -> str:
    return "".join(text.split()).casefold()


def _local(name: str) -> str:
    return name.rpartition("}")[2]
