"""The bytes themselves for programs: what was received, byte for byte, and each part."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Depends, Request, Response

from gateway.api.callers import Callers
from gateway.api.problems import ProblemRoute, problems
from gateway.core import Core
from gateway.deciding import Actor
from gateway.staff.few_at_a_time import FewAtATime
from gateway.staff.file_answers import file_answer, original_answer
from gateway.staff.opening import open_message, part_answer
from gateway.staff.searchable_copy import searchable_copy

BYTES = {"content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}}

PDF = {
    "description": "the copy", "content": {"application/pdf": {"schema": {"type": "string", "format": "binary"}}},
}  # fmt: skip


def of_a_file(what: str) -> dict[int | str, dict[str, Any]]:
    """For the OpenAPI description: a file that may be asked for whole or in ranges."""
    return {
        200: BYTES | {"description": what},
        206: {"description": "the range asked for"},
        416: {"description": "there is no such range"},
        **problems(404),
    }


def files_router(core: Core, callers: Callers) -> APIRouter:
    """Who told us can be read from these bytes, so they are for social workers; each opening is on record."""
    router, copying = APIRouter(route_class=ProblemRoute, tags=["files"]), FewAtATime()

    @router.get(
        "/messages/{id}/raw",
        response_class=Response,
        responses={200: BYTES | {"description": "the bytes"}, **problems(404)},
    )
    def raw(id: str, trace: bool = False, caller: Actor = Depends(callers.social_worker)) -> Response:
        """The exact bytes received; their media type is in ``X-Media-Type``. With ``trace``, a mail has our own trace
        fields above them.
        """
        return original_answer(open_message(core, caller, id, with_trace=trace))

    @router.get(
        "/parts/{id}",
        response_class=Response,
        responses=of_a_file("the bytes"),
    )
    def part(id: str, request: Request, caller: Actor = Depends(callers.social_worker)) -> Response:
        """A part's bytes, whole or a range; under its own media type where a browser may show that."""
        return part_answer(core, request, caller, id)

    @router.get(
        "/parts/{id}/searchable",
        response_class=Response,
        responses=of_a_file("a PDF/A-2b of its pages, the words shown behind them") | {200: PDF},
    )
    async def searchable(id: str, request: Request, caller: Actor = Depends(callers.social_worker)) -> Response:
        """A part whose words have places on its ``pages``, as a PDF that can be searched; the part itself stays as it
        came.
        """
        return file_answer(request, await copying.make(lambda: searchable_copy(core, caller, id)))

    return router
