"""A letter of ours came back: its code is scanned or its reference typed, and a person says what stands on it."""

from __future__ import annotations

from fastapi import APIRouter, Depends, Request, Response

from gateway import reference
from gateway.core import Core
from gateway.deciding import NotFound
from gateway.life_cycle import Incomplete, NotAllowed
from gateway.posting.letters import seen
from gateway.posting.marking import held_letter
from gateway.posting.returned import Why, came_back, letters_meant
from gateway.staff.letters_page import Refusal, back, clerk, refusal_of
from gateway.staff.pages import Pages
from gateway.staff.signed_in import Posted, SignedIn, Worker
from storage.referral import Referral

LONGEST_TYPED = 200


def returned_router(core: Core, pages: Pages, signed_in: SignedIn) -> APIRouter:
    """``/post/returned``."""
    router = APIRouter(route_class=pages.route_class())

    @router.get("/post/returned")
    def returned(request: Request, letter: str = "", worker: Worker = Depends(signed_in.worker)) -> Response:
        """The field for a code or a reference, and the letters it may mean."""
        return drawn(request, letter[:LONGEST_TYPED].strip(), worker)

    @router.post("/post/returned/came-back")
    def settled(request: Request, posted: Posted = Depends(signed_in.posted)) -> Response:
        """That letter has failed; the next safe way is tried, or a person owes it."""
        who, typed = clerk(posted.worker), posted.typed
        try:
            with core.database.transaction() as session:
                row = held_letter(session, typed.get("notice_id", ""))
                if row is None:
                    raise NotFound("a letter")
                came_back(session, core, row, who, why=typed.get("why", ""))
                about = session.get_one(Referral, row.referral_id).reference
        except (Incomplete, NotAllowed) as error:
            return drawn(request, typed.get("letter", ""), posted.worker, refusal=refusal_of(error))
        return back(f"/post/returned?done={about}")

    def drawn(request: Request, typed: str, worker: Worker, *, refusal: Refusal | None = None) -> Response:
        with core.database.reading() as session:
            letters = seen(session, core, letters_meant(session, typed)) if typed else []
        return pages.draw(
            request, "returned", worker, status_code=refusal.status if refusal else 200, typed=typed, letters=letters,
            refusal=refusal, reasons=list(Why), done=reference.parse(request.query_params.get("done", "")) or "",
        )  # fmt: skip

    return router
