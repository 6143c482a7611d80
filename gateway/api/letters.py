"""Scanned post from programs: a council's own scripts hand letters in as a clerk does."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request, Response
from pydantic import BaseModel, Field

from gateway import working_days
from gateway.api.callers import Callers
from gateway.api.problems import ProblemRoute, problem, problems
from gateway.core import Core
from gateway.deciding import Actor
from gateway.dividing.plan import Split
from gateway.handing_in.form_stream import BrokenForm
from gateway.handing_in.posted import take_body, take_form
from gateway.handing_in.said import AreLetters, Said, day_of
from gateway.handing_in.tray import HandedIn, Tray, Trouble
from gateway.life_cycle import Incomplete

MULTIPART = "multipart/form-data"
FILE = {"schema": {"type": "string", "format": "binary"}}
FORM = {"schema": {"type": "object", "properties": {"file": {"type": "string", "format": "binary"}}}}
BODY = {"requestBody": {"content": {"application/octet-stream": FILE, MULTIPART: FORM}, "required": True}}
NOT_TAKEN = {
    Trouble.EMPTY: (422, "The file is empty."),
    Trouble.CUT_SHORT: (422, "The body broke off before its end. Nothing was kept."),
    Trouble.TOO_LARGE: (413, "The file is larger than FRONTDOOR_SCAN_LARGEST_MB allows. Send it in smaller batches."),
    Trouble.TOO_MUCH: (413, "Files that are one letter may have 200 MB together. Send them as smaller pictures."),
    Trouble.NO_ROOM: (503, "The disk is nearly full. It was not kept; send it again later."),
    Trouble.NOT_NOW: (503, "It was not kept. Send it again."),
}


class About(BaseModel):
    """What is said of what is handed in; all of it may be left out."""

    name: str = Field("scan", max_length=200, description="the name of a file that is the body itself")
    arrived: str = Field("", description="the day it reached the council, 2026-11-20")
    split: Split = Field(Split.CODES_AND_BLANKS, description="what parts a file into letters")
    together: bool = Field(False, description="the files of a form are the pages of one letter")

    def said(self, today: date) -> Said:
        """Raises ``Incomplete`` for a day that cannot be right."""
        day = day_of(self.arrived, today=today, field="arrived") if self.arrived else None
        return Said(arrived=day, are=AreLetters.TOGETHER if self.together else AreLetters.BATCHES, split=self.split)


class LetterTaken(BaseModel):
    """A file that is kept. Several letters in it get references of their own when they are read."""

    name: str = Field(description="the file's name")
    reference: str
    message_id: str | None = Field(description="null while the database cannot be reached")
    repeated: bool = Field(description="the same bytes had been handed in before, under this reference")


class NotTaken(BaseModel):
    """A file of a form that was not kept; send it again."""

    name: str
    why: str


class LettersTaken(LetterTaken):
    """The first file that was kept, then every file of the form."""

    files: list[LetterTaken | NotTaken]


def letters_router(core: Core, callers: Callers) -> APIRouter:
    """``POST /letters``."""
    router = APIRouter(route_class=ProblemRoute, tags=["letters"])

    @router.post(
        "/letters",
        status_code=201,
        response_model=LettersTaken,
        responses=problems(413, 422),
        openapi_extra=BODY,
        summary="Hand in scanned post",
    )
    async def letters(
        request: Request, about: Annotated[About, Query()], caller: Actor = Depends(callers.staff)
    ) -> Response:
        """A file as the body, or files as a form: PDF, TIFF, JPEG, PNG, HEIC, Word. The answer says that it is kept."""
        said = about.said(working_days.in_london(core.clock()).date())
        tray = Tray(core, said, {"program": caller.name})
        return _answered(await _taken(request, about.name, tray))

    return router


async def _taken(request: Request, name: str, tray: Tray) -> list[HandedIn]:
    async def opens(_: Mapping[str, str]) -> Tray:
        return tray

    try:
        if request.headers.get("content-type", "").startswith(MULTIPART):
            return await take_form(request, opens)
        return [await take_body(request, name, tray)]
    except BrokenForm:
        raise Incomplete("body", "Send a file as the body, or files as a whole multipart form") from None


def _answered(results: list[HandedIn]) -> Response:
    told = [_told(each) for each in results]
    first = next((each for each in told if isinstance(each, LetterTaken)), None)
    if first is not None:
        taken = LettersTaken(**first.model_dump(), files=told).model_dump_json()
        return Response(taken, 201, headers={"Cache-Control": "no-store"}, media_type="application/json")
    why = next((each.trouble for each in results if each.trouble), Trouble.EMPTY)
    status, detail = NOT_TAKEN[why]
    headers = {"Retry-After": "60"} if status == 503 else None
    return problem(status, detail, field="body" if status == 422 else None, headers=headers)


def _told(one: HandedIn) -> LetterTaken | NotTaken:
    if one.trouble is not None:
        return NotTaken(name=one.name, why=NOT_TAKEN[one.trouble][1])
    message_id = one.message_id or None
    return LetterTaken(name=one.name, reference=one.reference, message_id=message_id, repeated=one.repeated)
