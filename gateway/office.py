"""Puts what staff and programs use on the application: the API, the staff pages, and how errors are told there."""

from __future__ import annotations

from fastapi import FastAPI, Request, Response
from fastapi.exception_handlers import http_exception_handler
from starlette.exceptions import HTTPException

from gateway.api import api_router, problem_of_http
from gateway.core import Core
from gateway.staff.routes import staff_router


def office_routes(app: FastAPI, core: Core) -> None:
    """Every address for staff and programs; an address under ``/api/`` that is none is told as a problem too."""
    app.include_router(api_router(core))
    app.include_router(staff_router(core), include_in_schema=False)
    app.add_exception_handler(HTTPException, _told)


async def _told(request: Request, error: Exception) -> Response:
    if request.url.path.startswith("/api/"):
        return await problem_of_http(request, error)
    if isinstance(error, HTTPException):
        return await http_exception_handler(request, error)
    raise error
