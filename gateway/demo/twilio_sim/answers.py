"""How the pretend provider's API answers: with a resource, an error of its own kind, or a broken connection."""

from __future__ import annotations

import asyncio
import base64
import json
import re
from collections.abc import AsyncIterator, Mapping
from http import HTTPStatus

from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse

from gateway.demo.twilio_sim.provider import Provider
from gateway.demo.twilio_sim.records import Resource


def error(status: int, code: int, message: str, headers: Mapping[str, str] | None = None) -> JSONResponse:
    """An error as the provider writes it."""
    more = f"https://www.twilio.com/docs/errors/{code}"
    return JSONResponse({"code": code, "message": message, "more_info": more, "status": status}, status, headers)


def found(body: Resource | None) -> Response:
    """A resource, or that there is none."""
    return JSONResponse(body) if body is not None else error(404, 20404, "The requested resource was not found")


def refused(provider: Provider, request: Request) -> Response | None:
    """401 without this account's credentials; 429 or 5xx if that is the next fault of a write."""
    expected = "Basic " + base64.b64encode(f"{provider.account}:{provider.token}".encode()).decode()
    if request.headers.get("authorization") != expected:
        return error(401, 20003, "Authenticate")
    faults = provider.faults.rest
    if request.method == "POST" and faults and faults[0].isdigit():
        return _fault(int(faults.popleft()), provider.faults.retry_after)
    return None


def _fault(status: int, retry_after: int) -> Response:
    if status != HTTPStatus.TOO_MANY_REQUESTS:
        return error(status, 20500, "Error")
    return error(status, 20429, "Too Many Requests", {"Retry-After": str(retry_after)} if retry_after else None)


async def created(provider: Provider, body: Resource) -> Response:
    """201, unless the next fault keeps the client from learning that the write was accepted."""
    fault, text = provider.faults.rest.popleft() if provider.faults.rest else "ok", json.dumps(body)
    if fault == "timeout":
        await asyncio.sleep(provider.faults.rest_hang)
    if fault == "drop":
        length = {"Content-Length": str(len(text))}
        return StreamingResponse(_cut(text), 201, length, "application/json")
    return JSONResponse(body, 201)


def problem(form: Mapping[str, str], sender: tuple[str, ...], content: tuple[str, ...]) -> tuple[int, str] | None:
    """The error for a missing or malformed To, sender or content."""
    if not form.get("To"):
        return 21604, "A 'To' phone number is required."
    if not re.fullmatch(r"\+[1-9]\d{6,14}", form["To"]):
        return 21211, f"Invalid 'To' Phone Number: {form['To']}"
    if not any(form.get(k) for k in sender):
        return 21603, "A 'From' phone number is required."
    return None if any(form.get(k) for k in content) else (21602, "Message body is required.")


async def _cut(body: str) -> AsyncIterator[str]:
    """Half of a response body, then a broken connection."""
    yield body[: len(body) // 2]
    raise ConnectionAbortedError("simulated")
