"""The box in which staff say what gets in their way, and the list in which they are answered."""

from __future__ import annotations

import secrets
from dataclasses import dataclass

from fastapi import APIRouter, Depends, Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import RedirectResponse
from sqlmodel import Session

from channels.contract import NotKept
from gateway.core import Core
from gateway.feedback import feedback_message, finish
from gateway.life_cycle import Incomplete, NotAllowed
from gateway.staff.oversight.overseer import overseer
from gateway.staff.pages import Pages
from gateway.staff.signed_in import Posted, SignedIn, Worker
from storage import ageing, message
from storage.referral import Referral

SHOWN = 100
NOT_KEPT = "It could not be saved. It is still on this page. Save it again in a minute."


@dataclass(frozen=True, kw_only=True)
class Line:
    """What somebody wrote of the desk."""

    about: Referral
    words: str


def feedback_router(core: Core, pages: Pages, signed_in: SignedIn) -> APIRouter:
    """``/feedback`` and ``/oversight/feedback``."""
    router = APIRouter(route_class=pages.route_class())

    @router.get("/feedback")
    def box(request: Request, page: str = "", worker: Worker = Depends(signed_in.worker)) -> Response:
        """An empty box."""
        return _box(request, worker, page=page, feedback_id=secrets.token_urlsafe(16))

    @router.post("/feedback")
    async def said(request: Request, posted: Posted = Depends(signed_in.posted)) -> Response:
        """Keep it; pressing the button twice keeps it once."""
        typed, worker = posted.typed, posted.worker
        known = {name: typed.get(name, "") for name in ("page", "text", "feedback_id")}
        try:
            kept = feedback_message(known["text"], worker.actor.name, known["page"], known["feedback_id"])
            receipt = await core.intake.accept(kept)
        except Incomplete as error:
            return await run_in_threadpool(_box, request, worker, error=error.what, status=422, **known)
        except NotKept:
            return await run_in_threadpool(_box, request, worker, error=NOT_KEPT, status=503, **known)
        return await run_in_threadpool(pages.draw, request, "feedback_saved", worker, reference=receipt.reference)

    @router.get("/oversight/feedback")
    def answered(request: Request, worker: Worker = Depends(signed_in.worker)) -> Response:
        """What was written, the newest first."""
        return _list(request, worker)

    @router.post("/oversight/feedback/{reference}")
    async def answer(request: Request, reference: str, posted: Posted = Depends(signed_in.posted)) -> Response:
        """Answered, and finished."""
        said, actor = posted.typed.get("answer", ""), posted.worker.actor
        try:
            await core.database.write(lambda s: finish(s, reference, actor, said, at=core.clock()))
        except (Incomplete, NotAllowed) as error:
            return await run_in_threadpool(_list, request, posted.worker, refused=reference, error=error.what)
        return RedirectResponse("/oversight/feedback", 303)

    def _box(
        request: Request, worker: Worker, *, page: str = "", text: str = "", feedback_id: str = "", error: str = "",
        status: int = 200,
    ) -> Response:  # fmt: skip
        return pages.draw(
            request, "feedback", worker, on_page=page, text=text, feedback_id=feedback_id, error=error,
            status_code=status,
        )  # fmt: skip

    def _list(request: Request, worker: Worker, *, refused: str = "", error: str = "") -> Response:
        overseer(worker)
        with core.database.reading() as session:
            lines = lines_of(session)
        return pages.draw(
            request, "oversight_feedback", worker, lines=lines, now=core.clock(), refused=refused, error=error,
            status_code=422 if error else 200,
        )  # fmt: skip

    return router


def lines_of(session: Session) -> list[Line]:
    """The latest, each with all its words."""
    rows = ageing.of_the_desk(session, limit=SHOWN)
    said: dict[int | None, list[str]] = {}
    for each in message.of_referrals(session, [row.id or 0 for row in rows]):
        said.setdefault(each.referral_id, []).append(each.text)
    return [Line(about=row, words="\n\n".join(said.get(row.id, []))) for row in rows]
