"""Asks addresses as the telephony provider would: signed, from this machine, which sees most of what it would see."""

from __future__ import annotations

import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from urllib.parse import urldefrag, urlencode, urlsplit

import httpx
from twilio.request_validator import RequestValidator

from channels.twilio_account.account import TwilioAccount

HANDSHAKE = {
    "Connection": "Upgrade", "Upgrade": "websocket", "Sec-WebSocket-Version": "13",
    "Sec-WebSocket-Key": "bm90aGluZyBpcyBzYWlkIQ==",
}  # fmt: skip
LARGEST = 65_536  # bytes of an answer: the provider takes documents up to 64 kB
UNKNOWN_HOST = ("getaddrinfo failed", "Name or service not known", "No address associated", "nodename nor servname")


class Why(StrEnum):
    """What kept an answer from coming."""

    CERTIFICATE = "certificate"
    UNKNOWN_HOST = "unknown host"
    SILENT = "silent"


class NoAnswer(Exception):
    """Nothing answered, and why, in words for the operator."""

    def __init__(self, kind: Why, words: str) -> None:
        super().__init__(words)
        self.kind = kind


@dataclass(frozen=True, kw_only=True)
class Answered:
    """One answer: its status, the media type without its parameters, and the text.

    ``certificate_ends`` is None where there was no encryption or the certificate does not say.
    """

    status: int
    media_type: str
    text: str
    certificate_ends: datetime | None = None


class Outside:
    """``http`` is the client the requests go by; it follows no redirects: where one leads is the address to be set."""

    def __init__(self, account: TwilioAccount, http: httpx.AsyncClient) -> None:
        self._account, self._http = account, http
        self._validator = RequestValidator(account.auth_tokens[0])

    async def ask(self, url: str, method: str, fields: Mapping[str, str], *, signed: bool = True) -> Answered:
        """The answer to one request with these fields, in the body or, by GET, in the query; raises ``NoAnswer``."""
        url, given = urldefrag(url).url, dict(fields)
        if method == "GET" and given:
            url, given = url + ("&" if urlsplit(url).query else "?") + urlencode(given), {}
        headers = {"X-Twilio-Signature": self._validator.compute_signature(url, given)} if signed else {}
        try:
            async with self._http.stream(method, url, data=given or None, headers=headers) as reply:
                media_type = reply.headers.get("content-type", "").split(";")[0].strip().lower()
                return Answered(
                    status=reply.status_code, media_type=media_type, text=await _text(reply),
                    certificate_ends=_certificate_ends(reply),
                )  # fmt: skip
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise _why(error) from None

    async def opens_a_stream(self, url: str, *, signed: bool = True) -> int:
        """The status a WebSocket's handshake is answered with, 101 where it is opened; raises ``NoAnswer``.

        ``url`` begins with http(s). Nothing is said on the stream.
        """
        shown = url.replace("http", "ws", 1)
        signature = {"X-Twilio-Signature": self._validator.compute_signature(shown, {})} if signed else {}
        try:
            async with self._http.stream("GET", url, headers=HANDSHAKE | signature) as reply:
                return reply.status_code
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise _why(error) from None

    async def is_open_to_all(self, url: str) -> bool | None:
        """Whether a file is given to anybody who knows its address; None where that cannot be told."""
        try:
            async with self._http.stream("GET", url) as reply:
                if reply.status_code in (401, 403):
                    return False
                return True if reply.status_code < 400 else None
        except (httpx.HTTPError, httpx.InvalidURL):
            return None


def _certificate_ends(reply: httpx.Response) -> datetime | None:
    """When the certificate the answer came under is no longer valid (aware)."""
    stream = reply.extensions.get("network_stream")
    encrypted = stream.get_extra_info("ssl_object") if stream is not None else None
    certificate = encrypted.getpeercert() if encrypted is not None else None
    if not certificate or "notAfter" not in certificate:
        return None
    return datetime.fromtimestamp(ssl.cert_time_to_seconds(str(certificate["notAfter"])), UTC)


async def _text(reply: httpx.Response) -> str:
    content = bytearray()
    async for chunk in reply.aiter_bytes():
        content += chunk
        if len(content) > LARGEST:
            break
    return bytes(content[:LARGEST]).decode("utf-8", "replace")


def _why(error: Exception) -> NoAnswer:
    """A bad certificate and an unknown host are told apart from everything that may be different tomorrow."""
    at: BaseException | None = error
    while at is not None:
        if isinstance(at, ssl.SSLCertVerificationError):
            return NoAnswer(Why.CERTIFICATE, f"its certificate is not valid: {at.verify_message}")
        if any(said in str(at) for said in UNKNOWN_HOST):
            return NoAnswer(Why.UNKNOWN_HOST, "no such host is known")
        at = at.__cause__ or at.__context__
    return NoAnswer(Why.SILENT, f"nothing answered: {type(error).__name__}")
