"""A mail as it was laid out, for social workers: a page of ours around a frame in which nothing runs or is fetched."""

from __future__ import annotations

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import HTMLResponse

from channels.email.pages import page_of
from gateway.core import Core
from gateway.deciding import NotFound
from gateway.laid_out import HEADERS, Picture, Pictures, SafePage, TooDeep, document, sanitised
from gateway.staff.opening import open_message
from gateway.staff.pages import Pages
from gateway.staff.signed_in import SignedIn, Worker, social_worker
from storage import attachment
from storage.attachment import VirusState
from storage.message import Message
from storage.referral import Referral

LARGEST_PICTURE = 6 * 1024 * 1024


def mail_page_router(core: Core, pages: Pages, signed_in: SignedIn) -> APIRouter:
    """``/messages/{id}/page`` and, in its frame, ``/messages/{id}/page/words``, whose opening is put on record."""
    router = APIRouter(route_class=pages.route_class())

    @router.get("/messages/{message_id}/page")
    def page(request: Request, message_id: str, worker: Worker = Depends(signed_in.worker)) -> Response:
        """Around it: whose referral it is of, and the way back."""
        social_worker(worker)
        with core.database.reading() as session:
            row = session.get(Message, message_id)
            about = session.get(Referral, row.referral_id) if row and row.referral_id else None
        if row is None or about is None:
            raise NotFound(message_id)
        return pages.draw(request, "mail_page", worker, message=row, reference=about.reference)

    @router.get("/messages/{message_id}/page/words")
    def words(message_id: str, worker: Worker = Depends(signed_in.worker)) -> Response:
        """The page itself, made safe."""
        opened = open_message(core, social_worker(worker).actor, message_id)
        html = page_of(b"".join(opened.pieces))
        if html is None:
            raise NotFound(message_id)
        try:
            safe = sanitised(html, Pictures(by_id=_pictures(core, message_id)))
        except TooDeep:
            safe = SafePage(html="<p>This page is built in a way that is not shown. Its words are on the referral.</p>")
        return HTMLResponse(document(safe), headers=HEADERS)

    return router


def _pictures(core: Core, message_id: str) -> dict[str, Picture]:
    """Those that came with the mail and that its page may name; never one in which a virus was found."""
    with core.database.reading() as session:
        parts = [
            part for part in attachment.of_message(session, message_id)
            if part.content_id and part.sha256 and (part.size or 0) <= LARGEST_PICTURE
            and part.virus_state != VirusState.FOUND and part.media_type.startswith("image/")
        ]  # fmt: skip
        return {part.content_id.lower(): Picture(content=core.contents.of_part(session, part)) for part in parts}
