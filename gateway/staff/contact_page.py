"""Safe contact on the page of a referral: what the sender answered, and which addresses are the child's home."""

from __future__ import annotations

from collections.abc import Mapping

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import RedirectResponse
from sqlmodel import Session

from gateway.contacting import said_of, write_contact, write_household
from gateway.core import Core
from gateway.life_cycle import Incomplete, WrongRole
from gateway.staff.contact import Write, change
from gateway.staff.pages import Pages
from gateway.staff.referral import ReferralPage, Refused
from gateway.staff.signed_in import Posted, SignedIn
from storage.referral import Referral


def contact_pages(core: Core, pages: Pages, signed_in: SignedIn) -> APIRouter:
    """The two forms of the section; both lead back to it."""
    router, page = APIRouter(route_class=pages.route_class()), ReferralPage(core, pages)

    @router.post("/referrals/{reference}/contact")
    def contact(request: Request, reference: str, posted: Posted = Depends(signed_in.posted)) -> Response:
        """What the sender answered when asked."""
        return _written(request, reference, posted, "contact", lambda s, row: _contact(s, row, posted))

    @router.post("/referrals/{reference}/household")
    def household(request: Request, reference: str, posted: Posted = Depends(signed_in.posted)) -> Response:
        """An address of the child's household."""
        address = posted.typed.get("address", "")
        actor = posted.worker.actor
        return _written(
            request,
            reference,
            posted,
            "household",
            lambda s, row: write_household(s, core, row, actor, address=address),
        )

    def _contact(session: Session, row: Referral, posted: Posted) -> None:
        typed = posted.typed
        said = said_of(
            ok_for=_answers(typed), words=typed.get("words", ""), code_word=typed.get("code_word", ""),
            who_else_can_see=typed.get("who_else_can_see", ""), hours=typed.get("hours", ""),
            large_print={"yes": True, "no": False}.get(typed.get("large_print", "")),
        )  # fmt: skip
        write_contact(session, core, row, posted.worker.actor, address=typed.get("address", ""), said=said)

    def _written(request: Request, reference: str, posted: Posted, form: str, write: Write) -> Response:
        if not posted.worker.may_act:
            raise WrongRole("it is for staff who act")
        try:
            seen = change(core, posted.worker.actor, reference, write)
        except Incomplete as error:
            refused = Refused(form=form, named=error.field, words=error.what, typed=posted.typed)
            return page.draw(request, reference, posted.worker, refused=refused, status_code=422)
        to = f"/referrals/{seen.reference}?done={form}#who-title"
        return RedirectResponse(to, 303, headers={"Cache-Control": "no-store"})

    return router


def _answers(typed: Mapping[str, str]) -> dict[str, bool]:
    """The radio buttons of each channel: yes, no, or not asked."""
    names = {name: value for name, value in typed.items() if name.startswith("ok_") and value in ("yes", "no")}
    return {name.removeprefix("ok_"): value == "yes" for name, value in names.items()}
