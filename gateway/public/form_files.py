"""The form to fill in elsewhere: as Word, as PDF to fill in or to print, and its questions as JSON."""

from __future__ import annotations

from enum import StrEnum

from fastapi import APIRouter, Query, Response

from gateway.core import Core, ours_of
from gateway.standard_form.files import pdf_file, word_file
from gateway.standard_form.questions import the_form
from gateway.standard_form.schema import FormView, form_view

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
PDF = "application/pdf"


class Asked(StrEnum):
    """As whom the questions are asked for."""

    PUBLIC = "public"
    PROFESSIONAL = "professional"


AS_WHOM = Query(Asked.PROFESSIONAL, alias="as", description="professional: with the extra part that may be left out")


class FormFiles:
    """``/form.docx``, ``/form.pdf`` and ``/form/schema.json``; each file is made once, when somebody first asks."""

    def __init__(self, core: Core) -> None:
        self._ours = ours_of(core.settings)

    def router(self) -> APIRouter:
        """The addresses."""
        router = APIRouter(include_in_schema=False)
        router.add_api_route("/form.docx", self.word, methods=["GET", "HEAD"])
        router.add_api_route("/form.pdf", self.pdf, methods=["GET", "HEAD"])
        router.add_api_route("/form/schema.json", schema, methods=["GET", "HEAD"], response_model=FormView)
        return router

    def word(self) -> Response:
        """To be saved: a browser shows no Word file."""
        return _file(word_file(self._ours), WORD, "attachment", "docx")

    def pdf(self) -> Response:
        """To be filled in or printed."""
        return _file(pdf_file(self._ours), PDF, "inline", "pdf")


def schema(asked: Asked = AS_WHOM) -> FormView:
    """Every question; what everybody is asked is the same for both."""
    return form_view(the_form(), with_work=asked is Asked.PROFESSIONAL)


def _file(made: bytes, media_type: str, how: str, ending: str) -> Response:
    headers = {
        "Cache-Control": "no-store", "X-Content-Type-Options": "nosniff",
        "Content-Disposition": f'{how}; filename="form.{ending}"',
    }  # fmt: skip
    return Response(made, media_type=media_type, headers=headers)
