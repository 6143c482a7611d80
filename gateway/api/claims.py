"""What is stated of a child, an adult or a place, settled by a program on behalf of the person who checked it."""

from __future__ import annotations

from fastapi import APIRouter, Body, Depends, Path, Response
from pydantic import BaseModel, Field

from gateway.api.callers import Callers
from gateway.api.problems import ProblemRoute, problems
from gateway.api.referrals import REFERENCE, json
from gateway.core import Core
from gateway.deciding import Actor
from gateway.settling import PutRight
from gateway.staff.claims import settled
from gateway.view import ReferralView


class Settle(BaseModel):
    """What a person says of one value."""

    status: str = Field(default="", description="confirmed, corrected or rejected")
    value: str = Field(default="", description="corrected: what it should be; empty where only whose it is was wrong")
    entity: str = Field(default="", description="corrected: whose it is, where that was wrong: child, adult, place …")
    entity_no: int = Field(default=0, ge=0, le=99, description="with entity: which child or adult, from 1")
    field: str = Field(default="", description="corrected: what of them it is, where that was wrong")


def claims_router(core: Core, callers: Callers) -> APIRouter:
    """One value at a time."""
    router = APIRouter(route_class=ProblemRoute, tags=["claims"], responses=problems(404, 409, 422))

    @router.post("/referrals/{reference}/claims/{id}", response_model=ReferralView, summary="Settle a stated value")
    def settle(
        id: str = Path(description="of the claim"),
        reference: str = REFERENCE,
        asked: Settle = Body(default_factory=Settle),
        caller: Actor = Depends(callers.staff),
    ) -> Response:
        """Confirm it, put it right or reject it. Only a confirmed value may feed a decision; who told us is for
        social workers. A value put right is a new claim in the place of the first, which is kept."""
        return json(settled(core, caller, reference, id, status=asked.status, right=_put_right(asked)))

    return router


def _put_right(asked: Settle) -> PutRight:
    return PutRight(value=asked.value, entity=asked.entity, entity_no=asked.entity_no, field=asked.field)
