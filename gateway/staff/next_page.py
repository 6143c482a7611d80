"""Next for me: one press takes what comes next and opens it."""

from __future__ import annotations

from fastapi import APIRouter, Depends, Response
from fastapi.responses import RedirectResponse

from gateway.core import Core
from gateway.deciding import Actor
from gateway.staff.pages import Pages
from gateway.staff.signed_in import Posted, SignedIn

NO_STORE = {"Cache-Control": "no-store"}


def take_next(core: Core, actor: Actor) -> str | None:
    """Take it, in one transaction; its reference, or None where nothing is left. Raises ``WrongRole``."""
    with core.database.transaction() as session:
        row = core.deciding.next(session, actor)
        return row.reference if row else None


def next_router(core: Core, pages: Pages, signed_in: SignedIn) -> APIRouter:
    """``/next``."""
    router = APIRouter(route_class=pages.route_class())

    @router.post("/next")
    def next_for_me(posted: Posted = Depends(signed_in.posted)) -> Response:
        """On to it; back to the queue, which then says so, where nothing is left."""
        reference = take_next(core, posted.worker.actor)
        to = f"/referrals/{reference}?done=claim" if reference else "/queue?next=none"
        return RedirectResponse(to, 303, headers=NO_STORE)

    return router
