"""The bytes behind a referral for staff: look at a picture of a page, save an original."""

from __future__ import annotations

from enum import IntEnum

from fastapi import APIRouter, Depends, Query, Request, Response

from gateway.core import Core
from gateway.deciding import Actor, NotFound
from gateway.staff.few_at_a_time import FewAtATime
from gateway.staff.file_answers import NO_STORE, file_answer, original_answer
from gateway.staff.opening import open_message, open_part
from gateway.staff.page_pictures import WIDEST, NoPicture, picture_of
from gateway.staff.pages import Pages
from gateway.staff.searchable_copy import searchable_copy
from gateway.staff.signed_in import SignedIn, Worker, social_worker

WIDEST_ASKED = 2400


class Turn(IntEnum):
    """Degrees clockwise until a page stands upright."""

    UPRIGHT = 0
    RIGHT = 90
    OVER = 180
    LEFT = 270


def files_router(core: Core, pages: Pages, signed_in: SignedIn) -> APIRouter:
    """The pages of ``/parts/{id}`` as pictures and as a PDF, and ``/messages/{id}/original``."""
    router, drawing, copying = APIRouter(route_class=pages.route_class()), FewAtATime(), FewAtATime()

    @router.get("/parts/{part_id}/pages/{page}")
    async def picture(
        part_id: str,
        page: int,
        turn: Turn = Turn.UPRIGHT,
        widest: int = Query(WIDEST, ge=100, le=WIDEST_ASKED),
        worker: Worker = Depends(signed_in.worker),
    ) -> Response:
        """A picture of one page of a scan, turned clockwise; the look is put on record."""
        actor = social_worker(worker).actor
        return await drawing.make(lambda: drawn_for(actor, part_id, page, turn, widest))

    def drawn_for(actor: Actor, part_id: str, page: int, turn: Turn, widest: int) -> Response:
        file = open_part(core, actor, part_id)
        try:
            drawn = picture_of(file.content, file.media_type, page, turn=turn, widest=widest)
        except NoPicture:
            raise NotFound(part_id) from None
        return Response(drawn, media_type="image/jpeg", headers=NO_STORE)

    @router.get("/parts/{part_id}/searchable")
    async def searchable(request: Request, part_id: str, worker: Worker = Depends(signed_in.worker)) -> Response:
        """A part as a PDF that can be searched, to be saved; put on record."""
        actor = social_worker(worker).actor
        copy = await copying.make(lambda: searchable_copy(core, actor, part_id))
        return file_answer(request, copy, is_only_saved=True)

    @router.get("/messages/{message_id}/original")
    def original(message_id: str, worker: Worker = Depends(signed_in.worker)) -> Response:
        """The exact bytes received, to be saved."""
        return original_answer(open_message(core, social_worker(worker).actor, message_id))

    return router
