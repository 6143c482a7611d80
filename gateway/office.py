"""Puts what staff and programs use on the application: the API, the staff pages, and how errors are told there."""

from __future__ import annotations

import logging

from fastapi import FastAPI, Request, Response
from fastapi.exception_handlers import http_exception_handler
from sqlalchemy.exc import SQLAlchemyError
from starlette.exceptions import HTTPException

from gateway.api import api_router, problem_of_http
from gateway.api.problems import unavailable
from gateway.core import Core
from gateway.pages import draw, environment
from gateway.staff.routes import staff_router

FOR_PROGRAMS = ("/api/", "/twilio/", "/health/", "/metrics", "/static/")
log = logging.getLogger(__name__)


def office_routes(app: FastAPI, core: Core) -> None:
    """Every address for staff and programs.

    An address that is none is told to programs as a problem, and to people as a page that says how to reach us; so is
    a database that cannot be asked.
    """
    app.include_router(api_router(core))
    app.include_router(staff_router(core), include_in_schema=False)
    templates = environment(
        organisation=core.settings.organisation, phone=core.words.about_us["phone"], words=core.page_words
    )

    async def told(request: Request, error: Exception) -> Response:
        if request.url.path.startswith("/api/"):
            return await problem_of_http(request, error)
        if not isinstance(error, HTTPException):
            raise error
        if error.status_code == 404 and not request.url.path.startswith(FOR_PROGRAMS):
            return draw(templates, request, "public/not_found.html", status_code=404)
        return await http_exception_handler(request, error)

    async def away(request: Request, error: Exception) -> Response:
        log.error("a page could not be shown: %s", type(error).__name__)
        if request.url.path.startswith("/api/"):
            return unavailable(error)
        answer = draw(templates, request, "public/away.html", status_code=503)
        answer.headers["Retry-After"] = "30"
        return answer

    app.add_exception_handler(HTTPException, told)
    app.add_exception_handler(SQLAlchemyError, away)
