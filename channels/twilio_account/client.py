"""Asks the telephony provider: one connection pool, no request made twice, no number in a log."""

from __future__ import annotations

import logging
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit

import httpx
from twilio.base.exceptions import TwilioException, TwilioRestException
from twilio.http import AsyncHttpClient
from twilio.http.response import Response
from twilio.rest import Client

from channels.contract import DeliveryReport, Fetched
from channels.twilio_account.account import TwilioAccount
from channels.twilio_account.errors import Throttled, one_request, seconds_asked_for
from channels.twilio_account.media import LARGEST, fetch_media
from channels.twilio_account.status import news_of

TIMEOUT = 10.0  # seconds for one request
CONNECT_TIMEOUT = 5.0
MOST_TEXTS = 200  # of ours to one number that are looked through
SHORTEST_VALIDITY, LONGEST_VALIDITY = 60, 36_000  # seconds; the provider takes 1 to 36,000
CLOCKS_DIFFER = timedelta(days=1)  # ours may be wrong by hours; the same words within a day are told apart by their id


class OncePerRequest(AsyncHttpClient):  # type: ignore[misc]  # the SDK has no types
    """Sends the SDK's requests over our own pool, each once: a POST that timed out is unknown, never repeated.

    The SDK's own asynchronous client ignores its time limit and posts again after a 503. ``date`` is the header of the
    last answer.
    """

    def __init__(self, http: httpx.AsyncClient, api: str) -> None:
        super().__init__(logger=None, is_async=True)
        self._http, self._api = http, api
        self.date = ""

    async def request(  # noqa: PLR0917  # the SDK passes them by position
        self,
        method: str,
        url: str,
        params: dict[str, Any] | None = None,
        data: dict[str, Any] | None = None,
        headers: dict[str, str] | None = None,
        auth: tuple[str, str] | None = None,
        timeout: float | None = None,
        allow_redirects: bool = False,
    ) -> Response:
        """Perform one request against the configured API, whatever host the SDK had in mind."""
        asked = urlsplit(url)
        reply = await self._http.request(
            method,
            self._api + asked.path + (f"?{asked.query}" if asked.query else ""),
            params=params or None,
            data=data or None,
            headers=headers,
            auth=auth,
            timeout=timeout if timeout is not None else httpx.USE_CLIENT_DEFAULT,
            follow_redirects=allow_redirects,
        )
        self.date = reply.headers.get("Date", "")
        if reply.status_code == HTTPStatus.TOO_MANY_REQUESTS:  # the SDK's own error has no place for the header
            asked_for = seconds_asked_for(reply.headers.get("Retry-After"), date=reply.headers.get("Date"))
            raise Throttled(asked_for)
        return Response(reply.status_code, reply.text, reply.headers)


class TwilioClient:
    """One account's way to the provider; made once at start, because making a pool takes a tenth of a second.

    ``rest`` is the provider's SDK for anything not offered here; use it inside ``errors.one_request``.
    """

    def __init__(self, account: TwilioAccount, *, timeout: float = TIMEOUT, largest_media: int = LARGEST) -> None:
        for name in ("httpx", "httpcore"):  # they log whole URLs, and so telephone numbers
            logging.getLogger(name).setLevel(logging.WARNING)
        self.account, self._largest = account, largest_media
        limit = httpx.Timeout(timeout, connect=min(timeout, CONNECT_TIMEOUT))
        self._http = httpx.AsyncClient(timeout=limit, trust_env=False, headers={"Accept-Encoding": "identity"})
        self._once = OncePerRequest(self._http, account.api)
        self.rest = Client(
            account.sid,
            account.auth_tokens[0],
            http_client=self._once,
            environment={"TWILIO_EDGE": ""},  # else the SDK reads the process's environment
        )

    async def send_text(self, *, to: str, text: str, status_callback: str, good_for: timedelta | None = None) -> str:
        """Send one text from our number; returns its SID. Raises ``SendFailed`` or ``SendUnknown``.

        ``status_callback`` is the absolute URL that delivery reports are posted to. What has waited ``good_for`` in the
        provider's queue is no longer sent.
        """
        validity = {"validity_period": _seconds_good_for(good_for)} if good_for is not None else {}
        with one_request():
            message = await self.rest.messages.create_async(
                to=to, from_=self.account.number, body=text, status_callback=status_callback, **validity
            )
            return str(message.sid)

    async def find_text(self, *, to: str, text: str, since: datetime) -> str | None:
        """SID of a text with these words taken by the provider since then (aware), to settle a ``SendUnknown``.

        Not asked by date: a text still queued has no date of sending. None: the provider has no such text.
        Raises ConnectionError when it cannot be asked.
        """
        try:
            sent = await self.rest.messages.stream_async(to=to, from_=self.account.number, limit=MOST_TEXTS)
            async for message in sent:
                if text.strip() in message.body and message.date_created >= since - CLOCKS_DIFFER:
                    return str(message.sid)
        except (httpx.HTTPError, TwilioException, ValueError, KeyError) as error:
            raise ConnectionError(f"the provider's list was not had: {type(error).__name__}") from None
        return None

    async def text_news(self, sid: str) -> DeliveryReport | None:
        """What became of a text of ours; None when the provider has no such text.

        Raises ConnectionError when it cannot be asked.
        """
        try:
            found = await self.rest.messages(sid).fetch_async()
            return news_of(sid, str(found.status), None if found.error_code is None else str(found.error_code))
        except TwilioRestException as error:
            if error.status == HTTPStatus.NOT_FOUND:
                return None
            raise ConnectionError(f"the provider did not say: status {error.status}") from None
        except (httpx.HTTPError, TwilioException, ValueError, KeyError) as error:
            raise ConnectionError(f"the provider was not asked: {type(error).__name__}") from None

    async def fetch_media(self, url_or_path: str) -> Fetched:
        """One recording or message media, by its URL or path; raises ``NotReadyYet`` or ``Gone``."""
        return await fetch_media(self._http, self.account, url_or_path, self._largest)

    @property
    def providers_time(self) -> datetime | None:
        """What the provider's clock said in its last answer, to the second (aware); None when it did not say."""
        try:
            return parsedate_to_datetime(self._once.date).astimezone(UTC)
        except (ValueError, TypeError):
            return None

    async def aclose(self) -> None:
        """Close the connection pool."""
        await self._http.aclose()


def _seconds_good_for(good_for: timedelta) -> int:
    return max(SHORTEST_VALIDITY, min(LONGEST_VALIDITY, int(good_for.total_seconds())))
