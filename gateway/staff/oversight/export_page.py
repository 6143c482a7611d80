"""Statutory lists as files: which one, and of which days."""

from __future__ import annotations

import io
import zipfile
from datetime import date, timedelta

from fastapi import APIRouter, Depends, Request, Response

from gateway import working_days
from gateway.core import Core
from gateway.exporting import YEARS, Export, Kind, export
from gateway.sampling.pack import ZIP_TIME
from gateway.staff.oversight.overseer import a_file, overseer
from gateway.staff.pages import Pages
from gateway.staff.signed_in import SignedIn, Worker

LONGEST = timedelta(days=400)
HALF_A_YEAR = timedelta(days=182)


def export_router(core: Core, pages: Pages, signed_in: SignedIn) -> APIRouter:
    """``/oversight/export``."""
    router = APIRouter(route_class=pages.route_class())

    @router.get("/oversight/export")
    def ask(request: Request, worker: Worker = Depends(signed_in.worker)) -> Response:
        """The form."""
        return _form(request, worker, "", "", "")

    @router.get("/oversight/export.zip")
    def take(
        request: Request, kind: Kind = Kind.ANNEX_A, first: str = "", last: str = "",
        worker: Worker = Depends(signed_in.worker),
    ) -> Response:  # fmt: skip
        """The files in one; that they were taken is on record."""
        overseer(worker)
        days = _days(first, last)
        if isinstance(days, str):
            return _form(request, worker, first, last, days)
        found = export(core, kind, first=days[0], last=days[1], who=worker.actor.name)
        return a_file(_zipped(found), name=f"{kind}-{days[0]}-{days[1]}.zip", media_type="application/zip")

    def _form(request: Request, worker: Worker, first: str, last: str, error: str) -> Response:
        overseer(worker)
        today = working_days.in_london(core.clock()).date()
        return pages.draw(
            request, "oversight_export", worker, first=first or (today - HALF_A_YEAR).isoformat(),
            last=last or today.isoformat(), error=error, status_code=422 if error else 200,
        )  # fmt: skip

    return router


def _days(first: str, last: str) -> tuple[date, date] | str:
    """Both days, or what is wrong with them."""
    try:
        begin, end = date.fromisoformat(first), date.fromisoformat(last)
    except ValueError:
        return "Give both days"
    if begin.year not in YEARS or end.year not in YEARS:
        return "Give days of this century"
    if end < begin:
        return "The last day lies before the first"
    return (begin, end) if end - begin <= LONGEST else "Ask for 400 days at the most"


def _zipped(found: Export) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, kept in found.files.items():
            entry = zipfile.ZipInfo(name, ZIP_TIME)
            entry.external_attr, entry.compress_type = 0o644 << 16, zipfile.ZIP_DEFLATED
            archive.writestr(entry, kept)
    return out.getvalue()
