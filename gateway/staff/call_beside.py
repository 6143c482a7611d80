"""What changes beside the notes of a call while they are written: kept or not, the words so far, what to read back."""

from __future__ import annotations

import logging
from asyncio import gather

from fastapi import APIRouter, Depends, Request, Response
from pydantic import BaseModel
from sqlmodel import Session

from gateway import saying
from gateway.calls_taken import fields
from gateway.calls_taken.drafts import AlreadySettled, SavedMeanwhile, Taken
from gateway.core import Core
from gateway.pages import HEADERS
from gateway.searching.found import Asked, Found
from gateway.searching.search import search
from gateway.staff.call_alike import alike_to_typed
from gateway.staff.call_keeping import call_taker, place_of, saved, taken_call
from gateway.staff.call_view import record_look, view
from gateway.staff.pages import Pages
from gateway.staff.signed_in import Posted, SignedIn, Worker

log = logging.getLogger(__name__)
FOUND, LEAST_TYPED, LONGEST_TYPED = 5, 3, 200


class Kept(BaseModel):
    """What the page is told of a save: 200 kept, 409 somebody else wrote there or the call is over.

    ``alike`` is the strip beside the notes as it is now, drawn; None where nothing was kept or it
    could not be looked for.
    """

    version: int
    at: str
    reference: str
    is_over: bool = False
    alike: str | None = None


def call_beside(core: Core, pages: Pages, signed_in: SignedIn) -> APIRouter:
    """``/calls/{id}/kept`` for the page's own saves, and the pieces that it asks for again."""
    router = APIRouter(route_class=pages.route_class())

    @router.post("/calls/{call_id}/kept")
    async def kept(call_id: str, posted: Posted = Depends(signed_in.posted)) -> Response:
        """Keep what is written; 409 changes nothing, and the page then asks its user."""
        by = call_taker(posted.worker).actor.name

        def keep(session: Session) -> Taken:
            before = taken_call(session, core, call_id)
            said = fields.written(posted.typed, before.kept)
            return saved(session, core, call_id, said, place=place_of(posted.typed), by=by)

        try:
            taken, alike = await gather(core.database.write(keep), _alike_drawn(core, pages, call_id, posted))
            return _told(taken, 200, alike=alike)
        except SavedMeanwhile as error:
            return _told(error.now, 409)
        except AlreadySettled:
            row = (await core.database.read(lambda session: taken_call(session, core, call_id))).row
            return _told(Taken(row=row, kept=fields.NOTHING), 409, is_over=True)

    @router.get("/calls/{call_id}/heard")
    def heard(request: Request, call_id: str, worker: Worker = Depends(signed_in.worker)) -> Response:
        """The words of the line so far."""
        return piece(request, "call_heard", worker, call_id)

    @router.get("/calls/{call_id}/read-back")
    def read_back(request: Request, call_id: str, worker: Worker = Depends(signed_in.worker)) -> Response:
        """What was written, short and in order, to be read to the caller; who called is seen on record."""
        with core.database.transaction() as session:
            record_look(session, core, call_taker(worker), taken_call(session, core, call_id))
        return piece(request, "call_back", worker, call_id)

    @router.get("/calls/{call_id}/found")
    def found(request: Request, call_id: str, typed: str = "", worker: Worker = Depends(signed_in.worker)) -> Response:
        """The few reports that fit best what was typed: history informs, and never keeps anybody from writing on."""
        asked = Asked(typed=typed[:LONGEST_TYPED].strip(), limit=FOUND)
        is_asked = len(asked.typed) >= LEAST_TYPED
        what = search(core, call_taker(worker).actor, asked) if is_asked else Found()
        return pages.draw(request, "call_found", worker, found=what, is_asked=is_asked, now=core.clock())

    def piece(request: Request, name: str, worker: Worker, call_id: str) -> Response:
        with core.database.reading() as session:
            seen = view(session, core, call_taker(worker), taken_call(session, core, call_id))
        return pages.draw(request, name, worker, seen=seen, now=core.clock())

    return router


async def _alike_drawn(core: Core, pages: Pages, call_id: str, posted: Posted) -> str | None:
    """The strip, or None: whatever befalls the look for it, the words are kept and their page is told so."""
    try:
        alike = await core.database.read(lambda session: alike_to_typed(session, core, call_id, posted))
        return pages.fragment("call_alike", alike=alike)
    except Exception as error:
        log.error("what may be the same as a call could not be looked for: %s", type(error).__name__)
        return None


def _told(taken: Taken, status: int, *, is_over: bool = False, alike: str | None = None) -> Response:
    row = taken.row
    at = saying.clock(row.saved_at)
    told = Kept(version=row.version, at=at, reference=row.reference, is_over=is_over, alike=alike)
    return Response(told.model_dump_json(), status, media_type="application/json", headers=dict(HEADERS))
