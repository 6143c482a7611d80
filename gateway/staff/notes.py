"""The call taker's page: write down what is said, then read out the reference and what happens next."""

from __future__ import annotations

import json
import secrets

from fastapi import APIRouter, Depends, Request, Response
from fastapi.concurrency import run_in_threadpool

from channels.contract import NotKept
from gateway.core import Core
from gateway.life_cycle import ANY_STAFF, WrongRole
from gateway.staff.note_taking import take
from gateway.staff.pages import Pages
from gateway.staff.signed_in import Posted, SignedIn, Worker

FIELDS = (
    "text", "caller_name", "callback", "safe_text", "safe_call", "email", "safe_email", "safe_words", "child",
    "for_worker", "told_by", "reference",
)  # fmt: skip
NOT_KEPT = "It could not be saved. Nothing is lost: it is still on this page. Save it again in a minute."


def notes_router(core: Core, pages: Pages, signed_in: SignedIn) -> APIRouter:
    """``/notes/new``."""
    router = APIRouter(route_class=pages.route_class())

    @router.get("/notes/new")
    def form(request: Request, reference: str = "", worker: Worker = Depends(signed_in.worker)) -> Response:
        """An empty note; with a reference if it adds to a referral."""
        return _form(request, _staff(worker), {"reference": reference, "note_id": secrets.token_urlsafe(16)})

    @router.post("/notes/new")
    async def save(request: Request, posted: Posted = Depends(signed_in.posted)) -> Response:
        """Keep it as a message like any other; pressing the button twice keeps it once."""
        worker = _staff(posted.worker)
        note = {name: posted.typed[name].strip() for name in FIELDS if posted.typed.get(name, "").strip()}
        note["note_id"] = posted.typed.get("note_id") or secrets.token_urlsafe(16)
        try:
            taken = await take(core, json.dumps(note, ensure_ascii=False).encode(), worker.actor.name)
        except NotKept:
            return await run_in_threadpool(_form, request, worker, dict(posted.typed), NOT_KEPT, 503)
        return await run_in_threadpool(
            pages.draw, request, "note_saved", worker, taken=taken, text=note.get("text", "")
        )

    def _form(
        request: Request, worker: Worker, typed: dict[str, str], error: str = "", status_code: int = 200
    ) -> Response:
        return pages.draw(request, "note", worker, status_code=status_code, typed=typed, error=error)

    return router


def _staff(worker: Worker) -> Worker:
    if worker.actor.role not in ANY_STAFF:
        raise WrongRole("notes are for staff")
    return worker
