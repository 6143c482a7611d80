"""Every open item, the oldest first: no filter, no search and no order of anybody's own can take one off it."""

from __future__ import annotations

from fastapi import APIRouter, Depends, Query, Request, Response

from gateway.core import Core
from gateway.public.waiting import Count, CountedLately, count
from gateway.staff.oversight.overseer import overseer
from gateway.staff.pages import Pages
from gateway.staff.signed_in import SignedIn, Worker
from gateway.staff.standing import standings
from storage import ageing, notice

PAGE = 50
NUMBERED = 2**31 - 1


def ageing_router(core: Core, pages: Pages, signed_in: SignedIn) -> APIRouter:
    """``/oversight/ageing`` and ``/oversight/tasks``."""
    router = APIRouter(route_class=pages.route_class())

    def counted() -> Count:
        with core.database.reading() as session:
            return count(session, core.clock())

    published = CountedLately(counted, core.clock)

    @router.get("/oversight/ageing")
    def ageing_page(
        request: Request, after: int = Query(0, ge=0, le=NUMBERED), worker: Worker = Depends(signed_in.worker)
    ) -> Response:
        """What has been open longest; ``after`` only turns the page, by the last ledger number of the one before."""
        overseer(worker)
        now = core.clock()
        with core.database.reading() as session:
            rows = ageing.oldest_open(session, limit=PAGE + 1, after=after)
            stand = standings(session, rows[:PAGE], now)
        return pages.draw(
            request, "oversight_ageing", worker, now=now, rows=rows[:PAGE], stand=stand, after=after,
            has_more=len(rows) > PAGE, published=published(),
        )  # fmt: skip

    @router.get("/oversight/tasks")
    def tasks_page(
        request: Request, page: int = Query(1, ge=1, le=10_000), worker: Worker = Depends(signed_in.worker)
    ) -> Response:
        """What the ladder and the rules gave to a role, the most urgent first."""
        overseer(worker)
        with core.database.reading() as session:
            owed = notice.tasks_of_roles(session, limit=PAGE + 1, offset=(page - 1) * PAGE)
        return pages.draw(
            request, "oversight_tasks", worker, now=core.clock(), owed=owed[:PAGE], page=page,
            has_more=len(owed) > PAGE,
        )  # fmt: skip

    return router
