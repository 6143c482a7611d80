"""Each step of a referral as it is posted: what it would send is shown first, who must agree is asked."""

from __future__ import annotations

from fastapi import APIRouter, Depends, Request, Response

from gateway.agreeing.asking import ask
from gateway.core import Core
from gateway.life_cycle import Action, Incomplete, NotAllowed
from gateway.staff import claims, confirming, finding
from gateway.staff.confirming import Unconfirmed
from gateway.staff.pages import Pages
from gateway.staff.referral import ReferralPage, Refused, to_referral
from gateway.staff.signed_in import Posted, SignedIn


def step_router(core: Core, pages: Pages, signed_in: SignedIn) -> APIRouter:
    """``/referrals/{reference}/{action}``, and under it the way back to the form and the way to a second person."""
    router, page = APIRouter(route_class=pages.route_class()), ReferralPage(core, pages)

    @router.post("/referrals/{reference}/{action}")
    def step(request: Request, reference: str, action: Action, posted: Posted = Depends(signed_in.posted)) -> Response:
        """One step of the life cycle."""
        asked = confirming.Posted(
            actor=posted.worker.actor, reference=reference, action=action, typed=posted.typed
        )  # fmt: skip
        try:
            return to_referral(confirming.take(core, asked).reference, action)
        except Unconfirmed as first:
            return pages.draw(request, "confirm", posted.worker, card=first.card)
        except (Incomplete, NotAllowed) as error:
            return page.refuse(request, reference, posted, form=action, error=error)

    @router.post("/referrals/{reference}/{action}/change")
    def change(
        request: Request, reference: str, action: Action, posted: Posted = Depends(signed_in.posted)
    ) -> Response:
        """Back to the form, with all that was typed."""
        return page.draw(request, reference, posted.worker, refused=Refused(form=action, typed=posted.typed))

    @router.post("/referrals/{reference}/{action}/agreement")
    def agreement(
        request: Request, reference: str, action: Action, posted: Posted = Depends(signed_in.posted)
    ) -> Response:
        """Kept until somebody agrees."""
        asked = claims.with_what_it_rests_on(posted.typed)
        try:
            with core.database.transaction() as session:
                row = finding.to_act_on(session, reference)
                attempt = core.deciding.attempt(session, row, action, posted.worker.actor, asked)
                ask(core, session, action, attempt)
                return to_referral(row.reference, "agreement")
        except (Incomplete, NotAllowed) as error:
            return page.refuse(request, reference, posted, form=action, error=error)

    return router
