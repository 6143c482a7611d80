"""The inspector's pack as a page: choose how many and as at when, read the sentence, see its table, take it away."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import RedirectResponse

from gateway import sampling, working_days
from gateway.core import Core
from gateway.staff.oversight.overseer import a_file, overseer
from gateway.staff.pages import Pages
from gateway.staff.signed_in import SignedIn, Worker

MOST, USUAL = 1000, 100
A_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, kw_only=True)
class Asked:
    """Which pack: ``error`` says what of it could not be read, by its field."""

    n: int
    as_at: datetime
    error: str = ""
    field: str = ""


def sample_router(core: Core, pages: Pages, signed_in: SignedIn) -> APIRouter:
    """``/oversight/sample`` and the pack as one file."""
    router = APIRouter(route_class=pages.route_class())

    @router.get("/oversight/sample")
    def sample(request: Request, n: str = "", as_at: str = "", worker: Worker = Depends(signed_in.worker)) -> Response:
        """The form; the pack too once it was asked for."""
        overseer(worker)
        asked = read(n, as_at, core.clock())
        pack = None if asked.error or not n else sampling.take(core, n=asked.n, as_at=asked.as_at, who=_who(worker))
        return pages.draw(
            request, "oversight_sample", worker, asked=asked, pack=pack, headings=sampling.HEADINGS, typed_n=n,
            lines=[sampling.line_of(report) for report in pack.reports] if pack else (), typed_as_at=as_at, most=MOST,
            status_code=422 if asked.error else 200,
        )  # fmt: skip

    @router.get("/oversight/sample.zip")
    def pack_as_file(n: str = "", as_at: str = "", worker: Worker = Depends(signed_in.worker)) -> Response:
        """The same bytes each time for the same question; never another pack than the one that was asked for."""
        overseer(worker)
        asked = read(n, as_at, core.clock())
        if asked.error:
            return RedirectResponse(f"/oversight/sample?{urlencode({'n': n, 'as_at': as_at})}", 303)
        pack = sampling.take(core, n=asked.n, as_at=asked.as_at, who=_who(worker))
        name = f"sample-{asked.n}-as-at-{asked.as_at.astimezone(UTC):%Y-%m-%dT%H%M%SZ}.zip"
        return a_file(sampling.zipped(pack), name=name, media_type="application/zip")

    return router


def read(n: str, as_at: str, now: datetime) -> Asked:
    """What was typed: nothing means a hundred, and as at the last whole minute that is over, so that it stays so."""
    usual = now.replace(second=0, microsecond=0) - A_MINUTE
    try:
        count = int(n or USUAL)
    except ValueError:
        count = 0
    if not 1 <= count <= MOST:
        return Asked(n=USUAL, as_at=usual, error=f"Give a number from 1 to {MOST}", field="n")
    try:
        at = datetime.fromisoformat(as_at.strip().replace("Z", "+00:00")) if as_at.strip() else usual
        at = at if at.tzinfo else at.replace(tzinfo=working_days.LONDON)
        at = at.astimezone(UTC)
    except (ValueError, OverflowError):
        return Asked(n=count, as_at=usual, error="Give a date and a time", field="as_at")
    if at > now:
        return Asked(n=count, as_at=usual, error="That time has not come yet", field="as_at")
    return Asked(n=count, as_at=at)


def _who(worker: Worker) -> str:
    return worker.actor.name
