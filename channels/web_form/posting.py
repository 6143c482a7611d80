"""Receives the bytes of a posted form, no more than allowed, and tells two presses of one button from two reports."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass

from fastapi import Request
from python_multipart.multipart import parse_options_header

DRAINED = 4  # times the limit: this much is read and thrown away, so that the browser gets to see our answer


@dataclass(frozen=True, kw_only=True)
class Posting:
    """A posted body, exactly; ``too_large`` when only its beginning was kept."""

    body: bytes
    content_type: str
    too_large: bool


async def receive(request: Request, *, most: int) -> Posting:
    """Read the body up to ``most`` bytes."""
    body, size = bytearray(), 0
    async for chunk in request.stream():
        size += len(chunk)
        if len(body) < most + 1:
            body.extend(chunk[: most + 1 - len(body)])
        if size > most * DRAINED:
            break
    too_large = size > most
    content_type = request.headers.get("content-type", "")
    return Posting(body=bytes(body[:most]), content_type=content_type, too_large=too_large)


def key_of(posting: Posting, token: str) -> str:
    """The same form sent twice has the same key, anything else a key of its own.

    The page's one-time token tells two reports in the same words apart; the content tells an edited report from a
    repeat. A browser invents the boundary anew at each press, so it does not count. A form sent without our page
    has no token, and each is taken as a report of its own.
    """
    _, options = parse_options_header(posting.content_type)
    boundary = options.get(b"boundary", b"")
    content = posting.body.replace(boundary, b"") if boundary else posting.body
    key = hashlib.sha256(hashlib.sha256(content).digest())
    key.update((token or secrets.token_urlsafe(16)).encode())
    return key.hexdigest()
