"""Reads PDFs: the text layer where it can be trusted, the picture of the page where it cannot, page by page."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import cache
from importlib.metadata import version

import pypdfium2 as pdfium
from pypdfium2 import raw

from transcription.contract import (
    CannotRead,
    FormField,
    PageShape,
    Segment,
    Transcript,
    Unreadable,
    mean_confidence,
    unclear_note,
)
from transcription.documents.pdf_comments import as_comments, comments_in, filled_in_xfa, not_drawn
from transcription.documents.pdf_fields import beside_fields, fields_in
from transcription.documents.pdf_layer import holds, is_trustworthy, layer_of
from transcription.documents.pdf_places import segments_of, shape_of
from transcription.scans.detector import Picture
from transcription.scans.page import NO_WRITING, PageRead
from transcription.scans.pictures import WORKING_SIDE

MOST_PAGES = 2000
"""A PDF with more pages is refused: no message to a front door, but days of work for a machine."""

MOST_PICTURED_PAGES = 300
"""Pages that have to be read as pictures; each takes seconds."""

POINTS_PER_INCH = 72
DOTS_PER_INCH = 300

PICTURE_SHARE = 0.1
"""From this part of the page upwards a picture on it may carry words that the text layer lacks."""

Look = Callable[[Picture, int], PageRead]
"""Reads the picture of a page, given its number."""


@dataclass(frozen=True, kw_only=True)
class _Page:
    text: str
    segments: tuple[Segment, ...]
    was_looked_at: bool
    beside: tuple[str, ...] = ()
    shape: PageShape | None = None
    fields: tuple[FormField, ...] = ()


def read_pdf(data: bytes, look: Callable[[], Look]) -> Transcript:
    """The text of a PDF; `look` gives the page reader and is called only when a page has to be read as a picture.

    Raises CannotRead: encrypted (a password is needed to open it), broken, or too_large.
    """
    document = _opened(data)
    try:
        if len(document) > MOST_PAGES:
            raise CannotRead(Unreadable.TOO_LARGE, f"more than {MOST_PAGES} pages")
        fields, beside = _filled_in(document, data)
        comments, xfa = comments_in(document), filled_in_xfa(document, data)
        pages = list(_pages(document, look))
    finally:
        document.close()
    shown = "\n\n".join(page.text for page in pages if page.text)
    apart = [text for text in (xfa or not_drawn(fields, shown), as_comments(comments, shown)) if text]
    segments = tuple(segment for page in pages for segment in page.segments) + tuple(
        Segment(text=text) for text in apart
    )
    told = [sentence for page in pages for sentence in page.beside]
    nothing = "" if segments else NO_WRITING
    return Transcript(
        text="\n\n".join(filter(None, (shown, *apart))),
        segments=segments,
        engine=_engine(pages),
        language=None,
        confidence=mean_confidence(segments),
        note=" ".join(filter(None, (*dict.fromkeys(told), unclear_note(segments) or nothing))),
        fields=fields or tuple(field for page in pages for field in page.fields),
        pages=tuple(page.shape for page in pages if page.shape),
        beside_fields="\n\n".join(filter(None, (beside, as_comments(comments, beside)))) if fields else "",
    )


def _filled_in(document: pdfium.PdfDocument, data: bytes) -> tuple[tuple[FormField, ...], str]:
    """The fields of a form and what stands beside them, before the one is drawn into the other."""
    try:
        fields = fields_in(document)
        return fields, beside_fields(data) if fields else ""
    except pdfium.PdfiumError:
        return (), ""


def _opened(data: bytes) -> pdfium.PdfDocument:
    try:
        document = pdfium.PdfDocument(data)
        document.init_forms()
    except pdfium.PdfiumError as problem:
        locked = getattr(problem, "err_code", None) == raw.FPDF_ERR_PASSWORD
        raise CannotRead(Unreadable.ENCRYPTED if locked else Unreadable.BROKEN) from None
    if not len(document):
        raise CannotRead(Unreadable.BROKEN, "no pages")
    return document


def _pages(document: pdfium.PdfDocument, look: Callable[[], Look]) -> Iterator[_Page]:
    looked = 0
    for number in range(1, len(document) + 1):
        page = _page(document, number, look)
        looked += page.was_looked_at
        if looked > MOST_PICTURED_PAGES:
            raise CannotRead(Unreadable.TOO_LARGE, f"more than {MOST_PICTURED_PAGES} scanned pages")
        yield page


def _page(document: pdfium.PdfDocument, number: int, look: Callable[[], Look]) -> _Page:
    try:
        layer, seen = layer_of(document, number), None
        if not is_trustworthy(layer.text) or _may_show_more(document, number):
            seen = look()(_picture(document, number), number)
        if seen and (not is_trustworthy(layer.text) or not holds(layer.text, seen.text)):
            return _seen_page(seen, document[number - 1])
        return _Page(
            text=layer.text, was_looked_at=seen is not None, fields=seen.fields if seen else (),
            shape=shape_of(document[number - 1], number) if layer.letters else None,
            segments=segments_of(layer.text, layer.letters, document[number - 1], number),
        )  # fmt: skip
    except pdfium.PdfiumError:
        raise CannotRead(Unreadable.BROKEN, f"page {number}") from None


def _seen_page(seen: PageRead, page: pdfium.PdfPage) -> _Page:
    """A page as it was read from its picture, its shape in points."""
    points = sorted(page.get_size())
    shape = seen.shape
    if shape is not None:
        across, down = points if shape.width < shape.height else reversed(points)
        shape = replace(shape, width=round(across, 2), height=round(down, 2))
    return _Page(
        text=seen.text, segments=seen.segments, was_looked_at=True, beside=seen.beside, shape=shape, fields=seen.fields
    )


def _may_show_more(document: pdfium.PdfDocument, number: int) -> bool:
    page = document[number - 1]
    area = page.get_width() * page.get_height()
    for one in page.get_objects(filter=[raw.FPDF_PAGEOBJ_IMAGE], max_depth=5):
        left, bottom, right, top = one.get_bounds()
        if (right - left) * (top - bottom) >= PICTURE_SHARE * area:
            return True
    return False


def _picture(document: pdfium.PdfDocument, number: int) -> Picture:
    page = document[number - 1]
    longest = max(page.get_size())
    scale = min(DOTS_PER_INCH / POINTS_PER_INCH, WORKING_SIDE / max(longest, 1.0))
    drawn: Picture = page.render(scale=scale, may_draw_forms=True).to_numpy()
    return drawn


def _engine(pages: list[_Page]) -> str:
    looked = any(page.was_looked_at for page in pages)
    return f"pypdfium2 {_version('pypdfium2')}" + (f", rapidocr {_version('rapidocr')}" if looked else "")


@cache
def _version(package: str) -> str:
    return version(package)
