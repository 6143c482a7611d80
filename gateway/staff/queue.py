"""The queue: everything open, what is overdue first and whatever is chosen, with the tasks people owe on it."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Query, Request, Response
from fastapi.responses import StreamingResponse

from gateway.core import Core
from gateway.staff import queue_filters
from gateway.staff.accounts import hashed
from gateway.staff.newsroom import Newsroom, TooManyWatch, Watcher
from gateway.staff.pages import Pages
from gateway.staff.queue_drawn import outline
from gateway.staff.queue_filters import Filters, Owner, Shows
from gateway.staff.queue_list import PAGE, View, ground, listed
from gateway.staff.queue_views import queue_views_router
from gateway.staff.signed_in import COOKIE, SignedIn, Worker
from storage import saved_view
from storage.saved_view import SavedView

FIELDS = frozenset({"channel", "severity", "state", "kind", "owner", "child", "due_before", "shows"})
LAST_PAGE = 1_000_000
STREAM = {"Cache-Control": "no-store", "X-Accel-Buffering": "no", "X-Content-Type-Options": "nosniff"}
MANY = {"Retry-After": "30", "Cache-Control": "no-store"}
__all__ = ["PAGE", "Shows", "queue_router"]


def queue_router(core: Core, pages: Pages, signed_in: SignedIn) -> APIRouter:
    """``/queue``, its views and its news."""
    router = APIRouter(route_class=pages.route_class())
    router.include_router(queue_views_router(core, pages, signed_in))
    newsroom = Newsroom(
        core,
        draw_row=lambda row, now: pages.fragment("queue_line", row=row, now=now),
        draw_banner=lambda on: pages.fragment("queue_banner", on=on),
    )

    @router.get("/queue")
    def queue(
        request: Request,
        page: int = Query(1, ge=1, le=LAST_PAGE),
        shows: Shows = Shows.ALL,
        view: str = "",
        worker: Worker = Depends(signed_in.worker),
    ) -> Response:
        """One page of it. Without a word of what is wanted it is the view this person begins with."""
        now, me = core.clock(), worker.actor.name
        with core.database.reading() as session:
            views, first = saved_view.of(session, me), saved_view.first_of(session, me)
            chosen = _chosen(request, views, view, first)
            filters = queue_filters.parse(chosen.filters) if chosen else asked_for(request)
            on = ground(session, now)
            seen = listed(session, on, view_of(filters, page, me))
        drawn = outline(on, seen, is_everything=filters.is_everything)
        newsroom.remember(drawn)
        return pages.draw(
            request, "queue", worker, seen=seen, on=on, now=now, page=page, filters=filters, numbers=on.numbers(),
            views=views, chosen=chosen, first=first, version=drawn.version, fields=queue_filters,
            here=with_page(filters, page, chosen),
        )  # fmt: skip

    @router.get("/queue/news")
    async def news(
        request: Request, page: int = Query(1, ge=1, le=LAST_PAGE), has: str = "",
        worker: Worker = Depends(signed_in.worker),
    ) -> Response:  # fmt: skip
        """What changes of one page, as server-sent events; 503 where too many watch already."""
        watcher = Watcher(
            name=worker.actor.name, token_hash=hashed(request.cookies.get(COOKIE, "")),
            has=request.headers.get("last-event-id", has), language=core.page_words.language_of(request),
        )  # fmt: skip
        try:
            entered = newsroom.enter(watcher, view_of(asked_for(request), page, worker.actor.name))
        except TooManyWatch:
            return Response("too many watch already", 503, headers=MANY, media_type="text/plain")
        return StreamingResponse(entered, headers=STREAM, media_type="text/event-stream")

    return router


def asked_for(request: Request) -> Filters:
    """The filters of a request's query string."""
    query = request.query_params
    return queue_filters.from_fields({name: query.getlist(name) for name in FIELDS & query.keys()})


def view_of(filters: Filters, page: int, name: str) -> View:
    """What somebody of this name looks at, the same for everybody where it is."""
    return View(filters=filters, page=page, me=name if filters.owner is Owner.ME else "")


def with_page(filters: Filters, page: int, chosen: SavedView | None) -> str:
    """The address of this page of it."""
    asked = urlencode({"view": chosen.id}) if chosen else filters.query() or "shows=all"
    return f"/queue?{asked}" + (f"&page={page}" if page > 1 else "")


def _chosen(request: Request, views: Sequence[SavedView], view: str, first: str | None) -> SavedView | None:
    """The view asked for by its tab, or the one this person begins with; None where filters are asked for."""
    wanted = view or (first if not FIELDS & request.query_params.keys() else None)
    return next((each for each in views if each.id == wanted), None)
