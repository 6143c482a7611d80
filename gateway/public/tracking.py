"""Lets the holder of a reference and its code see how far it is, without telling anybody else that it exists."""

from __future__ import annotations

import hmac
from collections.abc import Callable
from typing import Annotated

from fastapi import APIRouter, Form, Request, Response
from fastapi.templating import Jinja2Templates

from channels.web_form.limit import Limit, network_of_caller
from gateway import reference as references
from gateway.pages import draw
from gateway.public.progress import Progress

NOT_FOUND = "We cannot find that reference with that code. Check both, or call us"
TOO_MANY = "There have been too many tries. Wait 15 minutes, or call us"
EVERYBODY = "everybody"
LONGEST = 200
NO_REFERENCE = references.EXAMPLE

SAID = {
    Progress.RECEIVED: ("We have received it", "A social worker will read what you told us."),
    Progress.READ: ("We have read it", "A social worker has read what you told us."),
    Progress.QUESTION: (
        "We have a question for you",
        "Call us and give your reference. It is fine if you do not know.",
    ),
    Progress.FINISHED: ("We have finished", "We have kept a record of what you told us. It may help us later."),
}


class Tracking:
    """``/track``. Every wrong try gets the same answer after the same work, and tries are few.

    ``status_of`` says how far a reference is, or None; it may block. ``code`` gives the code of any reference.
    """

    def __init__(
        self,
        templates: Jinja2Templates,
        *,
        status_of: Callable[[str], Progress | None],
        code: Callable[[str], str],
        per_caller: Limit | None = None,
        per_reference: Limit | None = None,
        overall: Limit | None = None,
    ) -> None:
        self._templates, self._status_of, self._code = templates, status_of, code
        self._per_caller = per_caller or Limit(times=10, seconds=15 * 60)
        self._per_reference = per_reference or Limit(times=10, seconds=24 * 3600)
        self._overall = overall or Limit(times=1000, seconds=3600)

    def router(self) -> APIRouter:
        """The two addresses."""
        router = APIRouter(include_in_schema=False)
        router.add_api_route("/track", self.ask, methods=["GET", "HEAD"])
        router.add_api_route("/track", self.answer, methods=["POST"])
        return router

    def ask(self, request: Request) -> Response:
        """The empty form."""
        return draw(self._templates, request, "public/track.html", reference="", problem=None)

    def answer(
        self, request: Request, reference: Annotated[str, Form()] = "", code: Annotated[str, Form()] = ""
    ) -> Response:
        """One of four words for a reference with its code; else always the same answer."""
        typed = reference[:LONGEST]
        caller = network_of_caller(request)
        if self._per_caller.is_spent(caller) or self._overall.is_spent(EVERYBODY):
            return self._again(request, typed, TOO_MANY, 429)
        found = self._look_up(references.parse(typed), code[:LONGEST])
        if found is None:
            for limit, who in ((self._per_caller, caller), (self._overall, EVERYBODY)):
                limit.count(who)
            return self._again(request, typed, NOT_FOUND, 200)
        told, progress = found
        title, words = SAID[progress]
        return draw(self._templates, request, "public/progress.html", reference=told, title=title, words=words)

    def _look_up(self, meant: str | None, code: str) -> tuple[str, Progress] | None:
        """Does the same work for a reference that exists and one that does not, for a right code and a wrong one."""
        told = meant or NO_REFERENCE
        given = "".join(sign for sign in code if sign.isdigit())
        is_right = hmac.compare_digest(self._code(told).encode(), given.encode())
        progress = self._status_of(told)
        is_spent = self._per_reference.is_spent(told)
        if not is_right:
            self._per_reference.count(told)
        if meant is None or progress is None or not is_right or is_spent:
            return None
        return told, progress

    def _again(self, request: Request, reference: str, problem: str, status: int) -> Response:
        return draw(
            self._templates, request, "public/track.html", status_code=status, reference=reference, problem=problem
        )
