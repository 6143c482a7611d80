"""The values on the page of a referral that a person confirms, puts right or rejects."""

from __future__ import annotations

import re
from collections.abc import Mapping

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import RedirectResponse

from gateway.core import Core
from gateway.life_cycle import Incomplete, NotAllowed
from gateway.settling import PutRight
from gateway.staff.claims import next_unsettled, settled
from gateway.staff.pages import Pages
from gateway.staff.referral import ReferralPage, Refused
from gateway.staff.signed_in import Posted, SignedIn


def claims_pages(core: Core, pages: Pages, signed_in: SignedIn) -> APIRouter:
    """One form for each value; it leads on to the next that nobody has settled."""
    router, page = APIRouter(route_class=pages.route_class()), ReferralPage(core, pages)

    @router.post("/referrals/{reference}/claims/{claim_id}")
    def one(request: Request, reference: str, claim_id: str, posted: Posted = Depends(signed_in.posted)) -> Response:
        """What a person says of one value."""
        status, right = posted.typed.get("status", ""), _put_right(posted.typed)
        try:
            seen = settled(core, posted.worker.actor, reference, claim_id, status=status, right=right)
        except (Incomplete, NotAllowed) as error:
            named = error.field if isinstance(error, Incomplete) else ""
            refused = Refused(form=f"claim-{claim_id}", named=named, words=error.what, typed=posted.typed)
            return page.draw(request, reference, posted.worker, refused=refused, status_code=422 if named else 409)
        shows_who = posted.typed.get("who") == "shown"
        onward = next_unsettled(seen, claim_id, with_referrer=shows_who)
        to = f"/referrals/{seen.reference}?done={status}{'&who=shown' if shows_who else ''}"
        to += f"#claim-{onward}" if onward else "#stated"
        return RedirectResponse(to, 303, headers={"Cache-Control": "no-store"})

    return router


def _put_right(typed: Mapping[str, str]) -> PutRight:
    """The value, and whose it is as the form sends it: ``child:2``."""
    entity, _, number = typed.get("whose", "").partition(":")
    return PutRight(
        value=typed.get("value", ""), entity=entity, entity_no=int(number) if re.fullmatch("[0-9]{1,2}", number) else 0
    )
