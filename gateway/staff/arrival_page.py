"""On the page of a referral: the day on which its letter reached the council."""

from __future__ import annotations

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import RedirectResponse

from gateway.core import Core
from gateway.life_cycle import Incomplete, NotAllowed
from gateway.staff import arrived
from gateway.staff.pages import Pages
from gateway.staff.referral import ReferralPage, Refused
from gateway.staff.signed_in import Posted, SignedIn


def arrival_pages(core: Core, pages: Pages, signed_in: SignedIn) -> APIRouter:
    """One form for each letter of a referral."""
    router, page = APIRouter(route_class=pages.route_class()), ReferralPage(core, pages)

    @router.post("/referrals/{reference}/arrived")
    def say(request: Request, reference: str, posted: Posted = Depends(signed_in.posted)) -> Response:
        """The day, and how it is known."""
        try:
            seen = arrived.say(core, posted.worker.actor, reference, posted.typed)
        except (Incomplete, NotAllowed) as error:
            named = error.field if isinstance(error, Incomplete) else ""
            form = f"arrived-{posted.typed.get('message', '')}"
            refused = Refused(form=form, named=named, words=error.what, typed=posted.typed)
            return page.draw(request, reference, posted.worker, refused=refused, status_code=422 if named else 409)
        to = f"/referrals/{seen.reference}?done=arrived"
        return RedirectResponse(to, 303, headers={"Cache-Control": "no-store"})

    return router
