"""How the pretend provider calls its gateway's webhooks: signing, retries, lost replies, replays."""

from __future__ import annotations

import asyncio
import json
import time
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from urllib.parse import urlencode, urljoin, urlsplit, urlunsplit

import httpx
from twilio.request_validator import RequestValidator

from gateway.demo.twilio_sim.faults import Faults
from gateway.demo.twilio_sim.overrides import overrides_of

FORM = "application/x-www-form-urlencoded; charset=UTF-8"
LOOPBACK = ("127.0.0.1", "localhost")
Event = tuple[str, dict[str, str]]  # where to, and the fields


@dataclass
class Webhook:
    """One request made to the gateway and what came of it.

    ``error``: ct no connection, rt no reply in time, partial reply cut short, lost dropped by us.
    """

    kind: str
    url: str
    method: str
    params: dict[str, str]
    headers: dict[str, str]
    body: bytes
    status: int | None = None
    error: str = ""


class WebhookSender:
    """Sends signed webhooks. ``public`` is the gateway's URL as the provider knows it, ``gateway`` where it listens."""

    def __init__(self, gateway: str, public: str, token: str) -> None:
        self.gateway, self.public, self.token = gateway.rstrip("/"), (public or gateway).rstrip("/"), token
        self.webhook_timeout, self.faults = 15.0, Faults()
        self.sent: list[Webhook] = []
        self._http = httpx.AsyncClient(trust_env=False, verify=False)  # noqa: S501  # plain HTTP to loopback only

    def sign(self, url: str, params: Mapping[str, str]) -> str:
        """X-Twilio-Signature for a request to the public URL."""
        token = "wrong-token" if self.faults.bad_signature else self.token
        return str(RequestValidator(token).compute_signature(url, dict(params)))

    def local(self, url: str) -> str:
        """Where to connect for a public URL: we play the TLS proxy in front of the gateway, too."""
        parts, gateway = urlsplit(url), urlsplit(self.gateway)
        if parts.netloc != urlsplit(self.public).netloc:
            return url
        scheme = "ws" if parts.scheme in ("ws", "wss") else gateway.scheme
        return urlunsplit(parts._replace(scheme=scheme, netloc=gateway.netloc))

    async def deliver(
        self, url: str, params: dict[str, str], *, method: str = "POST", kind: str = "callback"
    ) -> httpx.Response | None:
        """Send one webhook as the provider does: connection overrides, retries with one token, time limits."""
        url, rules = overrides_of(urljoin(self.public, url), self.webhook_timeout)
        if method == "GET" and params:
            url, params = url + ("&" if urlsplit(url).query else "?") + urlencode(params), {}
        headers = {"X-Twilio-Signature": self.sign(url, params), "I-Twilio-Idempotency-Token": str(uuid.uuid4())}
        headers |= {"Content-Type": FORM} if method == "POST" else {}
        retries, until = rules.retries, time.monotonic() + rules.total
        while True:
            lost, self.faults.lose_responses = self.faults.lose_responses > 0, max(0, self.faults.lose_responses - 1)
            hook = Webhook(kind, url, method, params, headers, urlencode(params).encode())
            left = max(0.001, until - time.monotonic())
            limit = httpx.Timeout(min(rules.reply, left), connect=min(rules.connect, left))
            reply = await self._send(hook, lost=lost, limit=limit)
            failure = hook.error or {4: "4xx", 5: "5xx"}.get((hook.status or 0) // 100, "")
            if not lost and not (rules.again(failure) and retries and time.monotonic() < until):
                return reply
            retries -= not lost

    async def _send(
        self, hook: Webhook, *, lost: bool = False, limit: httpx.Timeout | float = 15.0
    ) -> httpx.Response | None:
        self.sent.append(hook)
        target, public = self.local(hook.url), urlsplit(hook.url)
        if urlsplit(target).hostname not in LOOPBACK:
            hook.error = "ct"  # never leave this machine
            return None
        forwarded = {"Host": public.netloc, "X-Forwarded-Proto": public.scheme, "User-Agent": "TwilioProxy/1.1"}
        try:
            async with self._http.stream(
                hook.method, target, content=hook.body, headers=hook.headers | forwarded, timeout=limit
            ) as reply:
                hook.status = reply.status_code
                if lost:
                    hook.error = "lost"
                    return None
                await reply.aread()
                return reply
        except httpx.TransportError as error:
            late = "rt" if isinstance(error, httpx.TimeoutException) else "partial"
            hook.error = "ct" if isinstance(error, httpx.ConnectError | httpx.ConnectTimeout) else late
            return None

    async def replay(self, hook: Webhook) -> httpx.Response | None:
        """Send an earlier webhook again, byte for byte: same signature, same idempotency token."""
        return await self._send(replace(hook, kind="replay", status=None, error=""))

    async def callbacks(self, events: Sequence[Event], kind: str) -> None:
        """Send status callbacks with the configured delay, order and duplicates, or none of them."""
        await asyncio.sleep(self.faults.callback_delay)
        if self.faults.lose_callbacks:
            return
        for url, params in reversed(events) if self.faults.reverse_callbacks else events:
            for _ in range(1 + self.faults.duplicate_callbacks):
                await self.deliver(url, params, kind=kind)

    async def send_json(self, path: str, event: object) -> httpx.Response | None:
        """Send a JSON webhook, whose body is protected by ``bodySHA256`` in the signed URL."""
        body = json.dumps(event)
        digest = RequestValidator(self.token).compute_hash(body)
        url = f"{self.public}{path}{'&' if '?' in path else '?'}bodySHA256={digest}"
        headers = {"X-Twilio-Signature": self.sign(url, {}), "Content-Type": "application/json"}
        return await self._send(Webhook("json", url, "POST", {}, headers, body.encode()))
