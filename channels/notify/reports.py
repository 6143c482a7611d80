"""What GOV.UK Notify has to tell us, called back, and asked for where the calls were lost."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from fastapi import APIRouter, Request, Response

from channels.contract import Accept, DeliveryReport, Purpose, RawMessage, Unreadable, WayIn
from channels.notify import received
from channels.notify.account import MOST_PAGES, Answer, NotifyAccount
from channels.notify.states import FAILURES, moment, receipt_of, return_of

PATIENCE = 4.0  # seconds to keep something in; the service waits five and calls again five times, every five minutes
LARGEST = 64 * 1024  # bytes; a receipt has well under one thousand
RECEIPT, RETURN = "callback", "returned-letter"
NEWS = ("id", "reference", "type", "status", "completed_at", "sent_at")
log = logging.getLogger(__name__)


class NotifyReports:
    """The door it calls back at, shut without a ``token``, and its lists of what failed and what people texted."""

    name = "notify"

    def __init__(self, account: NotifyAccount, *, token: str | None) -> None:
        self._account, self._token = account, token

    def door(self, accept: Accept) -> APIRouter | None:
        """Receipts, returned letters, texts people sent. A wrong bearer token is 403, kept nowhere; 503 calls again."""
        if not self._token:
            return None
        token, router = self._token.encode(), APIRouter(include_in_schema=False)

        def take(path: str, step: str) -> None:
            async def called_back(request: Request) -> Response:
                scheme, _, given = request.headers.get("authorization", "").partition(" ")
                if scheme.lower() != "bearer" or not hmac.compare_digest(given.strip().encode(), token):
                    return Response(status_code=403)
                body = await _body(request)
                return Response(status_code=413) if body is None else await _kept(accept, step, body)

            router.add_api_route(path, called_back, methods=["POST"])

        take("/notify/callback", RECEIPT)
        take("/notify/returned-letter", RETURN)
        take("/notify/received-text", received.STEP)
        return router

    def parse(self, raw: RawMessage) -> DeliveryReport:
        """What became of one notice; raises ``Unreadable``."""
        posted = _posted(raw.body)
        if raw.envelope.get("step") == RETURN:
            return return_of(posted)
        return receipt_of(posted)

    def ways_in(self) -> tuple[WayIn, ...]:
        """None: people reach us by the channels themselves."""
        return ()

    async def recall(self, since: datetime) -> AsyncIterator[RawMessage]:
        """Every text and every failure since then, as far as its lists reach (a week); raises ConnectionError."""
        async for text in _listed(self._account.texts):
            at = received.received_at(text)
            if at is not None and at < since:
                break
            yield _raw(received.STEP, json.dumps(text).encode(), text)
        async for one in _listed(lambda older_than: self._account.page(FAILURES, older_than)):
            at = moment(one.get("completed_at"))
            if at is None or at >= since:
                news = {name: one.get(name) for name in NEWS}
                yield _raw(RECEIPT, json.dumps(news).encode(), one)


async def _listed(page_of: Callable[[str | None], Awaitable[Sequence[Answer]]]) -> AsyncIterator[Answer]:
    """A list of the service, page by page."""
    older_than = None
    for _ in range(MOST_PAGES):
        page = await page_of(older_than)
        for one in page:
            yield one
        if not page:
            return
        older_than = str(page[-1]["id"])


async def _body(request: Request) -> bytes | None:
    """What was posted; None if it is too large to be a receipt."""
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > LARGEST:
            return None
    return body


async def _kept(accept: Accept, step: str, body: bytes) -> Response:
    """Kept before it is answered; a commit that comes late still counts, and the next call is its repeat."""
    try:
        posted = _posted(body)
    except Unreadable:
        posted = {}
    try:
        async with asyncio.timeout(PATIENCE):
            await accept(_raw(step, body, posted))
    except Exception as error:
        log.error("a report of GOV.UK Notify was not kept, %s: %s", step, type(error).__name__)
        return Response(status_code=503)
    return Response(status_code=204)


def _raw(step: str, body: bytes, posted: Mapping[str, Any]) -> RawMessage:
    key = _key(step, posted, body)
    if step == received.STEP:
        return received.raw_text(body, posted, key)
    return RawMessage(
        channel=NotifyReports.name, source_key=key, body=body, media_type="application/json",
        envelope={"step": step}, purpose=Purpose.REPORT,
    )  # fmt: skip


def _key(step: str, posted: Mapping[str, Any], body: bytes) -> str:
    """What makes a second one a repeat: which notification became what."""
    if step == RETURN and posted.get("notification_id"):
        return f"{posted['notification_id']}:{RETURN}"
    if step == RECEIPT and posted.get("id") and posted.get("status"):
        return f"{posted['id']}:{posted['status']}"
    return f"{step}:{hashlib.sha256(body).hexdigest()}"


def _posted(body: bytes) -> Mapping[str, Any]:
    try:
        posted = json.loads(body)
    except ValueError:
        raise Unreadable("not JSON") from None
    if not isinstance(posted, dict):
        raise Unreadable("not an object")
    return posted
