"""The letters that wait to be printed and posted, and the print runs they are in."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import RedirectResponse
from sqlmodel import Session

from gateway.core import Core
from gateway.deciding import NotFound
from gateway.life_cycle import Incomplete, NotAllowed, WrongRole
from gateway.posting.letters import seen
from gateway.posting.marking import held_letter, mark_posted, print_again
from gateway.posting.run_making import MOST, make_run
from gateway.staff.pages import Pages
from gateway.staff.signed_in import Posted, SignedIn, Worker
from gateway.working_days import in_london
from storage import print_run
from storage.notice import Notice

RUNS_SHOWN = 10
Mark = Callable[[Session, Notice], None]


@dataclass(frozen=True, kw_only=True)
class Refusal:
    """Why something was not done, as the page tells it."""

    words: str
    status: int


def letters_router(core: Core, pages: Pages, signed_in: SignedIn) -> APIRouter:
    """``/post/letters``, and what is done with one letter."""
    router = APIRouter(route_class=pages.route_class())

    @router.get("/post/letters")
    def letters(request: Request, worker: Worker = Depends(signed_in.worker)) -> Response:
        """What is in no run yet, what is due first first; then the runs made last."""
        return drawn(request, worker)

    @router.post("/post/runs")
    def run(request: Request, posted: Posted = Depends(signed_in.posted)) -> Response:
        """A run of all that waits."""
        made = make_run(core, clerk(posted.worker))
        return back(f"/post/runs/{made.number}" if made else "/post/letters?done=nothing")

    @router.post("/post/letters/{notice_id}/posted")
    def one_posted(request: Request, notice_id: str, posted: Posted = Depends(signed_in.posted)) -> Response:
        """One letter is on its way."""
        who = clerk(posted.worker)
        on = posted.typed
        return marked(request, posted, notice_id, lambda s, row: mark_posted(s, core, row, who, on=day_of(on)))

    @router.post("/post/letters/{notice_id}/again")
    def again(request: Request, notice_id: str, posted: Posted = Depends(signed_in.posted)) -> Response:
        """One letter was spoilt."""
        who = clerk(posted.worker)
        return marked(request, posted, notice_id, lambda s, row: print_again(s, core, row, who))

    def marked(request: Request, posted: Posted, notice_id: str, mark: Mark) -> Response:
        try:
            with core.database.transaction() as session:
                row = held_letter(session, notice_id)
                if row is None:
                    raise NotFound(notice_id)
                number = session.get_one(print_run.PrintRun, row.run_id).number if row.run_id else None
                mark(session, row)
        except (Incomplete, NotAllowed) as error:
            return drawn(request, posted.worker, refusal=refusal_of(error))
        return back(f"/post/runs/{number}?done=marked" if number else "/post/letters?done=marked")

    def drawn(request: Request, worker: Worker, *, refusal: Refusal | None = None) -> Response:
        with core.database.reading() as session:
            waiting = seen(session, core, print_run.to_print(session, limit=MOST))
            runs = print_run.shown(session, limit=RUNS_SHOWN)
        return pages.draw(
            request, "letters", worker, status_code=refusal.status if refusal else 200, waiting=waiting, runs=runs,
            refusal=refusal, now=core.clock(), today=in_london(core.clock()).date(), most=MOST,
            done=request.query_params.get("done", ""),
        )  # fmt: skip

    return router


def clerk(worker: Worker) -> str:
    """Their name; raises ``WrongRole`` for who only reads."""
    if not worker.may_act:
        raise WrongRole("post is for staff who act")
    return worker.actor.name


def day_of(typed: Mapping[str, str]) -> date | None:
    """The day that was typed, None for today; raises ``Incomplete``."""
    given = typed.get("on", "").strip()
    try:
        return date.fromisoformat(given) if given else None
    except ValueError:
        raise Incomplete("on", "Give the day it was posted") from None


def refusal_of(error: Incomplete | NotAllowed) -> Refusal:
    """As it is told above the page."""
    if isinstance(error, Incomplete):
        return Refusal(words=error.what, status=422)
    said = str(error)
    return Refusal(words=f"{said[:1].upper()}{said[1:]}", status=409)


def back(to: str) -> Response:
    """On to a page; it is never kept."""
    return RedirectResponse(to, 303, headers={"Cache-Control": "no-store"})
