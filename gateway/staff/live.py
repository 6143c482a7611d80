"""Calls that are on now: who may look sees the words so far, and social workers may listen."""

from __future__ import annotations

from fastapi import APIRouter, Depends, Request, Response

from gateway.core import Core
from gateway.life_cycle import WrongRole
from gateway.live import on_now
from gateway.staff.file_answers import file_answer
from gateway.staff.opening import open_sound_so_far
from gateway.staff.pages import Pages
from gateway.staff.signed_in import SignedIn, Worker


def live_router(core: Core, pages: Pages, signed_in: SignedIn) -> APIRouter:
    """``/live``, its calls alone for a page that waits, and the sound of one so far."""
    router = APIRouter(route_class=pages.route_class())

    @router.get("/live")
    def live(request: Request, worker: Worker = Depends(signed_in.worker)) -> Response:
        """The page."""
        return drawn(request, "live", worker)

    @router.get("/live/calls")
    def calls(request: Request, worker: Worker = Depends(signed_in.worker)) -> Response:
        """The calls as they are now."""
        return drawn(request, "live_calls", worker)

    @router.get("/live/{name}/sound")
    def sound(request: Request, name: str, worker: Worker = Depends(signed_in.worker)) -> Response:
        """What has been said so far, whole or a range; the look is put on record."""
        if not worker.may_identify:
            raise WrongRole("what callers say is for social workers to hear")
        return file_answer(request, open_sound_so_far(core, worker.actor, name))

    def drawn(request: Request, page: str, worker: Worker) -> Response:
        now = core.clock()
        with core.database.reading() as session:
            found = on_now.calls(session, now)
        return pages.draw(request, page, worker, calls=found, now=now, captures=core.settings.live_capture)

    return router
