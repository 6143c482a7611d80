"""The calls that are being taken, a new one begun with one key, and those to be wrapped up."""

from __future__ import annotations

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import RedirectResponse
from sqlmodel import Session

from gateway.calls_taken import drafts
from gateway.core import Core
from gateway.staff.call_keeping import call_taker
from gateway.staff.pages import Pages
from gateway.staff.signed_in import Posted, SignedIn, Worker
from storage import draft
from storage.draft import Draft


def call_list(core: Core, pages: Pages, signed_in: SignedIn) -> APIRouter:
    """``/calls``."""
    router = APIRouter(route_class=pages.route_class())

    @router.get("/calls")
    def calls(request: Request, worker: Worker = Depends(signed_in.worker)) -> Response:
        """Every call that is being taken or was left unfinished, and this worker's calls to wrap up."""
        name = call_taker(worker).actor.name
        with core.database.reading() as session:
            rows = draft.open_drafts(session, unwritten_since=core.clock() - drafts.LEFT_AFTER)
            parked, wrapping = (draft.to_wrap_up(session, name, parked=each) for each in (True, False))
        return pages.draw(request, "calls", worker, rows=rows, to_wrap_up=[*wrapping, *parked], now=core.clock())

    @router.post("/calls")
    async def begin(posted: Posted = Depends(signed_in.posted)) -> Response:
        """A call begins; what was to be wrapped up is put off."""
        name = call_taker(posted.worker).actor.name
        row = await core.database.write(lambda session: _begun(session, name))
        return RedirectResponse(f"/calls/{row.id}", 303)

    def _begun(session: Session, name: str) -> Draft:
        for each in draft.to_wrap_up(session, name, parked=False):
            each.is_parked = True
            session.add(each)
        return drafts.begin(session, by=name, now=core.clock())

    return router
