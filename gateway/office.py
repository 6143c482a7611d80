"""Puts what staff and programs use on the application: the API, the staff pages, and how errors are told there."""

from __future__ import annotations

from fastapi import FastAPI

from gateway.api import api_router
from gateway.core import Core
from gateway.staff.routes import staff_router


def office_routes(app: FastAPI, core: Core) -> None:
    """Every address for staff and programs."""
    app.include_router(api_router(core))
    app.include_router(staff_router(core), include_in_schema=False)
