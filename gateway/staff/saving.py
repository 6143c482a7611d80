"""The bytes of a file for staff; of what may do harm, first a page that says so, and then only to be saved."""

from __future__ import annotations

from fastapi import APIRouter, Depends, Request, Response

from gateway.core import Core
from gateway.part_view import part_view
from gateway.staff.opening import part_answer
from gateway.staff.pages import Pages
from gateway.staff.part_marks import may_do_harm
from gateway.staff.signed_in import Posted, SignedIn, Worker, social_worker
from storage.attachment import Attachment
from storage.referral import Referral


def saving_router(core: Core, pages: Pages, signed_in: SignedIn) -> APIRouter:
    """``/parts/{id}``, and ``/parts/{id}/save`` for whoever was told what it may do."""
    router = APIRouter(route_class=pages.route_class())

    @router.get("/parts/{part_id}")
    def part(request: Request, part_id: str, worker: Worker = Depends(signed_in.worker)) -> Response:
        """The bytes, whole or a range, and the look put on record; a warning gives no bytes and records nothing."""
        social_worker(worker)
        with core.database.reading() as session:
            row = session.get(Attachment, part_id)
            about = session.get(Referral, row.referral_id) if row else None
        if row is None or about is None or not may_do_harm(row.virus_state, row.active):
            return part_answer(core, request, worker.actor, part_id)
        return pages.draw(request, "part_warning", worker, part=part_view(row, ()), reference=about.reference)

    @router.post("/parts/{part_id}/save")
    def save(request: Request, part_id: str, posted: Posted = Depends(signed_in.posted)) -> Response:
        """What may do harm, for somebody who was told so and wants it all the same."""
        return part_answer(core, request, social_worker(posted.worker).actor, part_id, is_only_saved=True)

    return router
