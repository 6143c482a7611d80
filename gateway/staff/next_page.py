"""Next for me: one press takes what comes next and opens it, and the same press again opens the same."""

from __future__ import annotations

from datetime import datetime, timedelta
from hashlib import sha256

from fastapi import APIRouter, Depends, Response
from fastapi.responses import RedirectResponse
from sqlmodel import Session

from gateway import leases
from gateway.core import Core
from gateway.deciding import Actor
from gateway.staff.pages import Pages
from gateway.staff.signed_in import Posted, SignedIn
from storage import pressed, referral

NO_STORE = {"Cache-Control": "no-store"}
REMEMBERED = timedelta(days=1)


def take_next(core: Core, actor: Actor, *, page: str = "") -> str | None:
    """Take it, in one transaction; its reference, or None where nothing is left. Raises ``WrongRole``.

    ``page`` is the mark of the page whose button was pressed: pressed again there, by a double click or by loading the
    answer anew, it leads where the first press led and takes nothing more, at the same time too. Once they are no
    longer at what it led to, the page was left open and its button takes the next one.
    """
    with core.database.transaction() as session:
        if not page:
            return _taken(core, session, actor)
        mark, now = sha256(f"next\0{actor.name}\0{page}".encode()).hexdigest(), core.clock()
        if not pressed.is_first(session, mark, now):
            before = pressed.led_to(session, mark)
            if not before or _is_at(session, actor, before, now):
                return before or None
        reference = _taken(core, session, actor)
        pressed.remember(session, mark, reference or "")
        pressed.forget(session, before=now - REMEMBERED)
        return reference


def next_router(core: Core, pages: Pages, signed_in: SignedIn) -> APIRouter:
    """``/next``."""
    router = APIRouter(route_class=pages.route_class())

    @router.post("/next")
    def next_for_me(posted: Posted = Depends(signed_in.posted)) -> Response:
        """On to it; back to the queue, which then says so, where nothing is left."""
        reference = take_next(core, posted.worker.actor, page=posted.typed.get("page", ""))
        to = f"/referrals/{reference}?done=claim" if reference else "/queue?next=none"
        return RedirectResponse(to, 303, headers=NO_STORE)

    return router


def _is_at(session: Session, actor: Actor, reference: str, now: datetime) -> bool:
    row = referral.by_reference(session, reference)
    return row is not None and leases.in_force(row, now) == actor.name


def _taken(core: Core, session: Session, actor: Actor) -> str | None:
    row = core.deciding.next(session, actor)
    return row.reference if row else None
