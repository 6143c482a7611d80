"""The lines of the empty form, by which what somebody wrote beside the questions is told from what we printed."""

from __future__ import annotations

from gateway.standard_form.pdf_form import pdf_form
from gateway.standard_form.questions import the_form
from gateway.standard_form.telling_apart import lines_of
from gateway.standard_form.word_form import Ours, word_form
from transcription.documents.pdf_fields import beside_fields
from transcription.documents.word import read_word


def printed_lines(ours: Ours) -> frozenset[str]:
    """Of the Word form and of the PDF, as their readers give them."""
    form = the_form()
    word, pdf = read_word(word_form(form, ours)).beside_fields, beside_fields(pdf_form(form, ours))
    return frozenset(line for text in (word, pdf) for line in lines_of(text))
