"""One referral as staff see it: everything said, what the sender was told, and the steps that may follow."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import RedirectResponse
from sqlmodel import Session

from gateway import leases, view
from gateway.claim_view import ClaimView, tells_who
from gateway.core import Core
from gateway.deciding import NotFound
from gateway.life_cycle import Action, Incomplete, NotAllowed
from gateway.live import on_now
from gateway.staff import acknowledging, acting, claims, finding, steps, telling
from gateway.staff.alike import alike_of
from gateway.staff.calm_timeline import calm
from gateway.staff.forming import work_of
from gateway.staff.pages import Pages
from gateway.staff.part_shown import LINES_AT_ONCE
from gateway.staff.promise import promise
from gateway.staff.read_as import keep_order, read_as
from gateway.staff.signed_in import Posted, SignedIn, Worker
from gateway.staff.sound_shapes import kept_waves
from gateway.staff.timeline import open_tasks, timeline
from gateway.staff.who_told import who_told
from gateway.view import ReferralView
from storage import audit, claim, referral
from storage.referral import Referral


@dataclass(frozen=True, kw_only=True)
class Refused:
    """What was wrong with a form: which one, the field (empty: the step itself), the words, and what was typed."""

    form: str = ""
    named: str = ""
    words: str = ""
    typed: Mapping[str, str] = field(default_factory=dict)


class ReferralPage:
    """Draws it. Who told us is shown only when asked for, and then put on record."""

    def __init__(self, core: Core, pages: Pages) -> None:
        self._core, self._pages = core, pages

    def draw(
        self, request: Request, typed: str, worker: Worker, *, refused: Refused | None = None, status_code: int = 200
    ) -> Response:
        """The page; a reference that ended in another referral leads there."""
        with self._core.database.reading() as session:
            item = finding.find(session, typed)
            if item is None:
                raise NotFound(typed)
            if item.reference != typed and request.method == "GET":
                return RedirectResponse(f"/referrals/{item.reference}", 303, headers={"Cache-Control": "no-store"})
            if not isinstance(item, Referral):
                return self._pages.draw(
                    request, "arriving", worker, seen=view.waiting_view(item), now=self._core.clock()
                )
            seen = self._seen(session, item, words_of=None if read_as(request).whole_of else LINES_AT_ONCE)
            work = work_of(self._core, session, item, worker.actor)
            tellings = telling.tellings(self._core, session, item)
            sendable = acknowledging.offered(self._core, session, item)
            asks_who = request.query_params.get("who") == "shown" and worker.may_identify
            told = who_told(self._core, session, item) if asks_who else None
            stated = self._all_stated(session, item) if asks_who else seen.claims
            alike = alike_of(session, item, shows_who=asks_who)
            on = on_now.of_referral(session, item.id or 0, self._core.clock())
            on_it, waves = leases.in_force(item, self._core.clock()), kept_waves(session, seen.parts)
            renews = leases.is_due(item, worker.actor.name, self._core.clock())
        if told or tells_who(stated) or alike.cluster.tells_who:
            self._record(item, worker)
        if renews:
            self._stay_on(item, worker)
        return self._draw(
            request, seen, worker, status_code=status_code, told=told, work=work, tellings=tellings, sendable=sendable,
            refused=refused or Refused(), on_since=on.began_at if on else None, on_it=on_it, waves=waves,
            sheet=claims.sheet_of(stated, seen.parts, seen.messages), sheet_shows_who=asks_who, alike=alike,
        )  # fmt: skip

    def refuse(
        self, request: Request, reference: str, posted: Posted, *, form: str, error: Incomplete | NotAllowed
    ) -> Response:
        """The page with what was wrong beside its field, and all that was typed."""
        named = error.field if isinstance(error, Incomplete) else ""
        words = "Choose a decision" if named == "code" else error.what
        refused = Refused(form=form, named=named, words=words, typed=posted.typed)
        return self.draw(request, reference, posted.worker, refused=refused, status_code=422 if named else 409)

    def _draw(
        self, request: Request, seen: ReferralView, worker: Worker, *, status_code: int, **values: object
    ) -> Response:
        now, actor, reads = self._core.clock(), worker.actor, read_as(request)
        stretches = calm(timeline(seen), newest_first=reads.newest_first, shows_all=reads.shows_all)
        shown = {
            "seen": seen, "now": now, "stretches": stretches, "tasks": open_tasks(seen),
            "promise": promise(seen, now), "newest_first": reads.newest_first, "whole_of": reads.whole_of,
            "came_by": {each.id: each.channel for each in seen.messages},
            "done": steps.DONE.get(_done(request), ""),
            "can_claim": not steps.why_not(Action.CLAIM, seen.state, actor),
            "answer_by": telling.answer_by(now), "to_close": steps.fields_to_close(seen.decision),
        }  # fmt: skip
        page = self._pages.draw(request, "referral", worker, status_code=status_code, **(shown | values))
        keep_order(request, page)
        return page

    def _seen(self, session: Session, row: Referral, *, words_of: int | None) -> ReferralView:
        """Without who told us; of a long recording only the words that are drawn carry their times."""
        seal = self._core.seal
        return view.unrecorded_views(session, [row], seal=seal, may_identify=False, words_of=words_of)[0]

    def _all_stated(self, session: Session, row: Referral) -> list[ClaimView]:
        return claims.with_who_told_us(self._core, claim.of_referrals(session, [row.id or 0]))

    def _stay_on(self, row: Referral, worker: Worker) -> None:
        """Whoever is at it stays at it while they look."""
        length = timedelta(minutes=self._core.settings.lease_minutes)
        with self._core.database.transaction() as session:
            held = referral.by_id(session, row.id or 0, lock=True)
            if held and leases.renew(held, worker.actor.name, self._core.clock(), length):
                session.add(held)

    def _record(self, row: Referral, worker: Worker) -> None:
        what = view.identities_read([row]) or f"Read who told us as stated, ledger number {row.ledger_no}"
        with self._core.database.transaction() as session:
            audit.record(session, at=self._core.clock(), who=worker.actor.name, what=what, is_private=True)


def referral_router(core: Core, pages: Pages, signed_in: SignedIn) -> APIRouter:
    """The page and every form on it; each form posts to the step's own address."""
    router, page = APIRouter(route_class=pages.route_class()), ReferralPage(core, pages)

    @router.get("/referrals/{reference}")
    def one(request: Request, reference: str, worker: Worker = Depends(signed_in.worker)) -> Response:
        """The page."""
        return page.draw(request, reference, worker)

    @router.post("/referrals/{reference}/tasks/{task_id}")
    def finish(request: Request, reference: str, task_id: str, posted: Posted = Depends(signed_in.posted)) -> Response:
        """A task done, with its result."""
        try:
            result = posted.typed.get("result", "")
            seen = acting.finish(core, posted.worker.actor, reference, task_id, result)
        except (Incomplete, NotAllowed) as error:
            return page.refuse(request, reference, posted, form=f"task-{task_id}", error=error)
        return to_referral(seen.reference, "task")

    @router.post("/referrals/{reference}/tasks/{task_id}/send")
    def send(request: Request, reference: str, task_id: str, posted: Posted = Depends(signed_in.posted)) -> Response:
        """The usual acknowledgement, which no machine sent of itself."""
        try:
            seen = acknowledging.acknowledge(core, posted.worker.actor, reference, task_id)
        except NotAllowed as error:
            return page.refuse(request, reference, posted, form=f"task-{task_id}", error=error)
        return to_referral(seen.reference, "acknowledged")

    return router


def to_referral(reference: str, done: str) -> Response:
    """Back to the page, which says what was done."""
    return RedirectResponse(f"/referrals/{reference}?done={done}", 303, headers={"Cache-Control": "no-store"})


def _done(request: Request) -> str:
    return request.query_params.get("done", "")
