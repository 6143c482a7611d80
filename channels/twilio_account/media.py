"""Gets recordings, pictures and sounds from the telephony provider, and from nowhere else."""

from __future__ import annotations

import asyncio
from http import HTTPStatus
from urllib.parse import urljoin, urlsplit

import httpx

from channels.contract import Fetched, Gone, NotReadyYet
from channels.twilio_account.account import TwilioAccount

LARGEST = 128 * 1024 * 1024  # bytes: two hours of 8 kHz 16-bit sound
LONGEST = 120.0  # seconds for one file
REDIRECTS = (301, 302, 303, 307, 308)


async def fetch_media(http: httpx.AsyncClient, account: TwilioAccount, url_or_path: str, largest: int) -> Fetched:
    """The bytes and media type of one recording or message media, at most ``largest`` bytes.

    The API is asked with our credentials; the storage host it sends us on to, once, without them. Raises
    ``NotReadyYet`` while the provider does not have it or cannot be reached, ``Gone`` when it never will be had.
    """
    try:
        url = account.media_url(url_or_path)
    except ValueError as error:
        raise Gone(f"not fetched: {error}") from None
    try:
        async with asyncio.timeout(LONGEST):
            auth = httpx.BasicAuth(account.sid, account.auth_tokens[0])
            found = await _get(http, url, auth, largest)
            if isinstance(found, str):
                found = await _get(http, _storage(url, found), None, largest)
    except (httpx.HTTPError, httpx.InvalidURL, TimeoutError) as error:
        raise NotReadyYet(f"the provider was not reached: {type(error).__name__}") from None
    if isinstance(found, str):
        raise Gone("the provider's storage sends us on a second time")
    return found


async def _get(http: httpx.AsyncClient, url: str, auth: httpx.Auth | None, largest: int) -> Fetched | str:
    """One request: the file, or the address it is said to be at."""
    async with http.stream("GET", url, auth=auth, follow_redirects=False) as reply:
        if reply.status_code in REDIRECTS and reply.headers.get("location"):
            return str(reply.headers["location"])
        _check(reply.status_code)
        content = bytearray()
        async for chunk in reply.aiter_bytes():
            content += chunk
            if len(content) > largest:
                raise Gone(f"the file is larger than {largest} bytes")
        media_type = reply.headers.get("content-type", "application/octet-stream")
        return Fetched(content=bytes(content), media_type=media_type.split(";")[0].strip().lower())


def _check(status: int) -> None:
    """Nothing for a file; else whether it may still come. A recording answers 404 until it is ready."""
    if status == HTTPStatus.GONE:
        raise Gone("the provider has deleted it")
    if status != HTTPStatus.OK:
        raise NotReadyYet(f"the provider answers {status}")


def _storage(asked: str, location: str) -> str:
    """The storage host's address; ``Gone`` when it would leave encryption behind."""
    target = urljoin(asked, location)
    if urlsplit(asked).scheme == "https" and urlsplit(target).scheme != "https":
        raise Gone("the provider sends us to an address without encryption")
    return target
