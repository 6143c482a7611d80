"""For programs: what may be about the same as a referral, what a machine suggests, and what people say of both."""

from __future__ import annotations

from fastapi import APIRouter, Body, Depends, Path
from pydantic import BaseModel, Field

from gateway.api.callers import Callers
from gateway.api.problems import ProblemRoute, problems
from gateway.api.referrals import REFERENCE
from gateway.core import Core
from gateway.deciding import Actor
from gateway.likeness.cluster import cluster_of
from gateway.likeness.view import ClusterView, cluster_view
from gateway.staff import finding
from gateway.staff.alike import say_of, settle_suggestion
from gateway.suggesting.view import SuggestionView, suggestion_views
from storage import suggestion


class Answer(BaseModel):
    """What a person says."""

    status: str = Field(default="", description="accepted, set_aside or open; not_the_same or may_be_the_same")


def likeness_router(core: Core, callers: Callers) -> APIRouter:
    """Read and answered; nothing here tells who told us."""
    router = APIRouter(route_class=ProblemRoute, tags=["likeness"], responses=problems(404, 409, 422))

    def cluster(reference: str) -> ClusterView:
        with core.database.reading() as session:
            row = finding.to_act_on(session, reference)
            return cluster_view(row.reference, cluster_of(session, row, may_identify=False))

    def suggestions(reference: str) -> list[SuggestionView]:
        with core.database.reading() as session:
            row = finding.to_act_on(session, reference)
            return suggestion_views(suggestion.of_referrals(session, [row.id or 0]))

    @router.get("/referrals/{reference}/cluster", response_model=ClusterView, summary="What may be about the same")
    def of_cluster(reference: str = REFERENCE, _: Actor = Depends(callers.anyone)) -> ClusterView:
        """Others with their reasons, and how many reports there are; linked, never merged. Who told us is not said."""
        return cluster(reference)

    @router.get("/referrals/{reference}/suggestions", response_model=list[SuggestionView], summary="What is suggested")
    def of_suggestions(reference: str = REFERENCE, _: Actor = Depends(callers.anyone)) -> list[SuggestionView]:
        """By machine, from words in context; each with the words it rests on. It raises ``severity_floor``."""
        return suggestions(reference)

    @router.post("/referrals/{reference}/suggestions/{id}", response_model=list[SuggestionView], summary="Answer one")
    def answer(
        id: str = Path(description="of the suggestion"),
        reference: str = REFERENCE,
        asked: Answer = Body(default_factory=Answer),
        caller: Actor = Depends(callers.staff),
    ) -> list[SuggestionView]:
        """Agree, set aside, or take that back. The floor stays where it is."""
        return suggestions(settle_suggestion(core, caller, reference, id, status=asked.status))

    @router.post(
        "/referrals/{reference}/cluster/{other}", response_model=ClusterView, summary="Say they are not the same"
    )
    def said(
        other: str = Path(description="reference of another referral"),
        reference: str = REFERENCE,
        asked: Answer = Body(default_factory=Answer),
        caller: Actor = Depends(callers.staff),
    ) -> ClusterView:
        """Kept in both histories, and reversible; nothing is merged or deleted."""
        return cluster(say_of(core, caller, reference, other, status=asked.status))

    return router
