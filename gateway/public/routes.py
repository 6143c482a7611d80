"""The public pages' addresses beside the form's own."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from fastapi import APIRouter, Request, Response

from channels.contract import Receiver
from gateway.core import Core
from gateway.pages import draw, environment
from gateway.public.form_files import FormFiles
from gateway.public.progress import Progress, progress_of
from gateway.public.schemas import schema_router
from gateway.public.tracking import Tracking
from gateway.public.waiting import Count, Waiting, count


class HasReceivers(Protocol):
    """Whatever knows the channels this gateway runs with."""

    @property
    def receivers(self) -> Mapping[str, Receiver]:
        """Every channel by name."""


def public_router(core: Core, channels: HasReceivers) -> APIRouter:
    """``/`` with every way to reach us, made from the live channels, and every other page anybody may see."""
    templates = environment(
        organisation=core.settings.organisation, phone=core.words.about_us["phone"], words=core.page_words
    )
    router = APIRouter(include_in_schema=False)

    def contact(request: Request) -> Response:
        ways = [way for channel in channels.receivers.values() for way in channel.ways_in()]
        mailbox = core.settings.mailbox_list[0]
        return draw(templates, request, "public/contact.html", ways=ways, mailbox=mailbox)

    def status_of(reference: str) -> Progress | None:
        with core.database.reading() as session:
            return progress_of(session, reference)

    def counted() -> Count:
        with core.database.reading() as session:
            return count(session, core.clock())

    for address in ("/", "/contact"):
        router.add_api_route(address, contact, methods=["GET", "HEAD"])
    router.include_router(FormFiles(core).router())
    router.include_router(Tracking(templates, status_of=status_of, code=core.owing.code).router())
    router.include_router(Waiting(templates, count=counted, clock=core.clock).router())
    router.include_router(schema_router())
    return router
