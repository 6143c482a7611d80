"""The form's files, each made once for a council, and the lines of the empty form.

By those lines what somebody wrote beside the questions is told from what we printed.
"""

from __future__ import annotations

from functools import cache

from gateway.standard_form import layout
from gateway.standard_form.pdf_form import pdf_form
from gateway.standard_form.questions import the_form
from gateway.standard_form.telling_apart import lines_of
from gateway.standard_form.word_form import Ours, word_form
from transcription.documents.pdf_fields import beside_fields
from transcription.documents.word import read_word


@cache
def word_file(ours: Ours) -> bytes:
    """The form as .docx."""
    return word_form(the_form(), ours)


@cache
def pdf_file(ours: Ours) -> bytes:
    """The form as PDF."""
    return pdf_form(the_form(), ours)


@cache
def printed_lines(ours: Ours) -> frozenset[str]:
    """Of the Word form and of the PDF, as their readers give them; it takes a second when it is first asked."""
    word, pdf = read_word(word_file(ours)).beside_fields, beside_fields(pdf_file(ours))
    return frozenset(line for text in (word, pdf) for line in lines_of(text))


@cache
def blank_sheets(ours: Ours) -> tuple[layout.Sheet, ...]:
    """Where everything stands on the printed form; it takes a quarter of a second when it is first asked."""
    return layout.sheets(the_form(), ours)
