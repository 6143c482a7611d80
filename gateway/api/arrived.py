"""The day on which a letter reached the council, told by a program on behalf of the person who knows it."""

from __future__ import annotations

from fastapi import APIRouter, Body, Depends, Response
from pydantic import BaseModel, Field

from gateway.api.callers import Callers
from gateway.api.problems import ProblemRoute, problems
from gateway.api.referrals import REFERENCE, json
from gateway.core import Core
from gateway.deciding import Actor
from gateway.staff import arrived
from gateway.view import ReferralView


class Day(BaseModel):
    """A day, and how it is known."""

    on: str = Field(default="", description="ISO 8601, a day on a London calendar", examples=["2026-11-20"])
    basis: str = Field(default="", description="date_stamp, postmark or staff_entered, which it is if none is given")
    message: str = Field(default="", description="the id of the letter, where there are several; else the first")
    sure: bool = Field(default=False, description="also where it is more than 60 days before the scan")


def arrived_router(core: Core, callers: Callers) -> APIRouter:
    """One letter at a time."""
    router = APIRouter(route_class=ProblemRoute, tags=["post"], responses=problems(404, 409, 422))

    @router.post("/referrals/{reference}/arrived", response_model=ReferralView, summary="Say when a letter reached us")
    def say(
        reference: str = REFERENCE, asked: Day = Body(default_factory=Day), caller: Actor = Depends(callers.staff)
    ) -> Response:
        """Arrival anywhere in the council starts the clock, however late the letter was scanned: what is due follows,
        and may be overdue at once. What the sender was promised stands."""
        typed = {name: str(value) for name, value in asked.model_dump().items()}
        return json(arrived.say(core, caller, reference, typed))

    return router
