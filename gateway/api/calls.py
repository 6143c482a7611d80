"""Calls while they are on, for programs: since when, the words so far, and the sound so far."""

from __future__ import annotations

from datetime import datetime

from fastapi import APIRouter, Depends, Request, Response
from pydantic import BaseModel, TypeAdapter

from gateway.api.callers import Callers
from gateway.api.files import of_a_file
from gateway.api.problems import ProblemRoute, problems
from gateway.core import Core
from gateway.deciding import Actor
from gateway.live import on_now
from gateway.staff.file_answers import file_answer
from gateway.staff.opening import open_sound_so_far


class CallView(BaseModel):
    """A call that is on, or ended a few minutes ago. ``caller`` is the class of their number, never the number.

    ``words`` are those heard so far, by machine; ``note`` says why there are none. ``reference`` once it has one.
    """

    id: str
    caller: str
    began_at: datetime
    ended_at: datetime | None
    words: str
    note: str
    reference: str | None


MANY = TypeAdapter(list[CallView])


def calls_router(core: Core, callers: Callers) -> APIRouter:
    """What callers say is in the queue when they have ended; here it is while they speak."""
    router = APIRouter(route_class=ProblemRoute, tags=["calls"])

    @router.get("/calls", response_model=list[CallView], responses=problems())
    def calls(caller: Actor = Depends(callers.anyone)) -> Response:
        """Those that are on, the longest first, then those that have just ended."""
        with core.database.reading() as session:
            found = on_now.calls(session, core.clock())
        views = [CallView(**{name: getattr(call, name) for name in CallView.model_fields}) for call in found]
        return Response(MANY.dump_json(views), headers={"Cache-Control": "no-store"}, media_type="application/json")

    @router.get(
        "/calls/{id}/sound",
        response_class=Response,
        responses=of_a_file("a WAV file of what was said so far"),
    )
    def sound(id: str, request: Request, caller: Actor = Depends(callers.social_worker)) -> Response:
        """What has been said so far, from the host that hears it; 404 from any other and once it is a part."""
        return file_answer(request, open_sound_so_far(core, caller, id))

    return router
