"""Views of the queue kept under a name: made, removed, and begun with, by plain forms."""

from __future__ import annotations

from fastapi import APIRouter, Depends, Path, Response
from fastapi.responses import RedirectResponse
from sqlmodel import Session

from gateway.core import Core
from gateway.deciding import NotFound
from gateway.life_cycle import WrongRole
from gateway.staff import queue_filters
from gateway.staff.pages import Pages
from gateway.staff.signed_in import Posted, SignedIn, Worker
from storage import saved_view
from storage.saved_view import SavedView

MOST = 30
LONGEST_NAME = 60
NO_STORE = {"Cache-Control": "no-store"}
ID = Path(pattern="^[0-9a-f]{32}$")


def queue_views_router(core: Core, pages: Pages, signed_in: SignedIn) -> APIRouter:
    """``/queue/views`` and what can be done with one of them."""
    router = APIRouter(route_class=pages.route_class())

    @router.post("/queue/views")
    def keep(posted: Posted = Depends(signed_in.posted)) -> Response:
        """Keep what is chosen now; no name is asked for that the filters do not say themselves."""
        with core.database.transaction() as session:
            kept = kept_view(session, posted, core)
        return _to("views=full" if kept is None else f"view={kept.id}")

    @router.post("/queue/views/everything/first")
    def begin_with_everything(posted: Posted = Depends(signed_in.posted)) -> Response:
        """From now on this person begins with everything."""
        with core.database.transaction() as session:
            saved_view.begin_with(session, posted.worker.actor.name, None)
        return _to("shows=all")

    @router.post("/queue/views/{view_id}/first")
    def begin(view_id: str = ID, posted: Posted = Depends(signed_in.posted)) -> Response:
        """From now on this person begins with it."""
        with core.database.transaction() as session:
            view = _seen_by(session, view_id, posted.worker)
            saved_view.begin_with(session, posted.worker.actor.name, view.id)
        return _to(f"view={view_id}")

    @router.post("/queue/views/{view_id}/remove")
    def remove(view_id: str = ID, posted: Posted = Depends(signed_in.posted)) -> Response:
        """It is gone for everybody who had it."""
        with core.database.transaction() as session:
            view = _seen_by(session, view_id, posted.worker)
            if not may_remove(view, posted.worker):
                raise WrongRole("a shared view is removed by who made it or by a manager")
            saved_view.remove(session, view.id)
        return _to("shows=all")

    return router


def may_remove(view: SavedView, worker: Worker) -> bool:
    """Whoever made it; a manager, if it is shared."""
    return view.kept_by == worker.actor.name or (view.is_shared and worker.may_oversee)


def kept_view(session: Session, posted: Posted, core: Core) -> SavedView | None:
    """The new view; None where this person has as many as are kept. Only managers share."""
    name, filters = posted.worker.actor.name, queue_filters.parse(posted.typed.get("filters", ""))
    if sum(each.kept_by == name for each in saved_view.of(session, name)) >= MOST:
        return None
    called = " ".join(posted.typed.get("name", "").split()) or ", ".join(filters.says()) or "Everything"
    kept = SavedView(
        name=called[:LONGEST_NAME], filters=filters.query(), kept_by=name, created_at=core.clock(),
        is_shared=posted.worker.may_oversee and posted.typed.get("shared") == "yes",
    )  # fmt: skip
    session.add(kept)
    return kept


def _seen_by(session: Session, view_id: str, worker: Worker) -> SavedView:
    view = saved_view.by_id(session, view_id)
    if view is None or not (view.is_shared or view.kept_by == worker.actor.name):
        raise NotFound(view_id)
    return view


def _to(query: str) -> Response:
    return RedirectResponse(f"/queue?{query}", 303, headers=NO_STORE)
