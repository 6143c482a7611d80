"""The decisions that are read again: what was drawn each week and how, who read it, and what they found."""

from __future__ import annotations

from dataclasses import dataclass

from fastapi import APIRouter, Depends, Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import RedirectResponse
from sqlmodel import Session, col, select

from gateway.core import Core
from gateway.deciding import Actor
from gateway.life_cycle import Incomplete, NotAllowed
from gateway.rereading import drawn, read_again, seed_of
from gateway.rereading.lot import numbers_in
from gateway.rereading.reading_again import Since, may_read, since
from gateway.staff.oversight.overseer import overseer
from gateway.staff.pages import Pages
from gateway.staff.signed_in import Posted, SignedIn, Worker
from storage import rereading
from storage.referral import Referral
from storage.rereading import Reread, RereadWeek

WEEKS = 8


@dataclass(frozen=True, kw_only=True)
class Line:
    """One decision that was drawn, and the referral as it is now; ``is_mine``: whoever looks may read it again.

    ``since``: what became of it since it was drawn.
    """

    one: Reread
    about: Referral
    is_mine: bool
    since: Since


@dataclass(frozen=True, kw_only=True)
class Draw:
    """A week: all that the draw rests on, and whether it gives the same when it is made again."""

    week: RereadWeek
    seed: str
    pool: list[int]
    lines: list[Line]
    holds: bool


@dataclass(frozen=True, kw_only=True)
class Refused:
    """What was wrong with an answer, and what was typed."""

    reread_id: str
    words: str
    typed: str = ""


def rereading_router(core: Core, pages: Pages, signed_in: SignedIn) -> APIRouter:
    """``/oversight/rereading``."""
    router = APIRouter(route_class=pages.route_class())

    @router.get("/oversight/rereading")
    def rereading_page(request: Request, worker: Worker = Depends(signed_in.worker)) -> Response:
        """The latest weeks, the newest first."""
        return _page(request, worker, None)

    @router.post("/oversight/rereading/{reread_id}")
    async def answer(request: Request, reread_id: str, posted: Posted = Depends(signed_in.posted)) -> Response:
        """Agree or disagree."""
        overseer(posted.worker)
        typed = posted.typed
        try:
            await core.database.write(
                lambda s: read_again(
                    s, core, reread_id, posted.worker.actor, answer=typed.get("answer", ""),
                    reason=typed.get("reason", ""),
                )
            )  # fmt: skip
        except (Incomplete, NotAllowed) as error:
            refused = Refused(reread_id=reread_id, words=error.what, typed=typed.get("reason", ""))
            return await run_in_threadpool(_page, request, posted.worker, refused)
        return RedirectResponse("/oversight/rereading", 303)

    def _page(request: Request, worker: Worker, refused: Refused | None) -> Response:
        overseer(worker)
        with core.database.reading() as session:
            draws = draws_of(session, worker.actor)
        return pages.draw(
            request, "oversight_rereading", worker, draws=draws, now=core.clock(), refused=refused,
            status_code=422 if refused else 200,
        )  # fmt: skip

    return router


def draws_of(session: Session, actor: Actor) -> list[Draw]:
    """The latest draws, each made again from what was kept of it."""
    weeks = rereading.weeks(session, limit=WEEKS)
    found = rereading.of_weeks(session, [week.week for week in weeks])
    query = select(Referral).where(col(Referral.id).in_([one.referral_id for one in found]))
    about = {row.id: row for row in session.exec(query)}
    return [_draw(week, [one for one in found if one.week == week.week], about, actor) for week in weeks]


def _draw(week: RereadWeek, found: list[Reread], about: dict[int | None, Referral], actor: Actor) -> Draw:
    pool = numbers_in(week.pool)
    lines = [
        Line(
            one=one, about=about[one.referral_id], is_mine=one.read_at is None and may_read(one, actor),
            since=since(week, about[one.referral_id]),
        )
        for one in found
    ]  # fmt: skip
    again = drawn(week.week, pool, week.percent)
    return Draw(
        week=week, seed=seed_of(week.week, pool), pool=pool, lines=lines,
        holds=again == [one.ledger_no for one in found],
    )  # fmt: skip
