"""Who is away until when, and who stands in: set by each for themselves, and by managers for anybody."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import RedirectResponse
from sqlmodel import Session

from gateway import saying
from gateway.core import Core
from gateway.deciding import NotFound
from gateway.life_cycle import WrongRole
from gateway.reading import for_worker
from gateway.staff.pages import Pages
from gateway.staff.signed_in import Posted, SignedIn, Worker
from gateway.working_days import LONDON
from storage import audit, staff
from storage.staff import Staff

NO_DAY = "Say the day on which they are back, such as 2026-12-01, or nothing if they are here."
PASSED = "That day has passed. Say a day that is still to come, or nothing if they are here."
THEMSELVES = "Nobody can stand in for themselves. Choose somebody else, or duty."


@dataclass(frozen=True, kw_only=True)
class Away:
    """Until when, None: they are here; and who stands in, empty: duty."""

    until: datetime | None
    deputy: str


class NotSo(Exception):
    """What was typed cannot be: ``words`` say why."""

    def __init__(self, words: str) -> None:
        super().__init__("what was typed cannot be")
        self.words = words


def away_pages(core: Core, pages: Pages, signed_in: SignedIn) -> APIRouter:
    """``/away``."""
    router = APIRouter(route_class=pages.route_class())

    @router.get("/away")
    def away(request: Request, worker: Worker = Depends(signed_in.worker)) -> Response:
        """Everybody whom messages may be for."""
        return drawn(request, worker)

    @router.post("/away")
    def set_away(request: Request, posted: Posted = Depends(signed_in.posted)) -> Response:
        """Somebody is away, or back."""
        worker, typed = posted.worker, posted.typed
        name = typed.get("name", "")
        if name != worker.actor.name and not worker.may_oversee:
            raise WrongRole("managers say of others that they are away")
        try:
            away = Away(until=_day(typed.get("back_on", "").strip(), core.clock()), deputy=typed.get("deputy", ""))
            with core.database.transaction() as session:
                says = _set(session, name, away)
                audit.record(session, at=core.clock(), who=worker.actor.name, what=says)
        except NotSo as error:
            return drawn(request, worker, about=name, wrong=error.words)
        return RedirectResponse("/away", 303)

    def drawn(request: Request, worker: Worker, *, about: str = "", wrong: str = "") -> Response:
        now = core.clock()
        with core.database.reading() as session:
            rows = staff.who_work_here(session, for_worker.WORKERS)
            says = {row.name: for_worker.goes_to(session, row.name, now).says for row in rows if row.is_away(now)}
        return pages.draw(
            request, "away", worker, status_code=422 if wrong else 200, rows=rows, says=says, about=about, wrong=wrong,
            now=now, LONDON=LONDON,
        )  # fmt: skip

    return router


def _day(written: str, now: datetime) -> datetime | None:
    """The first moment of that day in London; None for nothing."""
    if not written:
        return None
    try:
        at = datetime.combine(date.fromisoformat(written), time(), LONDON)
    except ValueError:
        raise NotSo(NO_DAY) from None
    if at <= now:
        raise NotSo(PASSED)
    return at


def _set(session: Session, name: str, away: Away) -> str:
    """Returns what the history says of it."""
    row = staff.by_name(session, name)
    if row is None or row.role not in for_worker.WORKERS:
        raise NotFound(name)
    if away.deputy and away.deputy == name:
        raise NotSo(THEMSELVES)
    if away.deputy and for_worker.named(session, away.deputy) is None:
        raise NotFound(away.deputy)
    row.away_until, row.deputy = away.until, away.deputy
    session.add(row)
    return _said(row)


def _said(row: Staff) -> str:
    if row.away_until is None:
        return f"{row.name} is here"
    return f"{row.name} is away and back on {saying.day_and_year(row.away_until)}; {row.deputy or 'duty'} stands in"
