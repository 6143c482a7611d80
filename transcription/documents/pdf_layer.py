"""The text layer of a PDF's page: its words, where its letters stand, and whether it can be trusted."""

import re
from dataclasses import dataclass

import pypdfium2 as pdfium
from pypdfium2 import raw

from transcription.documents.pdf_places import MOST_PAGES, Letter, in_order_of, letters_of
from transcription.documents.plain import tidied
from transcription.scans.order import in_reading_order
from transcription.scans.rows import Piece, laid_out

LAYER_HOLDS = 0.85
"""A text layer is trusted when it has at least this part of the words that can be seen on the page."""

JUNK_SHARE = 0.1
JUNK = re.compile(r"[\ue000-\uf8ff\ufffd\x00-\x08\x0b\x0c\x0e-\x1f]")
WORD = re.compile(r"\w{2,}")


@dataclass(frozen=True, kw_only=True)
class Layer:
    """The text layer of a page, and its letters in the same order; none of pages beyond `MOST_PAGES`."""

    text: str
    letters: tuple[Letter, ...]


def layer_of(document: pdfium.PdfDocument, number: int) -> Layer:
    """The text layer of a page, with what was typed into its form fields and notes."""
    was_filled_in = raw.FPDFPage_Flatten(document[number - 1], raw.FLAT_NORMALDISPLAY) == raw.FLATTEN_SUCCESS
    words = document[number - 1].get_textpage()
    letters = letters_of(words) if number <= MOST_PAGES else []
    if was_filled_in:
        rows = in_reading_order(_pieces(words))
        text, letters = laid_out(rows), in_order_of([one for row in rows for one in row], letters)
    else:
        text = words.get_text_range()
    return Layer(text=tidied(re.sub(r"\ufffe\s*", "-", text)), letters=tuple(letters))


def _pieces(words: pdfium.PdfTextPage) -> list[Piece]:
    """The words of a form where they stand on the page: what was typed in is stored apart from its labels."""
    pieces = []
    for number in range(words.count_rects()):
        left, bottom, right, top = words.get_rect(number)
        text = words.get_text_bounded(left, bottom, right, top).strip()
        if text:
            pieces.append(Piece(text=text, confidence=1.0, left=left, right=right, top=-top, bottom=-bottom))
    return pieces


def is_trustworthy(layer: str) -> bool:
    """Whether a layer has words, and they are not the code points of a font without a character table."""
    return bool(WORD.search(layer)) and len(JUNK.findall(layer)) <= JUNK_SHARE * len(layer)


def holds(layer: str, seen: str) -> bool:
    """Whether nearly all words seen on the page stand in its layer."""
    words = WORD.findall(seen.lower())
    in_layer = set(WORD.findall(layer.lower()))
    return not words or sum(word in in_layer for word in words) >= LAYER_HOLDS * len(words)
