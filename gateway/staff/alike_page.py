"""The forms beside a referral that answer a machine: agree or set aside, not the same or perhaps the same."""

from __future__ import annotations

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import RedirectResponse

from gateway.core import Core
from gateway.life_cycle import Incomplete, NotAllowed
from gateway.staff.alike import say_of, settle_suggestion
from gateway.staff.pages import Pages
from gateway.staff.referral import ReferralPage
from gateway.staff.signed_in import Posted, SignedIn


def alike_pages(core: Core, pages: Pages, signed_in: SignedIn) -> APIRouter:
    """One form for each suggestion and for each other referral."""
    router, page = APIRouter(route_class=pages.route_class()), ReferralPage(core, pages)

    @router.post("/referrals/{reference}/suggestions/{suggestion_id}")
    def suggested(
        request: Request, reference: str, suggestion_id: str, posted: Posted = Depends(signed_in.posted)
    ) -> Response:
        """What a person says of one suggestion."""
        status, actor = posted.typed.get("status", ""), posted.worker.actor
        try:
            found = settle_suggestion(core, actor, reference, suggestion_id, status=status)
        except (Incomplete, NotAllowed) as error:
            return page.refuse(request, reference, posted, form=f"suggestion-{suggestion_id}", error=error)
        return _back(found, f"suggestion_{status}", "suggested")

    @router.post("/referrals/{reference}/alike/{other}")
    def alike(request: Request, reference: str, other: str, posted: Posted = Depends(signed_in.posted)) -> Response:
        """What a person says of two referrals."""
        status, actor = posted.typed.get("status", ""), posted.worker.actor
        try:
            found = say_of(core, actor, reference, other, status=status)
        except (Incomplete, NotAllowed) as error:
            return page.refuse(request, reference, posted, form=f"alike-{other}", error=error)
        return _back(found, status, "alike")

    return router


def _back(reference: str, done: str, place: str) -> Response:
    to = f"/referrals/{reference}?done={done}#{place}"
    return RedirectResponse(to, 303, headers={"Cache-Control": "no-store"})
