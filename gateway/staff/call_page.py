"""The page of a call that is on: kept as it is written, a manager brought in by one key, handed in when it is over."""

from __future__ import annotations

from dataclasses import dataclass

from fastapi import APIRouter, Depends, Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import RedirectResponse

from channels.contract import NotKept
from gateway.calls_taken import CallsTaken, calls_taken, fields
from gateway.calls_taken.drafts import AlreadySettled, SavedMeanwhile, Taken
from gateway.core import Core
from gateway.staff.call_alike import alike_of
from gateway.staff.call_keeping import call_taker, place_of, saved, taken_call
from gateway.staff.call_view import record_look, view
from gateway.staff.pages import Pages
from gateway.staff.signed_in import Posted, SignedIn, Worker
from storage.columns import new_id
from storage.draft import DraftState

NOT_IN_YET = "Kept, but not in the queue yet. It goes in by itself within a minute or two. The reference stands."


def call_pages(core: Core, pages: Pages, signed_in: SignedIn) -> APIRouter:
    """``/calls/{id}``."""
    router = APIRouter(route_class=pages.route_class())
    page = _CallPage(core=core, pages=pages, taken_calls=calls_taken(core))

    @router.get("/calls/{call_id}")
    def call(request: Request, call_id: str, worker: Worker = Depends(signed_in.worker)) -> Response:
        """The page; of a call that is over, where it went."""
        call_taker(worker)
        with core.database.transaction() as session:
            taken = taken_call(session, core, call_id)
            record_look(session, core, worker, taken)
        if taken.row.state == DraftState.HANDED_IN:
            return RedirectResponse(f"/calls/{call_id}/done", 303)
        return page.drawn(request, worker, taken)

    @router.post("/calls/{call_id}")
    async def go_on(request: Request, call_id: str, posted: Posted = Depends(signed_in.posted)) -> Response:
        """Keep it, and then what was pressed: go on, bring a manager, or finish."""
        call_taker(posted.worker)
        return await page.keep(request, call_id, posted) or await page.went_on(request, call_id, posted)

    return router


@dataclass(frozen=True, kw_only=True)
class _CallPage:
    """The page in each of its states."""

    core: Core
    pages: Pages
    taken_calls: CallsTaken

    async def keep(self, request: Request, call_id: str, posted: Posted) -> Response | None:
        """Keep what was typed; a page where that cannot be done without asking."""
        core, by = self.core, posted.worker.actor.name
        before = await core.database.read(lambda session: taken_call(session, core, call_id))
        said = fields.written(posted.typed, before.kept)
        if posted.typed.get("do") == "both":
            said = fields.both(said, before.kept)
        place = place_of(posted.typed)
        try:
            await core.database.write(lambda session: saved(session, core, call_id, said, place=place, by=by))
        except SavedMeanwhile as error:
            mine = Taken(row=error.now.row, kept=said)
            return await run_in_threadpool(self.drawn, request, posted.worker, mine, theirs=error.now)
        except AlreadySettled:
            return await run_in_threadpool(self._too_late, request, posted, before)
        return None

    async def went_on(self, request: Request, call_id: str, posted: Posted) -> Response:
        """What was kept goes where its user wants it."""
        core, do, by = self.core, posted.typed.get("do"), posted.worker.actor.name
        if do == "manager":
            await self.taken_calls.bringing_in.ask(call_id, by=by)
        if do != "finish":
            return RedirectResponse(f"/calls/{call_id}", 303)
        try:
            await self.taken_calls.handing_in.hand_in(call_id, by=by)
        except NotKept:
            taken = await core.database.read(lambda session: taken_call(session, core, call_id))
            return await run_in_threadpool(self.drawn, request, posted.worker, taken, said=NOT_IN_YET)
        return RedirectResponse(f"/calls/{call_id}/done", 303)

    def drawn(
        self, request: Request, worker: Worker, taken: Taken, *, theirs: Taken | None = None, said: str = ""
    ) -> Response:
        """The notes and what stands beside them; ``theirs``: what somebody else saved meanwhile, seen on record."""
        if theirs:
            with self.core.database.transaction() as session:
                record_look(session, self.core, worker, theirs)
        with self.core.database.reading() as session:
            seen = view(session, self.core, worker, taken, theirs=theirs)
            alike = alike_of(session, self.core, worker, taken, who=seen.who)
        status = 409 if theirs else 503 if said else 200
        return self.pages.draw(
            request, "call", worker, status_code=status, seen=seen, alike=alike, prompts=fields.PROMPTS, page=new_id(),
            said=said, now=self.core.clock(),
        )  # fmt: skip

    def _too_late(self, request: Request, posted: Posted, before: Taken) -> Response:
        """It is a message already: what was typed since is shown, to be added to that."""
        typed = fields.written(posted.typed)
        lines, text = fields.lines_of(typed, who=True), typed.fields.get(fields.TEXT, "")
        return self.pages.draw(
            request, "call_over", posted.worker, status_code=409, row=before.row, lines=lines, text=text
        )
