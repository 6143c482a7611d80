"""The post at a glance: hand letters in, print separator sheets, what was scanned lately, what is to be posted."""

from __future__ import annotations

from fastapi import APIRouter, Depends, Request, Response

from gateway.core import Core
from gateway.staff.pages import Pages
from gateway.staff.scans_lately import scans_lately
from gateway.staff.signed_in import SignedIn, Worker
from storage import print_run

COUNTED_TO = 1000


def post_router(core: Core, pages: Pages, signed_in: SignedIn) -> APIRouter:
    """``/post``."""
    router = APIRouter(route_class=pages.route_class())

    @router.get("/post")
    def post(request: Request, worker: Worker = Depends(signed_in.worker)) -> Response:
        """The page; while something in it is still being read, it asks again every few seconds."""
        now = core.clock()
        with core.database.reading() as session:
            scans = scans_lately(session, core.seal)
            to_post = print_run.count_to_post(session, COUNTED_TO)
            late = print_run.count_to_post(session, COUNTED_TO, due_before=now)
        return pages.draw(
            request, "post", worker, scans=scans, to_post=to_post, late=late, counted_to=COUNTED_TO, now=now,
            scan_folder=core.settings.scan_dir is not None, scan_mailbox=core.settings.scan_mailbox or "",
        )  # fmt: skip

    return router
