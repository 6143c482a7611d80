"""The form as a PDF, looked at as it is printed."""

from __future__ import annotations

import io
from dataclasses import replace

import pypdfium2 as pdfium
import pytest
from pypdf import PdfReader

from gateway.standard_form import pdf_form
from gateway.standard_form.questions import the_form
from gateway.standard_form.word_form import Ours

OURS = Ours(organisation="Northshire Council", mailbox="referrals@northshire.example", address="1 County Square")


def test_no_box_of_the_paper_form_lies_on_another_or_over_the_edge() -> None:
    for page in PdfReader(io.BytesIO(pdf_form.pdf_form(the_form(), OURS))).pages:
        boxes = [[float(n) for n in note.get_object()["/Rect"]] for note in page.get("/Annots", [])]
        shown = [box for box in boxes if box[2] - box[0] > 1]
        assert all(box[0] >= 40 and box[2] <= 556 and box[1] >= 50 for box in shown)
        for place, one in enumerate(shown):
            for other in shown[place + 1 :]:
                apart = one[2] <= other[0] or other[2] <= one[0] or one[3] <= other[1] or other[3] <= one[1]
                assert apart, (one, other)


def test_the_printed_words_can_be_welsh() -> None:
    welsh = replace(the_form(), title="Dywedwch wrthym beth sy'n eich poeni: tŷ, dŵr, plentyn mân")
    page = pdfium.PdfDocument(pdf_form.pdf_form(welsh, OURS))[0]
    assert welsh.title in page.get_textpage().get_text_range()
    with pytest.raises(LookupError):
        the_form("xx")
