"""The pages of those who answer for the whole door."""

from __future__ import annotations

from fastapi import APIRouter

from gateway.core import Core
from gateway.staff.oversight.ageing_page import ageing_router
from gateway.staff.oversight.export_page import export_router
from gateway.staff.oversight.feedback_page import feedback_router
from gateway.staff.oversight.load_page import load_router
from gateway.staff.oversight.now_page import now_router
from gateway.staff.oversight.rereading_page import rereading_router
from gateway.staff.oversight.sample_page import sample_router
from gateway.staff.pages import Pages
from gateway.staff.signed_in import SignedIn

BUILDERS = (now_router, load_router, ageing_router, rereading_router, sample_router, export_router, feedback_router)


def oversight_router(core: Core, pages: Pages, signed_in: SignedIn) -> APIRouter:
    """Everything under ``/oversight``."""
    router = APIRouter()
    for build in BUILDERS:
        router.include_router(build(core, pages, signed_in))
    return router
