"""Referrals for programs: in order of receipt, in working order, one by its reference, and what is broken."""

from __future__ import annotations

from datetime import datetime

from fastapi import APIRouter, Depends, Path, Query, Response
from pydantic import BaseModel, TypeAdapter

from gateway import checking, held_here
from gateway.api.callers import Callers
from gateway.api.problems import ProblemRoute, problems
from gateway.core import Core
from gateway.deciding import Actor
from gateway.staff import finding
from gateway.staff.showing import shown, shown_one
from gateway.view import ReferralView

PAGE, LARGEST_PAGE, LARGEST_NUMBER = 100, 500, 2**63 - 1
MANY = TypeAdapter(list[ReferralView])
LIMIT = Query(PAGE, ge=1, le=LARGEST_NUMBER, description=f"how many; at most {LARGEST_PAGE} are given")
REFERENCE = Path(description="such as KMR-4729-HX; capitals, spaces and dashes do not matter")


class BrokenView(BaseModel):
    """One promise that is not kept; ``reference`` is empty where it is not about one referral."""

    rule: str
    reference: str
    since: datetime
    what: str


BROKEN = TypeAdapter(list[BrokenView])


def referrals_router(core: Core, callers: Callers) -> APIRouter:
    """The questions; none of them changes anything but the record of who looked."""
    router = APIRouter(route_class=ProblemRoute, tags=["referrals"])

    @router.get("/referrals", response_model=list[ReferralView], responses=problems(422))
    def received(
        after: int = Query(0, ge=0, le=LARGEST_NUMBER, description="only what has a ledger number above this"),
        limit: int = LIMIT,
        caller: Actor = Depends(callers.anyone),
    ) -> Response:
        """In strict order of receipt, what is kept but not read yet included: page on with the last ``ledger_no``."""
        return json(
            shown(core, caller, lambda s: finding.in_order_of_receipt(s, after=after, limit=min(limit, LARGEST_PAGE)))
        )

    @router.get("/queue", response_model=list[ReferralView], responses=problems(422))
    def queue(
        limit: int = LIMIT,
        offset: int = Query(0, ge=0, le=LARGEST_NUMBER, description="how many to pass over"),
        caller: Actor = Depends(callers.anyone),
    ) -> Response:
        """Everything open, the least time left first."""
        return json(
            shown(core, caller, lambda s: finding.in_working_order(s, limit=min(limit, LARGEST_PAGE), offset=offset))
        )

    @router.get("/referrals/{reference}", response_model=ReferralView, responses=problems(404))
    def one(reference: str = REFERENCE, caller: Actor = Depends(callers.anyone)) -> Response:
        """One referral. A reference whose message joined an older referral answers with that referral."""
        return json(shown_one(core, caller, reference))

    @router.get("/check", response_model=list[BrokenView], responses=problems())
    def check(caller: Actor = Depends(callers.anyone)) -> Response:
        """Every broken promise and invariant, the oldest first; an empty list when all is well."""
        with core.database.reading() as session:
            found = checking.broken_promises(session, core.clock())
        found = held_here.broken(core, core.clock()) + found
        views = [BrokenView(rule=b.rule, reference=b.reference, since=b.since, what=b.what) for b in found]
        return _answer(BROKEN.dump_json(views))

    return router


def json(seen: ReferralView | list[ReferralView], *, status: int = 200) -> Response:
    """The public JSON of referrals: times end in Z, the sender's class is called ``class``."""
    if isinstance(seen, ReferralView):
        return _answer(seen.model_dump_json(by_alias=True).encode(), status=status)
    return _answer(MANY.dump_json(seen, by_alias=True), status=status)


def _answer(body: bytes, *, status: int = 200) -> Response:
    return Response(body, status, headers={"Cache-Control": "no-store"}, media_type="application/json")
