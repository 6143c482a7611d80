"""The calls that are being taken, a new one begun with one key, and those to be wrapped up."""

from __future__ import annotations

from fastapi import APIRouter, Depends, Query, Request, Response
from fastapi.responses import RedirectResponse
from sqlmodel import Session

from gateway.calls_taken import drafts
from gateway.core import Core
from gateway.staff.call_keeping import call_taker
from gateway.staff.pages import Pages
from gateway.staff.signed_in import Posted, SignedIn, Worker
from storage import draft
from storage.draft import PAGE, Draft

LAST_PAGE = 10_000


def call_list(core: Core, pages: Pages, signed_in: SignedIn) -> APIRouter:
    """``/calls``."""
    router = APIRouter(route_class=pages.route_class())

    @router.get("/calls")
    def calls(
        request: Request, page: int = Query(1, ge=1, le=LAST_PAGE), wrap_up: int = Query(1, ge=1, le=LAST_PAGE),
        worker: Worker = Depends(signed_in.worker),
    ) -> Response:  # fmt: skip
        """The calls that are being taken, this worker's to wrap up, and apart from them those that need nobody."""
        name, now = call_taker(worker).actor.name, core.clock()
        with core.database.reading() as session:
            rows = draft.unfinished(session, unwritten_since=now - drafts.LEFT_AFTER, page=page)
            owed = draft.to_wrap_up(session, name, page=wrap_up)
            nobodys = draft.ended_by_nobody(session, name)
        return pages.draw(
            request, "calls", worker, now=now, rows=rows[:PAGE], page=page, has_more=len(rows) > PAGE,
            owed=owed[:PAGE], wrap_up=wrap_up, has_more_owed=len(owed) > PAGE, nobodys=nobodys,
        )  # fmt: skip

    @router.post("/calls")
    async def begin(posted: Posted = Depends(signed_in.posted)) -> Response:
        """A call begins; what was to be wrapped up is put off."""
        name = call_taker(posted.worker).actor.name
        row = await core.database.write(lambda session: _begun(session, name))
        return RedirectResponse(f"/calls/{row.id}", 303)

    def _begun(session: Session, name: str) -> Draft:
        draft.put_off(session, name)
        return drafts.begin(session, by=name, now=core.clock())

    return router
