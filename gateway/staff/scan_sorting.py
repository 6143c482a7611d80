"""Sorting the pages of a scan with forms: each button gives the page again as it would be, and one saves it all."""

from __future__ import annotations

from urllib.parse import urlencode

from fastapi import Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import RedirectResponse

from gateway.core import Core
from gateway.deciding import NotFound
from gateway.dividing.arrangement import Arrangement, NotWhole, as_text, from_text
from gateway.dividing.as_it_stands import Scan, scan_of
from gateway.dividing.by_hand import ByHand, NoScan, Saved, SortedMeanwhile, must_be_allowed
from gateway.life_cycle import Incomplete, NotAllowed
from gateway.staff.pages import Pages
from gateway.staff.referral import Refused
from gateway.staff.scan_view import Said, last_sorted, scan_seen
from gateway.staff.signed_in import Posted, Worker
from gateway.staff.sorting import SAVE, sorted_once

MOST_NAMED = 20


class ScanDrawing:
    """Draws the page of a scan, as it stands or as somebody has it in hand."""

    def __init__(self, core: Core, pages: Pages) -> None:
        self._core, self._pages = core, pages

    def draw(
        self, request: Request, scan_id: str, worker: Worker, *, text: str | None = None, said: Said | None = None,
        refused: Refused | None = None, status_code: int = 200,
    ) -> Response:  # fmt: skip
        """``text`` is an arrangement that is not saved; raises ``NotFound`` or ``WrongRole``."""
        must_be_allowed(worker.actor)
        with self._core.database.reading() as session:
            scan = scan_of(session, scan_id)
            if scan is None:
                raise NotFound(scan_id)
            seen = scan_seen(session, scan, scan.arrangement if text is None else in_hand(scan, text))
        return self._pages.draw(
            request, "scan", worker, status_code=status_code, seen=seen, said=said or Said(),
            refused=refused or Refused(), now=self._core.clock(),
        )  # fmt: skip

    def scan(self, scan_id: str) -> Scan:
        """As it stands; raises ``NotFound``."""
        with self._core.database.reading() as session:
            scan = scan_of(session, scan_id)
        if scan is None:
            raise NotFound(scan_id)
        return scan


class Sorting:
    """What follows on a button of the form."""

    def __init__(self, core: Core, drawing: ScanDrawing, by_hand: ByHand) -> None:
        self._core, self._drawing, self._by_hand = core, drawing, by_hand

    async def answer(self, request: Request, scan_id: str, posted: Posted) -> Response:
        """Nothing that was sorted is lost, whatever comes between."""
        must_be_allowed(posted.worker.actor)
        if posted.typed.get("do") == SAVE:
            return await self._saved(request, scan_id, posted)
        return await run_in_threadpool(self._moved, request, scan_id, posted)

    async def _saved(self, request: Request, scan_id: str, posted: Posted) -> Response:
        text, version = posted.typed.get("arrangement", ""), posted.typed.get("version", "")
        try:
            saved = await self._by_hand.save(posted.worker.actor, scan_id, text, version=version)
        except NoScan:
            raise NotFound(scan_id) from None
        except SortedMeanwhile:
            return await run_in_threadpool(self._late, request, scan_id, posted, text)
        except (Incomplete, NotAllowed) as error:
            status, said = 422 if isinstance(error, Incomplete) else 409, Said(refusal=error.what)
            return await run_in_threadpool(
                self._drawing.draw, request, scan_id, posted.worker, text=text, said=said, status_code=status
            )  # fmt: skip
        return to_scan(scan_id, saved)

    def _moved(self, request: Request, scan_id: str, posted: Posted) -> Response:
        """Not saved; who sorted the scan meanwhile is told of before any more is done on top of it."""
        scan = self._drawing.scan(scan_id)
        now, said, status = in_hand(scan, posted.typed.get("arrangement", "")), Said(), 200
        try:
            now = sorted_once(now, posted.typed)
        except Incomplete as error:
            said, status = Said(refusal=error.what), 422
        if scan.version != posted.typed.get("version", ""):
            return self._late(request, scan_id, posted, as_text(now))
        return self._drawing.draw(request, scan_id, posted.worker, text=as_text(now), said=said, status_code=status)

    def _late(self, request: Request, scan_id: str, posted: Posted, text: str) -> Response:
        by = last_sorted(self._drawing.scan(scan_id)) or "Somebody"
        return self._drawing.draw(
            request, scan_id, posted.worker, text=text, said=Said(meanwhile=by), status_code=409
        )  # fmt: skip


def in_hand(scan: Scan, text: str) -> Arrangement:
    """What somebody sorts; what is no whole arrangement of this scan falls back on what is saved."""
    try:
        return from_text(text, scan.arrangement)
    except NotWhole:
        return scan.arrangement


def to_scan(scan_id: str, saved: Saved | None = None) -> Response:
    """To its page, which says what was saved."""
    told = [("done", "saved"), *(("new", each) for each in saved.begun[:MOST_NAMED])] if saved else []
    query = f"?{urlencode(told)}" if told else ""
    return RedirectResponse(f"/post/scans/{scan_id}{query}", 303, headers={"Cache-Control": "no-store"})
