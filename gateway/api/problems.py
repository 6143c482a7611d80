"""What went wrong, told to programs as RFC 9457 problem+json."""

from __future__ import annotations

import logging
from collections.abc import Callable, Coroutine, Mapping
from http import HTTPStatus
from typing import Any

from fastapi import Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from fastapi.routing import APIRoute
from pydantic import BaseModel
from sqlalchemy.exc import SQLAlchemyError
from starlette.exceptions import HTTPException

from channels.contract import NotKept
from gateway.deciding import NotFound
from gateway.life_cycle import Incomplete, NotAllowed, WrongRole
from storage.blobs import BlobMissing
from storage.sealing import SealBroken

MEDIA_TYPE = "application/problem+json"
log = logging.getLogger(__name__)


class Problem(BaseModel):
    """RFC 9457. ``allowed``: the actions the life cycle allows now (409). ``field``: what to put right (422)."""

    type: str = "about:blank"
    title: str
    status: int
    detail: str
    allowed: list[str] | None = None
    field: str | None = None


class Unauthorised(Exception):
    """No token, or none that is in force."""


def problem(
    status: int, detail: str, *, allowed: tuple[str, ...] | None = None, field: str | None = None,
    headers: Mapping[str, str] | None = None,
) -> Response:  # fmt: skip
    """The answer that tells a problem."""
    told = Problem(
        title=HTTPStatus(status).phrase, status=status, detail=detail, field=field,
        allowed=list(allowed) if allowed is not None else None,
    )  # fmt: skip
    shown = {"Cache-Control": "no-store"} | dict(headers or {})
    return JSONResponse(told.model_dump(exclude_none=True), status, headers=shown, media_type=MEDIA_TYPE)


def problems(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """For the OpenAPI description: which problems an operation may answer with."""
    told = (401, 403, *statuses, 503)
    content = {MEDIA_TYPE: {"schema": Problem.model_json_schema()}}
    return {status: {"description": HTTPStatus(status).phrase, "content": content} for status in told}


class ProblemRoute(APIRoute):
    """A route whose errors are told as problems; none of them quotes what was sent."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """The usual handler, its exceptions turned into answers."""
        handler = super().get_route_handler()

        async def told(request: Request) -> Response:
            try:
                return await handler(request)
            except tuple(ANSWERS) as error:
                return next(ANSWERS[kind] for kind in type(error).__mro__ if kind in ANSWERS)(error)

        return told


def _not_valid(error: RequestValidationError) -> Response:
    first = error.errors()[0] if error.errors() else {"loc": (), "msg": "it cannot be read"}
    names = [str(part) for part in first["loc"] if part not in ("body", "query", "path")]
    return problem(422, str(first["msg"]), field=".".join(names) or "body")


def _of_http(error: HTTPException) -> Response:
    return problem(error.status_code, str(error.detail), headers=error.headers)


def unavailable(error: Exception) -> Response:
    """The database cannot be asked, or something of ours failed."""
    log.error("the API could not answer: %s", type(error).__name__)
    return problem(503, "This cannot be answered now. Try again.", headers={"Retry-After": "5"})


def _not_whole(error: Exception) -> Response:
    log.error("the API could not open kept bytes: %s", type(error).__name__)
    return problem(500, "The kept file is missing or was changed. Run frontdoor verify.")


ANSWERS: dict[type[BaseException], Callable[[Any], Response]] = {
    Unauthorised: lambda e: problem(401, "Send a token that is in force.", headers={"WWW-Authenticate": "Bearer"}),
    WrongRole: lambda e: problem(403, f"This token's role may not do that: {e}."),
    NotFound: lambda e: problem(404, "There is nothing with this reference or id."),
    NotAllowed: lambda e: problem(409, f"Not now: {e.what}.", allowed=e.allowed),
    Incomplete: lambda e: problem(422, e.what, field=e.field),
    RequestValidationError: _not_valid,
    HTTPException: _of_http,
    SQLAlchemyError: unavailable,
    NotKept: lambda e: problem(503, "It was not kept. Send it again.", headers={"Retry-After": "5"}),
    BlobMissing: _not_whole,
    SealBroken: _not_whole,
}


async def problem_of_http(_: Request, error: Exception) -> Response:
    """For addresses under ``/api/`` that no route knows."""
    return _of_http(error) if isinstance(error, HTTPException) else unavailable(error)
