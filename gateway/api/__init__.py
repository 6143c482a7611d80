"""The gateway for programs: ``/api/v1``, JSON with a bearer token."""

from __future__ import annotations

from fastapi import APIRouter

from gateway.api.actions import actions_router
from gateway.api.arrived import arrived_router
from gateway.api.callers import Callers
from gateway.api.calls import calls_router
from gateway.api.claims import claims_router
from gateway.api.contact import contact_router
from gateway.api.files import files_router
from gateway.api.form import form_router
from gateway.api.letters import letters_router
from gateway.api.likeness import likeness_router
from gateway.api.notes import notes_router
from gateway.api.posting import posting_router
from gateway.api.problems import ProblemRoute, problem, problem_of_http
from gateway.api.referrals import referrals_router
from gateway.api.searching import search_router
from gateway.core import Core

PREFIX = "/api/v1"

__all__ = ["PREFIX", "api_router", "problem", "problem_of_http"]


def api_router(core: Core) -> APIRouter:
    """Every route of the API."""
    router, callers = APIRouter(prefix=PREFIX, route_class=ProblemRoute), Callers(core)
    for build in (
        referrals_router,
        search_router,
        files_router,
        contact_router,
        arrived_router,
        actions_router,
        notes_router,
        letters_router,
        posting_router,
        calls_router,
        form_router,
        claims_router,
        likeness_router,
    ):
        router.include_router(build(core, callers))
    return router
