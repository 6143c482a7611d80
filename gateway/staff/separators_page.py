"""Where a clerk prints the sheets that part letters in the scanner."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from fastapi import APIRouter, Depends, Request, Response

from gateway import working_days
from gateway.core import Core
from gateway.handing_in.said import day_of
from gateway.life_cycle import Incomplete
from gateway.separators import MOST_COPIES, SheetFor, separator_sheets
from gateway.staff.file_answers import NO_STORE
from gateway.staff.pages import Pages
from gateway.staff.signed_in import SignedIn, Worker

COPIES = 20


def separators_router(core: Core, pages: Pages, signed_in: SignedIn) -> APIRouter:
    """``/post/separators`` and the sheets themselves."""
    router = APIRouter(route_class=pages.route_class())

    @router.get("/post/separators")
    def form(request: Request, worker: Worker = Depends(signed_in.worker)) -> Response:
        """Which sheets, and how many."""
        return _form(request, worker)

    @router.get("/post/separators.pdf")
    def sheets(request: Request, worker: Worker = Depends(signed_in.worker)) -> Response:
        """The sheets to print."""
        try:
            kind, arrived_on, copies = asked_for(request.query_params, today=_today())
        except Incomplete as wrong:
            return _form(request, worker, wrong)
        pdf = separator_sheets(
            kind, copies=copies, arrived_on=arrived_on, organisation=core.settings.organisation, printed_on=_today()
        )
        named = {**NO_STORE, "Content-Disposition": 'inline; filename="separator-sheets.pdf"'}
        return Response(pdf, media_type="application/pdf", headers=named)

    def _form(request: Request, worker: Worker, wrong: Incomplete | None = None) -> Response:
        return pages.draw(
            request, "separators", worker, status_code=422 if wrong else 200, wrong=wrong, today=_today(),
            typed=dict(request.query_params), copies=COPIES, most=MOST_COPIES,
        )  # fmt: skip

    def _today() -> date:
        return working_days.in_london(core.clock()).date()

    return router


def asked_for(typed: Mapping[str, str], *, today: date) -> tuple[SheetFor, date | None, int]:
    """Kind, day and number of the sheets; raises ``Incomplete``."""
    kind = typed.get("kind", "next")
    arrived_on = day_of(typed.get("arrived_on", ""), today=today, field="arrived_on") if kind == "dated" else None
    try:
        sheet = SheetFor.NEXT if kind == "dated" else SheetFor(kind)
    except ValueError:
        raise Incomplete("kind", "Choose what the sheets say") from None
    copies = typed.get("copies", str(COPIES)).strip()
    if not copies.isdecimal() or not 1 <= int(copies[:6]) <= MOST_COPIES:
        raise Incomplete("copies", f"Give a number of sheets from 1 to {MOST_COPIES}")
    return sheet, arrived_on, int(copies)
