"""One scan on one page: every page of it small, grouped into letters, to be turned, moved and put right by hand."""

from __future__ import annotations

from fastapi import APIRouter, Depends, Query, Request, Response
from fastapi.responses import RedirectResponse

from gateway.core import Core
from gateway.deciding import NotFound
from gateway.dividing.as_it_stands import Scan, scan_of
from gateway.dividing.by_hand import ByHand, must_be_allowed
from gateway.life_cycle import Incomplete
from gateway.staff import arrived
from gateway.staff.pages import Pages
from gateway.staff.referral import Refused
from gateway.staff.scan_looks import look_on_record, scan_that_brought
from gateway.staff.scan_page_picture import LARGE, SMALL, ScanPagePicture
from gateway.staff.scan_sorting import ScanDrawing, Sorting, to_scan
from gateway.staff.scan_view import Said
from gateway.staff.signed_in import Posted, SignedIn, Worker

ARRIVED = "arrived"


def scan_pages(core: Core, pages: Pages, signed_in: SignedIn) -> APIRouter:
    """``/post/scans/{id}``, its pictures, and the two forms on it."""
    router = APIRouter(route_class=pages.route_class())
    by_hand, drawing = ByHand(core), ScanDrawing(core, pages)
    pictures, sorting = ScanPagePicture(core, by_hand), Sorting(core, drawing, by_hand)

    @router.get("/post/scans/{scan_id}")
    def one(request: Request, scan_id: str, worker: Worker = Depends(signed_in.worker)) -> Response:
        """The page; that somebody looked at the pages is on record. A letter of a scan leads to its scan."""
        must_be_allowed(worker.actor)
        with core.database.reading() as session:
            brought_by = scan_that_brought(session, scan_id)
        if brought_by != scan_id:
            return to_scan(brought_by)
        look_on_record(core, worker.actor, scan_id, is_new=True)
        said = Said.done(request.query_params.get("done", ""), request.query_params.getlist("new"))
        return drawing.draw(request, scan_id, worker, said=said)

    @router.get("/post/scans/{scan_id}/pages/{number}")
    async def picture(
        scan_id: str, number: int, wide: int = Query(SMALL, ge=80, le=LARGE),
        worker: Worker = Depends(signed_in.worker),
    ) -> Response:  # fmt: skip
        """One page, small as it was scanned, or large as it was turned for those who may open originals."""
        must_be_allowed(worker.actor)
        return await pictures.answer(worker, scan_id, number, wide)

    @router.post("/post/scans/{scan_id}")
    async def sort(request: Request, scan_id: str, posted: Posted = Depends(signed_in.posted)) -> Response:
        """One thing moved and shown again, or all of it saved."""
        return await sorting.answer(request, scan_id, posted)

    @router.post("/post/scans/{scan_id}/arrived")
    def arrive(request: Request, scan_id: str, posted: Posted = Depends(signed_in.posted)) -> Response:
        """The day on which all letters of it reached the council."""
        try:
            with core.database.transaction() as session:
                scan = _found(scan_of(session, scan_id, lock=True), scan_id)
                arrived.of_letters(session, core, posted.worker.actor, scan.letters, arrived.said_of(posted.typed))
        except Incomplete as error:
            refused = Refused(form=ARRIVED, named=error.field, words=error.what, typed=posted.typed)
            return drawing.draw(request, scan_id, posted.worker, refused=refused, status_code=422)
        return RedirectResponse(f"/post/scans/{scan_id}?done=arrived", 303, headers={"Cache-Control": "no-store"})

    return router


def _found(scan: Scan | None, scan_id: str) -> Scan:
    if scan is None:
        raise NotFound(scan_id)
    return scan
