"""What a program may do with a referral: one address for each step of the life cycle, and for each task."""

from collections.abc import Callable

from fastapi import APIRouter, Body, Depends, HTTPException, Response
from pydantic import BaseModel

from gateway.api.bodies import BODIES, SAID, Result
from gateway.api.callers import Callers
from gateway.api.problems import ProblemRoute, problems
from gateway.api.referrals import REFERENCE, json
from gateway.core import Core
from gateway.deciding import Actor
from gateway.life_cycle import Action
from gateway.staff import acting
from gateway.staff.next_page import take_next
from gateway.staff.showing import shown_one
from gateway.view import ReferralView


def actions_router(core: Core, callers: Callers) -> APIRouter:
    """Each answers with the referral as it is afterwards; a refused step changes nothing."""
    router = APIRouter(route_class=ProblemRoute, tags=["actions"], responses=problems(404, 409, 422))
    for action, body in BODIES.items():
        router.add_api_route(
            f"/referrals/{{reference}}/{action}",
            _step(core, callers, action, body),
            methods=["POST"],
            response_model=ReferralView,
            name=action,
            summary=action.capitalize(),
            description=SAID[action],
        )

    @router.post("/queue/next", response_model=ReferralView, summary="Take what comes next")
    def take_what_is_next(caller: Actor = Depends(callers.staff)) -> Response:
        """The first of the queue that nobody is at, claimed; 404 where nothing is left for this role."""
        reference = take_next(core, caller)
        if reference is None:
            raise HTTPException(404, "Nothing is left that this role may take and nobody is at.")
        return json(shown_one(core, caller, reference))

    @router.post("/referrals/{reference}/tasks/{id}", response_model=ReferralView, summary="Finish a task")
    def finish(
        id: str,
        reference: str = REFERENCE,
        asked: Result = Body(default_factory=Result),
        caller: Actor = Depends(callers.staff),
    ) -> Response:
        """A person did what a notice of kind ``staff_task`` asks, and says what came of it."""
        return json(acting.finish(core, caller, reference, id, asked.result or ""))

    return router


def _step(core: Core, callers: Callers, action: Action, body: type[BaseModel]) -> Callable[..., Response]:
    def step(
        reference: str = REFERENCE,
        asked: body = Body(default_factory=body),  # type: ignore[valid-type]
        caller: Actor = Depends(callers.anyone),
    ) -> Response:
        typed: BaseModel = asked
        values = {name: str(value) for name, value in typed.model_dump(exclude_none=True).items()}
        return json(acting.act(core, caller, reference, action, values))

    return step
