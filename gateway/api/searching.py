"""Search for programs: the same as the page of staff, with the same record of who looked."""

from __future__ import annotations

from datetime import date, datetime

from fastapi import APIRouter, Depends, Query, Response
from pydantic import BaseModel, Field, TypeAdapter

from gateway.api.callers import Callers
from gateway.api.problems import ProblemRoute, problems
from gateway.core import Core
from gateway.deciding import Actor
from gateway.searching import Asked, Found, Only, Result, search
from gateway.searching.found import AT_ONCE
from gateway.searching.search import BY_REFERENCE, MOST_AT_ONCE


class PieceView(BaseModel):
    """A stretch of the passage in which the words stand; ``found``: it is what was asked for."""

    text: str
    found: bool


class ResultView(BaseModel):
    """One referral that was found; ``why`` is empty where its words were, else reference or sender."""

    reference: str
    ledger_no: int
    channel: str
    kind: str
    state: str
    severity: str
    received_at: datetime
    due_at: datetime
    owner: str | None
    child_known: bool
    why: str
    passage: list[PieceView]


class FoundView(BaseModel):
    """One page: the best first, and of what is as good the newest. ``after`` asks for the next, null on the last."""

    results: list[ResultView]
    after: str | None = Field(description="give it as after to have the next page")
    notes: list[str] = Field(description="what to know of this search, in plain words")


FOUND = TypeAdapter(FoundView)


class Sought(BaseModel):
    """What is asked for."""

    q: str = Field("", description="words, a name, a reference, a number, a postcode or a date, in any writing")
    only: Only = Field(Only.ALL, description="open or closed ones only")
    channel: str = Field("", description="such as email: only what began so")
    since: date | None = Field(None, description="kept on this day in London or later")
    until: date | None = Field(None, description="kept on this day in London or earlier")
    after: str = Field("", description="what the page before gave as after")
    limit: int = Field(AT_ONCE, ge=1, description=f"how many; at most {MOST_AT_ONCE} are given")


def search_router(core: Core, callers: Callers) -> APIRouter:
    """One question; a search by a number or mail address of who told us is put on record."""
    router = APIRouter(route_class=ProblemRoute, tags=["referrals"])

    @router.get("/search", response_model=FoundView, responses=problems(422), summary="Search everything that was said")
    def sought(asked: Sought = Query(), caller: Actor = Depends(callers.anyone)) -> Response:
        """Every word has to be there, in any order, as a whole word or the beginning of one; words in quotation marks
        stand together. A reference, a telephone number, a postcode and a date are found in any writing. Who told us is
        searched by a whole number or mail address only for those who may know it, and that is put on record."""
        found = search(
            core, caller,
            Asked(
                typed=asked.q, only=asked.only, channel=asked.channel, since=asked.since, until=asked.until,
                after=asked.after, limit=asked.limit,
            ),
        )  # fmt: skip
        body = FOUND.dump_json(_view(found))
        return Response(body, headers={"Cache-Control": "no-store"}, media_type="application/json")

    return router


def _view(found: Found) -> FoundView:
    return FoundView(
        results=[_result(each) for each in found.results], after=found.after or None, notes=list(found.notes)
    )


def _result(one: Result) -> ResultView:
    said = {name: getattr(one, name) for name in ResultView.model_fields if name not in ("passage", "why")}
    why = "sender" if one.why and one.why != BY_REFERENCE else "reference" if one.why else ""
    return ResultView(**said, why=why, passage=[PieceView(text=p.text, found=p.is_found) for p in one.passage])
