"""After a call: what to read out, who has it, and the minute in which to write down what was agreed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from fastapi import APIRouter, Depends, Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import RedirectResponse
from sqlmodel import Session

from gateway import promised, saying, working_days
from gateway.calls_taken import drafts
from gateway.calls_taken.drafts import NoSuchCall, TooSoon
from gateway.core import Core
from gateway.deciding import NotFound
from gateway.notice_fields import NoticeFields
from gateway.staff.call_keeping import call_taker
from gateway.staff.note_taking import referral_soon
from gateway.staff.pages import Pages
from gateway.staff.signed_in import Posted, SignedIn, Worker
from storage import audit, draft
from storage.draft import Draft
from storage.referral import Kind, Referral

ASKED = {"safe_asked": "asked how it is safe to reach them", "told_next": "told them what happens next and by when"}


class NotInYet(Exception):
    """Its message has not been read: there is no history yet to write in."""


def call_done_pages(core: Core, pages: Pages, signed_in: SignedIn) -> APIRouter:
    """``/calls/{id}/done``."""
    router = APIRouter(route_class=pages.route_class())

    @router.get("/calls/{call_id}/done")
    async def done(request: Request, call_id: str, worker: Worker = Depends(signed_in.worker)) -> Response:
        """Where it went; the reading desk is given a moment, since a note may join an older referral."""
        call_taker(worker)
        row = await core.database.read(lambda session: _row(session, call_id))
        about = await referral_soon(core, row.reference)
        return await run_in_threadpool(drawn, request, worker, row, about)

    @router.post("/calls/{call_id}/done")
    async def wrap_up(request: Request, call_id: str, posted: Posted = Depends(signed_in.posted)) -> Response:
        """Be done with it, not before its minute is over, or put it off; what was written is kept with the report."""
        worker = call_taker(posted.worker)
        try:
            row = await core.database.write(lambda session: _wrapped(session, call_id, posted, core.clock()))
        except (TooSoon, NotInYet) as error:
            row = await core.database.read(lambda session: _row(session, call_id))
            about = await core.database.read(lambda session: promised.referral_of(session, [row.reference]))
            return await run_in_threadpool(drawn, request, worker, row, about, typed=posted.typed, error=error)
        return RedirectResponse("/calls" if row.wrapped_at is None else "/queue", 303)

    def drawn(
        request: Request, worker: Worker, row: Draft, about: Referral | None, *,
        typed: Mapping[str, str] | None = None, error: Exception | None = None,
    ) -> Response:  # fmt: skip
        """The page; with what was ``typed`` too early, and why it was: the ``error``."""
        reference = about.reference if about else row.reference
        told = NoticeFields(
            reference=reference, received=row.began_at, read_by=working_days.look_by(row.began_at)
        )  # fmt: skip
        status = 200 if typed is None else 409
        return pages.draw(
            request, "call_done", worker, status_code=status, row=row, about=about, reference=reference,
            spoken=saying.read_out_reference(reference), read_out=core.words.render("receipt", "note", told).text,
            typed=typed or {}, is_worker_message=about is not None and about.kind == Kind.MESSAGE_FOR_WORKER,
            is_own=row.handed_by == worker.actor.name, asked=ASKED,
            is_too_soon=isinstance(error, TooSoon), is_not_in_yet=isinstance(error, NotInYet), now=core.clock(),
            seconds=int(drafts.WRAP_UP.total_seconds()),
        )  # fmt: skip

    return router


def _row(session: Session, call_id: str) -> Draft:
    row = draft.by_id(session, call_id)
    if row is None or row.handed_at is None:
        raise NotFound(call_id)
    return row


def _wrapped(session: Session, call_id: str, posted: Posted, now: datetime) -> Draft:
    name, parked = posted.worker.actor.name, posted.typed.get("do") == "park"
    try:
        row = drafts.wrap_up(session, call_id, by=name, now=now, parked=parked)
    except NoSuchCall:
        raise NotFound(call_id) from None
    said = _said(posted)
    about = promised.referral_of(session, [row.reference]) if said else None
    if said and about is None:
        raise NotInYet(call_id)
    if about is not None:
        audit.record(session, at=now, who=name, what=said, referral_id=about.id)
    return row


def _said(posted: Posted) -> str:
    """What the history says of the minute after the call."""
    asked = [says for name, says in ASKED.items() if posted.typed.get(name)]
    agreed = posted.typed.get("agreed", "").strip()
    return ". ".join(
        filter(None, [f"After the call: {', '.join(asked)}" if asked else "", agreed and f"Agreed: {agreed}"])
    )
