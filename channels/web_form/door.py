"""The public form's addresses: ask, keep, answer with the reference."""

from __future__ import annotations

import asyncio
import logging
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Protocol

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse
from starlette.requests import ClientDisconnect

from channels.contract import Accept, NotKept, RawMessage, Receipt
from channels.web_form.body import NotAForm, take_apart
from channels.web_form.confirmation import Confirmation, SealedLink
from channels.web_form.fields import TOKEN
from channels.web_form.limit import Limit, network_of_caller
from channels.web_form.parse import answer_by
from channels.web_form.posting import Posting, key_of, receive

logger = logging.getLogger(__name__)


class Trouble(StrEnum):
    """Why a form was not taken; the page says so in plain words and keeps what was typed."""

    TOO_LARGE = "too_large"
    TOO_MANY = "too_many"
    NOT_KEPT = "not_kept"


PATIENCE = 30.0  # seconds; a form kept after that is a repeat when its sender tries again
STATUS = {Trouble.TOO_LARGE: 413, Trouble.TOO_MANY: 429, Trouble.NOT_KEPT: 503}


class FormPage(Protocol):
    """Draws the form: empty, or with what was typed and why it was not taken. ``token`` goes into a hidden field."""

    def __call__(self, request: Request, *, token: str, typed: Mapping[str, str], trouble: Trouble | None) -> Response:
        """The page; the door sets its status."""


class ReceiptPage(Protocol):
    """Draws the page after sending; None: the link is too old or not ours."""

    def __call__(self, request: Request, confirmation: Confirmation | None) -> Response:
        """The page."""


@dataclass(frozen=True, kw_only=True)
class Pages:
    """The two pages of the form, drawn by whoever knows how our pages look."""

    form: FormPage
    receipt: ReceiptPage


class FormDoor:
    """``GET`` and ``POST /report``, and the page after it."""

    def __init__(
        self,
        accept: Accept,
        *,
        pages: Pages,
        link: SealedLink,
        limit: Limit,
        most_bytes: int,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._accept, self._pages, self._link, self._limit = accept, pages, link, limit
        self._most_bytes, self._clock = most_bytes, clock

    def router(self) -> APIRouter:
        """The addresses, for the application to open."""
        router = APIRouter(include_in_schema=False)
        router.add_api_route("/report", self.ask, methods=["GET", "HEAD"])
        router.add_api_route("/report", self.take, methods=["POST"])
        router.add_api_route("/report/received", self.confirm, methods=["GET", "HEAD"])
        return router

    async def ask(self, request: Request) -> Response:
        """The empty form, with a token that only this copy of it has."""
        return self._pages.form(request, token=secrets.token_urlsafe(16), typed={}, trouble=None)

    async def take(self, request: Request) -> Response:
        """Keep a posted form, then lead on to the page with its reference, so that reloading posts nothing."""
        try:
            posting = await receive(request, most=self._most_bytes)
        except ClientDisconnect:
            return Response(status_code=400)
        typed = await asyncio.to_thread(_typed, posting)
        who = network_of_caller(request)
        trouble = self._refusal(posting, who)
        if trouble is None:
            receipt = await self._keep(posting, typed)
            if receipt is not None:
                self._limit.count(who)
                return self._lead_on(receipt, typed)
            trouble = Trouble.NOT_KEPT
        token = typed.get(TOKEN) or secrets.token_urlsafe(16)
        page = self._pages.form(request, token=token, typed=typed, trouble=trouble)
        page.status_code = STATUS[trouble]
        page.headers["Retry-After"] = "600"
        return page

    async def confirm(self, request: Request) -> Response:
        """The page with the reference, for a link that is ours and fresh."""
        sealed = request.query_params.get("k", "")
        return self._pages.receipt(request, self._link.open(sealed, now=self._clock()))

    def _refusal(self, posting: Posting, who: str) -> Trouble | None:
        if posting.too_large:
            return Trouble.TOO_LARGE
        return Trouble.TOO_MANY if self._limit.is_spent(who) else None

    async def _keep(self, posting: Posting, typed: Mapping[str, str]) -> Receipt | None:
        key = await asyncio.to_thread(key_of, posting, typed.get(TOKEN, ""))
        raw = RawMessage(channel="web_form", source_key=key, body=posting.body, media_type=posting.content_type)
        try:
            async with asyncio.timeout(PATIENCE):
                return await self._accept(raw)
        except (NotKept, TimeoutError):
            logger.warning("a form could not be kept now; its sender was told to phone")
        except Exception as why:  # whatever broke on our side, the sender must learn that nothing was received
            logger.error("a form could not be kept: %s", type(why).__name__)
        return None

    def _lead_on(self, receipt: Receipt, typed: Mapping[str, str]) -> Response:
        confirmation = Confirmation(
            reference=receipt.reference,
            received_at=receipt.received_at,
            look_by=receipt.look_by,
            answer_by=answer_by(typed),
            named="name" in typed,
        )
        sealed = self._link.close(confirmation, now=self._clock())
        headers = {"Cache-Control": "no-store", "Referrer-Policy": "no-referrer"}
        return RedirectResponse(f"/report/received?k={sealed}", status_code=303, headers=headers)


def _typed(posting: Posting) -> Mapping[str, str]:
    """What was typed, as far as it can be read: for showing it again, never for refusing it."""
    try:
        return take_apart(posting.body, posting.content_type).typed
    except NotAForm:
        return {}
