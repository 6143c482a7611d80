"""What was filled into a PDF's form, by the names of its fields, and the text of its pages without it."""

from __future__ import annotations

import ctypes
from collections.abc import Callable, Iterator
from typing import Any

import pypdfium2 as pdfium
from pypdfium2 import raw

from transcription.contract import FormField
from transcription.documents.plain import tidied

MOST_FIELDS = 2000
MOST_PAGES = 100
"""A form of more pages is a book: its text is read, its fields are not looked for."""
OFF = "Off"
TICK, RADIO = raw.FPDF_FORMFIELD_CHECKBOX, raw.FPDF_FORMFIELD_RADIOBUTTON
KINDS = {
    TICK: "tick", RADIO: "choice", raw.FPDF_FORMFIELD_TEXTFIELD: "text", raw.FPDF_FORMFIELD_COMBOBOX: "choice",
    raw.FPDF_FORMFIELD_LISTBOX: "choice",
}  # fmt: skip


def fields_in(document: pdfium.PdfDocument) -> tuple[FormField, ...]:
    """Every field that somebody filled in, once each, in the order of the pages; the document's forms are open.

    Raises PdfiumError for a page that cannot be opened.
    """
    if document.formenv is None or len(document) > MOST_PAGES:
        return ()
    found: dict[str, FormField] = {}
    for number in range(len(document)):
        for field in _of_page(document, number):
            found.setdefault(field.name, field)
            if len(found) >= MOST_FIELDS:
                return tuple(found.values())
    return tuple(found.values())


def beside_fields(data: bytes) -> str:
    """What stands on the pages without what was filled into fields: what is printed, and notes typed beside them."""
    document = pdfium.PdfDocument(data)
    try:
        return "\n\n".join(_beside(document[number]) for number in range(len(document)))
    finally:
        document.close()


def _beside(page: pdfium.PdfPage) -> str:
    for place in reversed(range(raw.FPDFPage_GetAnnotCount(page))):
        annotation = raw.FPDFPage_GetAnnot(page, place)
        is_field = raw.FPDFAnnot_GetSubtype(annotation) == raw.FPDF_ANNOT_WIDGET
        raw.FPDFPage_CloseAnnot(annotation)
        if is_field:
            raw.FPDFPage_RemoveAnnot(page, place)
    raw.FPDFPage_Flatten(page, raw.FLAT_NORMALDISPLAY)
    return tidied(page.get_textpage().get_text_range())


def _of_page(document: pdfium.PdfDocument, number: int) -> Iterator[FormField]:
    page = document[number]
    for place in range(raw.FPDFPage_GetAnnotCount(page)):
        annotation = raw.FPDFPage_GetAnnot(page, place)
        try:
            if raw.FPDFAnnot_GetSubtype(annotation) == raw.FPDF_ANNOT_WIDGET:
                field = _field(document.formenv, annotation, number + 1)
                if field is not None:
                    yield field
        finally:
            raw.FPDFPage_CloseAnnot(annotation)


def _field(forms: Any, annotation: Any, page: int) -> FormField | None:
    kind = raw.FPDFAnnot_GetFormFieldType(forms, annotation)
    name = _said(raw.FPDFAnnot_GetFormFieldName, forms, annotation).strip()
    if kind not in KINDS or not name:
        return None
    label = _said(raw.FPDFAnnot_GetFormFieldAlternateName, forms, annotation)
    if kind in (TICK, RADIO):
        value = _chosen(forms, annotation)
        value = "yes" if value and kind == TICK else value
    else:
        value = _typed(forms, annotation)
    return FormField(name=name, value=value, kind=KINDS[kind], label=label, page=page, words=value) if value else None


def _typed(forms: Any, annotation: Any) -> str:
    value = _said(raw.FPDFAnnot_GetFormFieldValue, forms, annotation).replace("\r\n", "\n").replace("\r", "\n")
    return value.strip()


def _chosen(forms: Any, annotation: Any) -> str:
    """The value of a box that is ticked, whether the program that ticked it wrote so of the box, the field or both."""
    value = _said(raw.FPDFAnnot_GetFormFieldValue, forms, annotation)
    if value not in ("", OFF):
        return value
    is_ticked = raw.FPDFAnnot_IsChecked(forms, annotation)
    return _said(raw.FPDFAnnot_GetFormFieldExportValue, forms, annotation) if is_ticked else ""


def _said(ask: Callable[..., int], forms: Any, annotation: Any) -> str:
    """A text of pdfium's: asked for its length in bytes first, then for itself (UTF-16)."""
    length = ask(forms, annotation, None, 0)
    if length <= 2:
        return ""
    room = ctypes.create_string_buffer(length)
    ask(forms, annotation, ctypes.cast(room, ctypes.POINTER(raw.FPDF_WCHAR)), length)
    return room.raw.decode("utf-16-le", "replace").partition("\x00")[0]
