"""The v2 API of GOV.UK Notify as far as the gateway uses it, over one account's memory."""

from __future__ import annotations

import asyncio
import base64
import json
import uuid
from collections.abc import AsyncIterator
from typing import TYPE_CHECKING, Any

from notifications_python_client.authentication import decode_jwt_token
from notifications_python_client.errors import TokenError
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from tests.channels.notify.twin_letters import is_pdf, state_of
from tests.channels.notify.twin_records import SMOKE, Notification

if TYPE_CHECKING:
    from tests.channels.notify.twin import NotifyTwin

RECIPIENT = {"sms": "phone_number", "email": "email_address"}


def error(status: int, kind: str, message: str, headers: dict[str, str] | None = None) -> Response:
    """An error as the service writes it."""
    return JSONResponse({"status_code": status, "errors": [{"error": kind, "message": message}]}, status, headers)


class TwinApi:
    """The routes of one account."""

    def __init__(self, twin: NotifyTwin) -> None:
        self._twin = twin

    def app(self) -> Starlette:
        """The API as an application."""
        return Starlette(
            routes=[
                Route("/v2/notifications/sms", self._text, methods=["POST"]),
                Route("/v2/notifications/email", self._mail, methods=["POST"]),
                Route("/v2/notifications/letter", self._letter, methods=["POST"]),
                Route("/v2/notifications/{id}", self._one),
                Route("/v2/notifications", self._list),
                Route("/v2/templates", self._templates),
                Route("/v2/received-text-messages", self._texts),
            ]
        )

    async def _text(self, request: Request) -> Response:
        return await self._templated(request, "sms")

    async def _mail(self, request: Request) -> Response:
        return await self._templated(request, "email")

    async def _templated(self, request: Request, medium: str) -> Response:
        fault = self._next(self._twin.faults.writes)
        if refused := self._refused(request, fault):
            return refused
        asked = await request.json()
        to = str(asked.get(RECIPIENT[medium], ""))
        if wrong := self._wrong(asked, medium, to):
            return wrong
        if to in SMOKE:
            return JSONResponse({"id": str(uuid.uuid4()), "reference": asked.get("reference")}, 201)
        template = next(t for t in self._twin.templates if t.id == asked["template_id"])
        told = asked.get("personalisation", {})
        taken = Notification(
            medium=medium, to=to, reference=asked.get("reference"), body=_filled(template.body, told),
            subject=_filled(template.subject or "", told),
        )  # fmt: skip
        return await self._taken(taken, fault)

    async def _letter(self, request: Request) -> Response:
        fault = self._next(self._twin.faults.writes)
        if refused := self._refused(request, fault):
            return refused
        asked = await request.json()
        page = base64.b64decode(asked["content"])
        if not is_pdf(page):
            return error(400, "BadRequestError", "Letter content is not a valid PDF")
        taken = Notification(
            medium="letter", to="", reference=asked["reference"], page=page, status="pending-virus-check"
        )
        taken.body = state_of(page)
        return await self._taken(taken, fault)

    async def _taken(self, taken: Notification, fault: str) -> Response:
        """Kept and under way; the answer may hang, or break off in the middle."""
        await self._twin.take(taken)
        body = json.dumps({"id": taken.id, "reference": taken.reference})
        if fault == "hang":
            await asyncio.sleep(self._twin.faults.hang)
        if fault == "drop":
            return StreamingResponse(_cut(body), 201, {"Content-Length": str(len(body))}, "application/json")
        return Response(body, 201, media_type="application/json")

    def _wrong(self, asked: dict[str, Any], medium: str, to: str) -> Response | None:
        if medium == "sms" and not (to.startswith("+44") and len(to) == 13 and to[1:].isdecimal()):
            return error(400, "ValidationError", "phone_number Not enough digits")
        if medium == "email" and "@" not in to:
            return error(400, "ValidationError", "email_address Not a valid email address")
        template = next((t for t in self._twin.templates if t.id == asked.get("template_id")), None)
        if template is None or template.medium != medium:
            return error(400, "BadRequestError", "Template not found")
        missing = [n for n in ("subject", "body") if f"(({n}))" in f"{template.subject}{template.body}"]
        if not set(missing) <= asked.get("personalisation", {}).keys():
            return error(400, "BadRequestError", f"Missing personalisation: {', '.join(missing)}")
        if self._twin.is_in_trial:
            return error(400, "BadRequestError", "Can't send to this recipient when service is in trial mode")
        return None

    async def _one(self, request: Request) -> Response:
        if refused := await self._unread(request):
            return refused
        found = self._twin.notifications.get(request.path_params["id"])
        return JSONResponse(found.resource()) if found else error(404, "NoResultFound", "No result found")

    async def _list(self, request: Request) -> Response:
        if refused := await self._unread(request):
            return refused
        asked = request.query_params
        every = list(reversed(self._twin.notifications.values()))
        ids = [one.id for one in every]
        if asked.get("older_than") in ids:
            every = every[ids.index(asked["older_than"]) + 1 :]
        wanted = asked.getlist("status")
        found = [
            one.resource()
            for one in every
            if (not wanted or one.status in wanted) and asked.get("reference") in (None, one.reference)
        ]
        return JSONResponse({"notifications": found[: self._twin.page_size], "links": {"current": str(request.url)}})

    async def _templates(self, request: Request) -> Response:
        if refused := await self._unread(request):
            return refused
        medium = request.query_params.get("type")
        return JSONResponse({"templates": [t.resource() for t in self._twin.templates if medium in (None, t.medium)]})

    async def _texts(self, request: Request) -> Response:
        if refused := await self._unread(request):
            return refused
        every = [one.resource() for one in reversed(self._twin.received)]
        ids = [one["id"] for one in every]
        if request.query_params.get("older_than") in ids:
            every = every[ids.index(request.query_params["older_than"]) + 1 :]
        return JSONResponse({"received_text_messages": every[: self._twin.page_size], "links": {}})

    async def _unread(self, request: Request) -> Response | None:
        fault = self._next(self._twin.faults.reads)
        if fault == "hang":
            await asyncio.sleep(self._twin.faults.hang)
        if fault == "drop":
            return StreamingResponse(_cut("{}"), 200, {"Content-Length": "2"}, "application/json")
        return self._refused(request, fault)

    def _next(self, faults: Any) -> str:
        return faults.popleft() if faults else "ok"

    def _refused(self, request: Request, fault: str) -> Response | None:
        """403 without this account's token; 429 or 5xx if that is the next fault."""
        self._twin.asked += 1
        token = request.headers.get("authorization", "").removeprefix("Bearer ")
        try:
            decode_jwt_token(token, self._twin.secret)  # type: ignore[no-untyped-call]
        except TokenError:
            return error(403, "AuthError", "Invalid token: API key not found")
        if fault.startswith("400:"):
            _, kind, words = fault.split(":", 2)
            return error(400, kind, words)
        after = {"Retry-After": str(self._twin.faults.retry_after)} if self._twin.faults.retry_after else None
        match fault:
            case "403":
                return error(403, "AuthError", "Error: Your system clock must be accurate to within 30 seconds")
            case "429":
                return error(429, "RateLimitError", "Exceeded rate limit for key type LIVE of 3000 requests", after)
            case "429-day":
                return error(429, "TooManyRequestsError", "Exceeded send limits (250000) for today")
            case "500" | "503":
                return error(int(fault), "Exception", "Internal server error")
            case "502":
                return Response("<html>Bad Gateway</html>", 502)
        return None


def _filled(words: str, told: dict[str, str]) -> str:
    for name, value in told.items():
        words = words.replace(f"(({name}))", value)
    return words


async def _cut(body: str) -> AsyncIterator[str]:
    """Half of a body, then a broken connection."""
    yield body[: len(body) // 2]
    raise ConnectionAbortedError("simulated")
