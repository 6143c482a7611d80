"""Letters out for programs: which wait to be posted, and what became of one."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime

from fastapi import APIRouter, Body, Depends, Query
from pydantic import BaseModel, Field
from sqlmodel import Session

from gateway.api.callers import Callers
from gateway.api.problems import ProblemRoute, problems
from gateway.core import Core
from gateway.deciding import Actor, NotFound
from gateway.posting.letters import seen
from gateway.posting.marking import held_letter, mark_posted, print_again
from gateway.posting.returned import came_back
from storage import print_run
from storage.notice import Notice

MOST = 1000
Mark = Callable[[Session, Notice], None]


class LetterView(BaseModel):
    """One letter of ours. ``reference`` is the one printed on it, ``about`` that of its referral.

    Without ``has_address`` a person addresses it from the original; ``place`` and ``pages`` are those in its print run.
    """

    notice_id: str
    reference: str
    about: str
    kind: str
    state: str
    due_at: datetime
    has_address: bool
    large_print: bool
    place: int
    pages: int
    posted_at: datetime | None
    posted_by: str


class Posted(BaseModel):
    """The day it was posted."""

    on: date | None = Field(default=None, description="a day on a London calendar; today, if none is given")


class CameBack(BaseModel):
    """What stands on the envelope."""

    why: str = Field(description="gone away, refused, insufficient address or other")


def posting_router(core: Core, callers: Callers) -> APIRouter:
    """A list, and three marks on one letter; each answers with the letter as it is then."""
    router = APIRouter(route_class=ProblemRoute, tags=["post"], responses=problems(404, 409, 422))

    @router.get("/letters/to-post", response_model=list[LetterView], summary="Letters that wait to be posted")
    def to_post(limit: int = Query(200, ge=1, le=MOST), _: Actor = Depends(callers.staff)) -> list[LetterView]:
        """Those printed here that nobody has marked posted, what is due first first; nobody's name or address."""
        with core.database.reading() as session:
            letters = seen(session, core, print_run.to_post(session, limit=limit))
        return [LetterView.model_validate(each, from_attributes=True) for each in letters]

    @router.post("/letters/{notice_id}/posted", response_model=LetterView, summary="Mark a letter posted")
    def posted(
        notice_id: str, asked: Posted = Body(default_factory=Posted), caller: Actor = Depends(callers.staff)
    ) -> LetterView:
        """A letter is posted once; 409 for one that is not printed here, has failed, or is marked already."""
        return _marked(notice_id, lambda s, row: mark_posted(s, core, row, caller.name, on=asked.on))

    @router.post("/letters/{notice_id}/print-again", response_model=LetterView, summary="Print a spoilt letter again")
    def again(notice_id: str, caller: Actor = Depends(callers.staff)) -> LetterView:
        """It leaves its print run and waits for the next."""
        return _marked(notice_id, lambda s, row: print_again(s, core, row, caller.name))

    @router.post("/letters/{notice_id}/came-back", response_model=LetterView, summary="Say that a letter came back")
    def returned(notice_id: str, asked: CameBack, caller: Actor = Depends(callers.staff)) -> LetterView:
        """Its notice has failed: the next safe way is tried, or a person owes it. The address is not used again."""
        return _marked(notice_id, lambda s, row: came_back(s, core, row, caller.name, why=asked.why))

    def _marked(notice_id: str, mark: Mark) -> LetterView:
        with core.database.transaction() as session:
            row = held_letter(session, notice_id)
            if row is None or row.channel != "letter":
                raise NotFound(notice_id)
            mark(session, row)
            (letter,) = seen(session, core, [row])
        return LetterView.model_validate(letter, from_attributes=True)

    return router
