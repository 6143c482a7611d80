"""Draws staff pages, and tells on a page what went wrong: not signed in, not for this role, not there, no address."""

from __future__ import annotations

import logging
from collections.abc import Callable, Coroutine, Mapping
from typing import Any
from urllib.parse import quote

from fastapi import Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import RedirectResponse
from fastapi.routing import APIRoute
from sqlalchemy.exc import SQLAlchemyError

from gateway import saying
from gateway.core import Core
from gateway.deciding import NotFound
from gateway.life_cycle import WrongRole
from gateway.pages import draw, environment
from gateway.staff import (
    alike,
    arrived,
    call_facts,
    folding,
    part_marks,
    part_pages,
    part_shown,
    plain_words,
    sound_shapes,
)
from gateway.staff.signed_in import FormTooLarge, NotSignedIn, Worker
from storage.blobs import BlobMissing
from storage.columns import new_id
from storage.sealing import SealBroken

log = logging.getLogger(__name__)
WORDS = (alike, plain_words, arrived, call_facts, folding, part_marks, part_pages, part_shown, sound_shapes)


class Pages:
    """Every staff page and its routes' errors."""

    def __init__(self, core: Core) -> None:
        printed = saying.phone(core.settings.phone)
        self.words = core.page_words
        self._clock = core.clock
        self._templates = environment(organisation=core.settings.organisation, phone=printed, words=self.words)
        self._templates.env.globals["new_page"] = new_id
        for words in WORDS:
            self._templates.env.globals |= words.IN_TEMPLATES

    def draw(
        self, request: Request, name: str, worker: Worker | None, /, *, status_code: int = 200, **values: object
    ) -> Response:
        """The page ``staff/<name>.html`` as this worker sees it."""
        template = f"staff/{name}.html"
        shown = {"worker": worker, "path": request.url.path, "drawn_at": self._clock()} | values
        return draw(self._templates, request, template, status_code=status_code, **shown)

    def fragment(self, name: str, /, **values: object) -> str:
        """A piece of a page, the same for everybody: ``staff/<name>.html`` with these values."""
        return self._templates.env.get_template(f"staff/{name}.html").render(values)

    def route_class(self) -> type[APIRoute]:
        """Routes whose errors are told as pages."""
        told, words = self.told, self.words

        class PageRoute(APIRoute):
            """A route of the staff pages."""

            def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
                """The usual handler, its exceptions turned into pages."""
                handler = super().get_route_handler()

                async def answered(request: Request) -> Response:
                    try:
                        with words.spoken(words.language_of(request)):
                            _refuse_nulls(request)
                            return await handler(request)
                    except NotSignedIn as error:
                        return self_signed_out(request, error.typed)
                    except tuple(WENT_WRONG) as error:
                        return told(request, error)

                return answered

        self_signed_out = self.signed_out
        return PageRoute

    def signed_out(self, request: Request, typed: Mapping[str, str]) -> Response:
        """To the sign-in page and back; words that were typed are shown, never lost."""
        if request.method == "POST":
            return self.draw(request, "signed_out", None, status_code=403, typed=words_in(typed))
        back = f"/sign-in?next={quote(_with_query(request), safe='')}"
        if request.headers.get("hx-request"):
            return Response(headers={"HX-Redirect": back, "Cache-Control": "no-store"})
        return RedirectResponse(back, 303, headers={"Cache-Control": "no-store"})

    def told(self, request: Request, error: Exception) -> Response:
        """The page for an error; of an address with a wrong end, the way to the same page without that."""
        kind = NotFound if _is_no_such_path(error) else type(error)
        status, title, words = next(told for known, told in WENT_WRONG.items() if issubclass(kind, known))
        if status >= 500:
            log.error("a staff page could not be shown: %s", type(error).__name__)
        without = request.url.path if kind is RequestValidationError and request.method in ("GET", "HEAD") else ""
        return self.draw(request, "went_wrong", None, status_code=status, title=title, words=words, without=without)


WENT_WRONG: dict[type[Exception], tuple[int, str, str]] = {
    WrongRole: (403, "This is not for your role", "Ask your manager if you think it should be."),
    NotFound: (404, "There is nothing here", "Check the reference. Case, spaces and dashes do not matter."),
    RequestValidationError: (
        400,
        "This address cannot be read",
        "Something in it is not as it should be. Nothing was changed.",
    ),
    FormTooLarge: (413, "That is too long to save", "Go back, shorten it and save it again."),
    SQLAlchemyError: (503, "This cannot be shown now", "Nothing was changed. Go back and try again in a minute."),
    BlobMissing: (500, "The kept file is missing", "Tell the people who run this system: frontdoor verify says more."),
    SealBroken: (500, "The kept file was changed", "Tell the people who run this system: frontdoor verify says more."),
}


def words_in(typed: Mapping[str, str]) -> list[tuple[str, str]]:
    """What somebody typed, without the form's own fields."""
    return [(name.replace("_", " "), words) for name, words in typed.items() if name != "mark" and words.strip()]


def _refuse_nulls(request: Request) -> None:
    """No id has a null in it, and PostgreSQL takes none to look for: raises ``NotFound`` or what a wrong end raises."""
    if "\0" in request.scope["path"]:
        raise NotFound("")
    if "%00" in request.url.query:
        raise RequestValidationError([])


def _is_no_such_path(error: Exception) -> bool:
    """Whether it is the page itself that cannot be meant, and not what was asked of it."""
    return isinstance(error, RequestValidationError) and any(each["loc"][0] == "path" for each in error.errors())


def _with_query(request: Request) -> str:
    return request.url.path + (f"?{request.url.query}" if request.url.query else "")
