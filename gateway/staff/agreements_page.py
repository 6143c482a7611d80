"""What waits for a second person: the list of it, and each step as it would be, to agree to or not."""

from __future__ import annotations

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import RedirectResponse
from sqlmodel import Session

from gateway.agreeing import answering
from gateway.agreeing.rehearsing import NotShown
from gateway.core import Core
from gateway.life_cycle import Incomplete, NotAllowed
from gateway.staff.agreement_question import asked_of, question_of
from gateway.staff.confirming import SHOWN
from gateway.staff.pages import Pages
from gateway.staff.referral import to_referral
from gateway.staff.signed_in import Posted, SignedIn, Worker, social_worker
from storage import agreement, referral

PAGE = 100


class QuestionPage:
    """Draws one of them."""

    def __init__(self, core: Core, pages: Pages) -> None:
        self._core, self._pages = core, pages

    def draw(
        self, request: Request, agreement_id: str, worker: Worker, *, status_code: int = 200, wrong: str = ""
    ) -> Response:
        """``wrong`` is what was wrong with the answer; refused as out of turn, the page says that it has changed."""
        question = question_of(self._core, agreement_id, worker.actor)
        return self._pages.draw(
            request, "agreement", worker, status_code=status_code, question=question, wrong=wrong,
            is_changed=status_code == 409, now=self._core.clock(),
        )  # fmt: skip


def agreements_router(core: Core, pages: Pages, signed_in: SignedIn) -> APIRouter:
    """``/agreements`` and each of them."""
    router, page = APIRouter(route_class=pages.route_class()), QuestionPage(core, pages)

    @router.get("/agreements")
    def waiting(request: Request, worker: Worker = Depends(signed_in.worker)) -> Response:
        """Those the reader may answer first, then those they asked for, then the others."""
        with core.database.reading() as session:
            found = asked_of(session, agreement.pending(session, limit=PAGE), social_worker(worker).actor)
        found.sort(key=lambda one: (bool(one.why_not), not one.is_yours, one.due_at))
        return pages.draw(request, "agreements", worker, found=found, now=core.clock())

    @router.get("/agreements/{agreement_id}")
    def one(request: Request, agreement_id: str, worker: Worker = Depends(signed_in.worker)) -> Response:
        """One of them."""
        return page.draw(request, agreement_id, social_worker(worker))

    _answers(router, core, page, signed_in)
    return router


def _answers(router: APIRouter, core: Core, page: QuestionPage, signed_in: SignedIn) -> None:
    """The three ways to answer."""

    @router.post("/agreements/{agreement_id}/agree")
    def agree(request: Request, agreement_id: str, posted: Posted = Depends(signed_in.posted)) -> Response:
        """The step is taken as of now, if it is the one that was shown."""
        shown = posted.typed.get(SHOWN, "")
        try:
            with core.database.transaction() as session:
                done = answering.agree(core, session, agreement_id, posted.worker.actor, shown=shown)
                return to_referral(_reference(session, agreement_id), "agreed" if done else "lapsed")
        except (NotShown, Incomplete, NotAllowed):
            return page.draw(request, agreement_id, posted.worker, status_code=409)

    @router.post("/agreements/{agreement_id}/disagree")
    def disagree(request: Request, agreement_id: str, posted: Posted = Depends(signed_in.posted)) -> Response:
        """Back to whoever asked, in words."""
        try:
            with core.database.transaction() as session:
                answering.disagree(core, session, agreement_id, posted.worker.actor, posted.typed.get("why", ""))
                return to_referral(_reference(session, agreement_id), "disagreed")
        except Incomplete as error:
            return page.draw(request, agreement_id, posted.worker, wrong=error.what, status_code=422)
        except NotAllowed:
            return page.draw(request, agreement_id, posted.worker, status_code=409)

    @router.post("/agreements/{agreement_id}/withdraw")
    def withdraw(agreement_id: str, posted: Posted = Depends(signed_in.posted)) -> Response:
        """Whoever asked thinks again."""
        try:
            with core.database.transaction() as session:
                answering.withdraw(core, session, agreement_id, posted.worker.actor)
                return to_referral(_reference(session, agreement_id), "withdrawn")
        except NotAllowed:
            return RedirectResponse(f"/agreements/{agreement_id}", 303, headers={"Cache-Control": "no-store"})


def _reference(session: Session, agreement_id: str) -> str:
    one = agreement.by_id(session, agreement_id)
    row = referral.by_id(session, one.referral_id) if one else None
    return row.reference if row else ""
