"""Where a clerk hands in what the scanner or a telephone made of the post, and is told what became of each file."""

from __future__ import annotations

import hmac
from collections.abc import Mapping, Sequence
from datetime import date

from fastapi import APIRouter, Request, Response
from fastapi.concurrency import run_in_threadpool

from gateway import working_days
from gateway.core import Core
from gateway.handing_in.form_stream import BrokenForm
from gateway.handing_in.posted import read_to_no_end, take_form
from gateway.handing_in.said import said_in
from gateway.handing_in.tray import HandedIn, Tray, Trouble
from gateway.life_cycle import ANY_STAFF, Incomplete, WrongRole
from gateway.staff.pages import Pages
from gateway.staff.signed_in import NotSignedIn, SignedIn, Worker, is_from_elsewhere

BY_SCRIPT = "x-handed-in-by-script"
WHY_NOT = {
    Trouble.EMPTY: "The file is empty. Scan it again.",
    Trouble.TOO_LARGE: "The file is too large: {largest} MB are the most. Scan it in smaller batches or with a lower"
    " resolution.",
    Trouble.TOO_MUCH: "Files that are one letter may have 200 MB together. Take the photos with a lower resolution, or"
    " scan the letter.",
    Trouble.NO_ROOM: "The disk is nearly full, so nothing can be kept now. Tell the people who run this system.",
    Trouble.NOT_NOW: "It could not be kept just now. Hand it in again in a minute.",
    Trouble.CUT_SHORT: "The connection broke before the file was whole. Hand it in again.",
}
NO_FILE = "Choose at least one file"


def hand_in_router(core: Core, pages: Pages, signed_in: SignedIn) -> APIRouter:
    """``/post/hand-in``."""
    router, page = APIRouter(route_class=pages.route_class()), HandInPage(core, pages, signed_in)
    router.add_api_route("/post/hand-in", page.ask, methods=["GET"])
    router.add_api_route("/post/hand-in", page.take, methods=["POST"])
    return router


class HandInPage:
    """Asks for files, takes them, and tells what became of each."""

    def __init__(self, core: Core, pages: Pages, signed_in: SignedIn) -> None:
        self._core, self._pages, self._signed_in = core, pages, signed_in

    def ask(self, request: Request) -> Response:
        """What came, when, and how its letters are told apart."""
        return self._form(request, clerk(self._signed_in.worker(request)), {})

    async def take(self, request: Request) -> Response:
        """Every file goes to its sealed file while it comes in; each is whole and kept, or told why not."""
        try:
            worker = clerk(await run_in_threadpool(self._signed_in.worker, request))
        except (NotSignedIn, WrongRole):
            await read_to_no_end(request.stream())
            raise
        typed: dict[str, str] = {}

        async def opens(fields: Mapping[str, str]) -> Tray:
            typed.update(fields)
            if is_from_elsewhere(request) or not hmac.compare_digest(fields.get("mark", ""), worker.mark):
                raise NotSignedIn
            return Tray(self._core, said_in(fields, today=self._today()), {"handed_in_by": worker.actor.name})

        try:
            results = await take_form(request, opens)
        except Incomplete as wrong:
            return await run_in_threadpool(self._form, request, worker, typed, wrong)
        except BrokenForm:
            results = []
        if not results:
            return await run_in_threadpool(self._form, request, worker, typed, Incomplete("files", NO_FILE))
        return await run_in_threadpool(self._told, request, worker, results)

    def _today(self) -> date:
        return working_days.in_london(self._core.clock()).date()

    def _form(
        self, request: Request, worker: Worker, typed: Mapping[str, str], wrong: Incomplete | None = None
    ) -> Response:
        status = 422 if wrong else 200
        if BY_SCRIPT in request.headers and wrong is not None:
            return self._pages.draw(request, "handed_in_rows", worker, status_code=status, results=[], wrong=wrong.what)
        return self._pages.draw(
            request, "hand_in", worker, status_code=status, typed=typed, wrong=wrong, today=self._today(),
            largest=self._core.settings.scan_largest_mb,
        )  # fmt: skip

    def _told(self, request: Request, worker: Worker, results: Sequence[HandedIn]) -> Response:
        largest = self._core.settings.scan_largest_mb
        why = {trouble: words.format(largest=largest) for trouble, words in WHY_NOT.items()}
        page = "handed_in_rows" if BY_SCRIPT in request.headers else "handed_in"
        return self._pages.draw(request, page, worker, results=results, why=why, wrong="")


def clerk(worker: Worker) -> Worker:
    """Themselves, if they may hand post in; raises ``WrongRole``."""
    if worker.actor.role not in ANY_STAFF:
        raise WrongRole("post is handed in by staff")
    return worker
