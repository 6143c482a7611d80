"""The form's questions for programs."""

from __future__ import annotations

from fastapi import APIRouter, Depends

from gateway.api.callers import Callers
from gateway.api.problems import ProblemRoute, problems
from gateway.core import Core
from gateway.deciding import Actor
from gateway.public.form_files import AS_WHOM, Asked, schema
from gateway.standard_form.schema import FormView


def form_router(core: Core, callers: Callers) -> APIRouter:
    """One question: what do we ask."""
    router = APIRouter(route_class=ProblemRoute, tags=["form"])

    @router.get("/form", response_model=FormView, responses=problems(422), summary="The questions of the form")
    def form(asked: Asked = AS_WHOM, caller: Actor = Depends(callers.anyone)) -> FormView:
        """Every question of the form, as Word, PDF and the web form ask it; none must be answered."""
        return schema(asked)

    return router
