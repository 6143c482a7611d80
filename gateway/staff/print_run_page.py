"""One print run: its list, its PDF, and the marks a clerk sets when it is posted."""

from __future__ import annotations

from fastapi import APIRouter, Depends, Request, Response
from sqlmodel import Session

from channels.contract import SendFailed
from gateway.core import Core
from gateway.deciding import NotFound
from gateway.life_cycle import Incomplete, NotAllowed
from gateway.posting.letters import seen
from gateway.posting.marking import mark_run_posted
from gateway.posting.run_list import as_csv
from gateway.posting.run_pdf import run_pdf, withhold_from
from gateway.staff.letters_page import Refusal, back, clerk, day_of, refusal_of
from gateway.staff.pages import Pages
from gateway.staff.signed_in import Posted, SignedIn, Worker
from gateway.working_days import in_london
from storage import print_run
from storage.print_run import PrintRun

CANNOT_PRINT = (
    "A letter of this run cannot be printed any more. Mark it spoilt, and tell the people who run this system."
)


def print_run_router(core: Core, pages: Pages, signed_in: SignedIn) -> APIRouter:
    """``/post/runs/{number}`` and what hangs below it."""
    router = APIRouter(route_class=pages.route_class())

    @router.get("/post/runs/{number}")
    def run(request: Request, number: int, worker: Worker = Depends(signed_in.worker)) -> Response:
        """The list; nobody's name or address is on it. What may not go any more says so, also where it is printed."""
        with core.database.reading() as session:
            found = run_of(session, number)
        withhold_from(core, found)
        return drawn(request, number, worker)

    @router.get("/post/runs/{number}/letters.pdf")
    def pdf(request: Request, number: int, sides: int = 2, worker: Worker = Depends(signed_in.worker)) -> Response:
        """Every letter in order, as it is printed."""
        who = clerk(worker)
        with core.database.reading() as session:
            found = run_of(session, number)
        try:
            content = run_pdf(core, found, who, both_sides=sides == 2)
        except SendFailed:
            return drawn(request, number, worker, refusal=Refusal(words=CANNOT_PRINT, status=409))
        except NotAllowed as error:
            return drawn(request, number, worker, refusal=refusal_of(error))
        headers = {"Cache-Control": "no-store", "Content-Disposition": f'inline; filename="letters-{number}.pdf"'}
        return Response(content, media_type="application/pdf", headers=headers)

    @router.get("/post/runs/{number}/list.csv")
    def listed(number: int, worker: Worker = Depends(signed_in.worker)) -> Response:
        """The same list for a spreadsheet."""
        clerk(worker)
        with core.database.reading() as session:
            letters = seen(session, core, print_run.letters_of(session, run_of(session, number).id))
        headers = {"Cache-Control": "no-store", "Content-Disposition": f'attachment; filename="letters-{number}.csv"'}
        return Response(as_csv(letters), media_type="text/csv; charset=utf-8", headers=headers)

    @router.post("/post/runs/{number}/posted")
    def posted(request: Request, number: int, posted: Posted = Depends(signed_in.posted)) -> Response:
        """The whole run is on its way."""
        who = clerk(posted.worker)
        try:
            with core.database.transaction() as session:
                mark_run_posted(session, core, run_of(session, number), who, on=day_of(posted.typed))
        except (Incomplete, NotAllowed) as error:
            return drawn(request, number, posted.worker, refusal=refusal_of(error))
        return back(f"/post/runs/{number}?done=marked")

    def drawn(request: Request, number: int, worker: Worker, *, refusal: Refusal | None = None) -> Response:
        with core.database.reading() as session:
            found = run_of(session, number)
            letters = seen(session, core, print_run.letters_of(session, found.id))
        return pages.draw(
            request, "print_run", worker, status_code=refusal.status if refusal else 200, run=found, letters=letters,
            refusal=refusal, now=core.clock(), today=in_london(core.clock()).date(),
            done=request.query_params.get("done", ""),
        )  # fmt: skip

    return router


def run_of(session: Session, number: int) -> PrintRun:
    """One run; raises ``NotFound``."""
    found = print_run.by_number(session, number)
    if found is None:
        raise NotFound(str(number))
    return found
