"""What one version of the words of a part changed in the one it rests on."""

from __future__ import annotations

from fastapi import APIRouter, Depends, Request, Response

from gateway.core import Core
from gateway.deciding import NotFound
from gateway.part_view import part_view
from gateway.staff.pages import Pages
from gateway.staff.signed_in import SignedIn, Worker
from gateway.staff.word_changes import changes, rested_on
from storage import transcript
from storage.attachment import Attachment
from storage.referral import Referral


def changes_router(core: Core, pages: Pages, signed_in: SignedIn) -> APIRouter:
    """``/parts/{id}/changes/{version}``, for everybody who sees the words."""
    router = APIRouter(route_class=pages.route_class())

    @router.get("/parts/{part_id}/changes/{version}")
    def changed(request: Request, part_id: str, version: int, worker: Worker = Depends(signed_in.worker)) -> Response:
        """The page."""
        with core.database.reading() as session:
            row = session.get(Attachment, part_id)
            versions = transcript.of_parts(session, [part_id])
            made = next((each for each in versions if each.version == version), None)
            if row is None or made is None:
                raise NotFound(part_id)
            before = rested_on(versions, version)
            reference = session.get_one(Referral, row.referral_id).reference
        return pages.draw(
            request, "part_changes", worker, part=part_view(row, versions, with_lines=False), reference=reference,
            made_now=made, before=before, changes=changes(before.text if before else "", made.text),
        )  # fmt: skip

    return router
