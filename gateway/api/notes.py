"""A call taker's message from a program, such as a telephone system: kept first, then told back."""

from __future__ import annotations

import json as plain_json
from datetime import datetime

from fastapi import APIRouter, Depends, Request, Response
from fastapi.concurrency import run_in_threadpool
from pydantic import BaseModel

from gateway.api.bodies import Note
from gateway.api.callers import Callers
from gateway.api.problems import ProblemRoute, problems
from gateway.api.referrals import json
from gateway.core import Core
from gateway.deciding import Actor
from gateway.life_cycle import Incomplete
from gateway.staff.note_taking import Taken, take
from gateway.staff.showing import shown_one
from gateway.view import ReferralView

LARGEST_NOTE = 1024 * 1024
BODY = {"requestBody": {"content": {"application/json": {"schema": Note.model_json_schema()}}, "required": True}}


class NoteTaken(ReferralView):
    """The referral the note belongs to, and what to say to the caller."""

    read_out: str


class NoteHeld(BaseModel):
    """What can be told of a note while the database cannot be reached."""

    reference: str
    received_at: datetime
    look_by: datetime
    read_out: str


def notes_router(core: Core, callers: Callers) -> APIRouter:
    """``POST /notes``."""
    router = APIRouter(route_class=ProblemRoute, tags=["notes"])

    @router.post(
        "/notes",
        status_code=201,
        response_model=NoteTaken,
        responses={**problems(422), 202: {"model": NoteHeld, "description": "Kept; it can be shown later"}},
        openapi_extra=BODY,
        summary="Take a note",
    )
    async def note(request: Request, caller: Actor = Depends(callers.staff)) -> Response:
        """Nothing is mandatory. The body is kept as it was sent; the clock starts when the caller told us."""
        payload = await _payload(request)
        taken = await take(core, payload, caller.name)
        if core.intake.holding.is_in_force:
            return _held(taken)
        seen = await run_in_threadpool(shown_one, core, caller, taken.reference)
        answer = json(NoteTaken(**dict(seen), read_out=taken.read_out), status=201)
        answer.headers["Location"] = f"/api/v1/referrals/{taken.reference}"
        return answer

    return router


def _held(taken: Taken) -> Response:
    """202: it is kept, and there is a reference to tell; the referral can be shown when the database is back."""
    told = NoteHeld(
        reference=taken.reference, received_at=taken.receipt.received_at, look_by=taken.receipt.look_by,
        read_out=taken.read_out,
    )  # fmt: skip
    return Response(told.model_dump_json(), 202, media_type="application/json", headers={"Cache-Control": "no-store"})


async def _payload(request: Request) -> bytes:
    body = await request.body()
    if len(body) > LARGEST_NOTE:
        raise Incomplete("body", "A note is at most 1 MiB")
    try:
        found = plain_json.loads(body)
    except (ValueError, RecursionError):
        raise Incomplete("body", "Send a JSON object") from None
    if not isinstance(found, dict):
        raise Incomplete("body", "Send a JSON object")
    return body
