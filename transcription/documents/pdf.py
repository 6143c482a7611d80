"""Reads PDFs: the text layer where it can be trusted, the picture of the page where it cannot, page by page."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib.metadata import version

import pypdfium2 as pdfium
from pypdfium2 import raw

from transcription.contract import CannotRead, FormField, Segment, Transcript, Unreadable, mean_confidence, unclear_note
from transcription.documents.pdf_comments import as_comments, comments_in, filled_in_xfa, not_drawn
from transcription.documents.pdf_fields import beside_fields, fields_in
from transcription.documents.plain import tidied
from transcription.scans.detector import Picture
from transcription.scans.order import in_reading_order
from transcription.scans.page import NO_WRITING, PageRead
from transcription.scans.pictures import WORKING_SIDE, as_picture
from transcription.scans.rows import Piece, laid_out

MOST_PAGES = 2000
"""A PDF with more pages is refused: no message to a front door, but days of work for a machine."""

MOST_PICTURED_PAGES = 300
"""Pages that have to be read as pictures; each takes seconds."""

POINTS_PER_INCH = 72
DOTS_PER_INCH = 300

PICTURE_SHARE = 0.1
"""From this part of the page upwards a picture on it may carry words that the text layer lacks."""

LAYER_HOLDS = 0.85
"""A text layer is trusted when it has at least this part of the words that can be seen on the page."""

JUNK_SHARE = 0.1
JUNK = re.compile(r"[\ue000-\uf8ff\ufffd\x00-\x08\x0b\x0c\x0e-\x1f]")
WORD = re.compile(r"\w{2,}")

Look = Callable[[Picture, int], PageRead]
"""Reads the picture of a page, given its number."""


@dataclass(frozen=True, kw_only=True)
class _Page:
    text: str
    segments: tuple[Segment, ...]
    was_looked_at: bool
    beside: tuple[str, ...] = ()


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
        note=" ".join(filter(None, (*told, unclear_note(segments) or nothing))),
        fields=fields,
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
        if not is_trustworthy(layer) or _may_show_more(document, number):
            seen = look()(_picture(document, number), number)
    except pdfium.PdfiumError:
        raise CannotRead(Unreadable.BROKEN, f"page {number}") from None
    if seen and (not is_trustworthy(layer) or not holds(layer, seen.text)):
        return _Page(text=seen.text, segments=seen.segments, was_looked_at=True, beside=seen.beside)
    segments = tuple(Segment(text=part, page=number) for part in layer.split("\n\n") if part.strip())
    return _Page(text=layer, segments=segments, was_looked_at=seen is not None)


def layer_of(document: pdfium.PdfDocument, number: int) -> str:
    """The text layer of a page, with what was typed into its form fields and notes."""
    was_filled_in = raw.FPDFPage_Flatten(document[number - 1], raw.FLAT_NORMALDISPLAY) == raw.FLATTEN_SUCCESS
    words = document[number - 1].get_textpage()
    text = _by_place(words) if was_filled_in else words.get_text_range()
    return tidied(re.sub(r"\ufffe\s*", "-", text))


def _by_place(words: pdfium.PdfTextPage) -> str:
    """The words of a form as they stand on the page: what was typed in is stored apart from its labels."""
    pieces = []
    for number in range(words.count_rects()):
        left, bottom, right, top = words.get_rect(number)
        text = words.get_text_bounded(left, bottom, right, top).strip()
        if text:
            pieces.append(Piece(text=text, confidence=1.0, left=left, right=right, top=-top, bottom=-bottom))
    return laid_out(in_reading_order(pieces))


def is_trustworthy(layer: str) -> bool:
    """Whether a layer has words, and they are not the code points of a font without a character table."""
    return bool(WORD.search(layer)) and len(JUNK.findall(layer)) <= JUNK_SHARE * len(layer)


def holds(layer: str, seen: str) -> bool:
    """Whether nearly all words seen on the page stand in its layer."""
    words = WORD.findall(seen.lower())
    in_layer = set(WORD.findall(layer.lower()))
    return not words or sum(word in in_layer for word in words) >= LAYER_HOLDS * len(words)


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
    return as_picture(page.render(scale=scale, may_draw_forms=True).to_pil())


def _engine(pages: list[_Page]) -> str:
    looked = sum(page.was_looked_at for page in pages)
    return f"pypdfium2 {version('pypdfium2')}" + (f", rapidocr {version('rapidocr')}" if looked else "")
