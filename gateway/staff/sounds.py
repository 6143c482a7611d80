"""What a page that plays a recording asks for: the sound in a form every browser plays, its wave, and its words."""

from __future__ import annotations

from fastapi import APIRouter, Depends, Request, Response

from gateway.core import Core
from gateway.deciding import Actor, NotFound
from gateway.part_view import part_view
from gateway.staff.few_at_a_time import FewAtATime
from gateway.staff.file_answers import File, file_answer
from gateway.staff.opening import open_part
from gateway.staff.pages import Pages
from gateway.staff.playing import PLAYED_AS, NotPlayable, Playing
from gateway.staff.signed_in import SignedIn, Worker, social_worker
from gateway.staff.sound_shapes import worked_out
from storage import transcript
from storage.attachment import Attachment

PLAYED_AT_ONCE, DRAWN_AT_ONCE = 2, 1


def sounds_router(core: Core, pages: Pages, signed_in: SignedIn) -> APIRouter:
    """``/parts/{id}/sound``, ``/parts/{id}/wave`` and ``/parts/{id}/words``."""
    router, sounds = APIRouter(route_class=pages.route_class()), Playing()
    playing, drawing = FewAtATime(PLAYED_AT_ONCE), FewAtATime(DRAWN_AT_ONCE)

    @router.get("/parts/{part_id}/sound")
    async def sound(request: Request, part_id: str, worker: Worker = Depends(signed_in.worker)) -> Response:
        """What is heard in a recording or film; the look is put on record."""
        actor = social_worker(worker).actor
        return await playing.make(lambda: played_for(request, actor, part_id))

    def played_for(request: Request, actor: Actor, part_id: str) -> Response:
        file = open_part(core, actor, part_id)
        try:
            made = sounds.playable(file.content)
        except NotPlayable:
            raise NotFound(part_id) from None
        return file_answer(request, File(content=made, name=f"{part_id}.mp3", media_type=PLAYED_AS))

    @router.get("/parts/{part_id}/wave")
    async def wave(request: Request, part_id: str, worker: Worker = Depends(signed_in.worker)) -> Response:
        """The wave alone, for a page that was drawn before it was known; one is worked out at a time."""
        social_worker(worker)
        drawn = await drawing.make(lambda: worked_out(core, part_id))
        return pages.draw(request, "wave", worker, wave=drawn)

    @router.get("/parts/{part_id}/words")
    def words(
        request: Request, part_id: str, whole: bool = False, worker: Worker = Depends(signed_in.worker)
    ) -> Response:
        """The words of a part as they are now, for a page that waits for them or wants all of a long recording."""
        with core.database.reading() as session:
            row = session.get(Attachment, part_id)
            versions = transcript.of_parts(session, [part_id])
        if row is None:
            raise NotFound(part_id)
        return pages.draw(
            request, "part_words", worker, part=part_view(row, versions), whole_of=part_id if whole else ""
        )

    return router
