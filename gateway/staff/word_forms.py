"""What staff do about the words of a part: type them, vouch for a version, have it read again by machine."""

from __future__ import annotations

from fastapi import APIRouter, Depends, Response
from fastapi.responses import RedirectResponse
from sqlmodel import Session

from gateway import versions
from gateway.core import Core
from gateway.deciding import NotFound
from gateway.life_cycle import WrongRole
from gateway.staff.pages import Pages
from gateway.staff.signed_in import Posted, SignedIn
from storage.attachment import Attachment
from storage.referral import Referral

MOST_DIGITS = 9


def word_forms_router(core: Core, pages: Pages, signed_in: SignedIn) -> APIRouter:
    """Forms post to ``/parts/{id}/words``, ``/parts/{id}/checked`` and ``/parts/{id}/again``."""
    router = APIRouter(route_class=pages.route_class())

    @router.post("/parts/{part_id}/words")
    def typed(part_id: str, posted: Posted = Depends(signed_in.posted)) -> Response:
        """What somebody heard or saw themselves becomes the version shown."""
        who, text = sees_the_original(posted), posted.typed.get("text", "").strip()
        with core.database.transaction() as session:
            back = _back(session, part_id, "words" if text else "no_words")
            if text:
                version = versions.add_typed(session, part_id, text, who=who, at=core.clock())
                core.proposing.keep_of_typed(session, version)
        return back

    @router.post("/parts/{part_id}/checked")
    def checked(part_id: str, posted: Posted = Depends(signed_in.posted)) -> Response:
        """A version compared with the original becomes the one shown."""
        who, version = sees_the_original(posted), posted.typed.get("version", "")
        with core.database.transaction() as session:
            back = _back(session, part_id, "checked")
            is_number = version.isdecimal() and len(version) < MOST_DIGITS
            is_there = is_number and versions.check(session, part_id, int(version), who=who, at=core.clock())
        if not is_there:
            raise NotFound(part_id)
        return back

    @router.post("/parts/{part_id}/again")
    def again(part_id: str, posted: Posted = Depends(signed_in.posted)) -> Response:
        """Read once more by machine; asking twice is asking once."""
        who = sees_the_original(posted)
        with core.database.transaction() as session:
            back = _back(session, part_id, "again")
            versions.ask_again(session, part_id, who=who, at=core.clock())
        return back

    return router


def sees_the_original(posted: Posted) -> str:
    """Who types, and must be able to hear or see the original for it; raises ``WrongRole``."""
    if not (posted.worker.may_act and posted.worker.may_identify):
        raise WrongRole("words are typed by whoever may open the original")
    return posted.worker.actor.name


def _back(session: Session, part_id: str, done: str) -> Response:
    part = session.get(Attachment, part_id)
    if part is None or part.sha256 is None:
        raise NotFound(part_id)
    reference = session.get_one(Referral, part.referral_id).reference
    where = f"/referrals/{reference}?done={done}#words-{part_id}"
    return RedirectResponse(where, 303, headers={"Cache-Control": "no-store"})
