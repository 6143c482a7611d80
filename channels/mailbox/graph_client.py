"""Asks Microsoft Graph, waits when it asks us to, and says plainly what its refusals mean."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from http import HTTPStatus
from typing import Any

import httpx

from channels.mailbox.contract import CannotReach
from channels.mailbox.graph_sign_in import Application, SignIn

TIMEOUT = httpx.Timeout(60.0, connect=10.0)
LONGEST_WAIT = 60.0  # seconds waited here; whoever is to wait longer is told so
LONGEST_AWAY = 3600.0  # however long we are asked to
TRIES = 4
KEEP_IDS = 'IdType="ImmutableId"'
_BUSY = frozenset({HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE, HTTPStatus.GATEWAY_TIMEOUT})
_PERSISTS = frozenset({HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN, HTTPStatus.NOT_FOUND})


class Refused(Exception):
    """An answer that is none of ours to mend here; ``status`` says which."""

    def __init__(self, status: int) -> None:
        super().__init__(f"answered {status}")
        self.status = status


class GraphClient:
    """One connection pool. ``page`` is how many items are asked for at once."""

    def __init__(self, application: Application, sign_in: SignIn, *, page: int = 200) -> None:
        self.api, self._sign_in = application.api, sign_in
        self._prefer = f"{KEEP_IDS}, odata.maxpagesize={page}"
        self._http = httpx.AsyncClient(timeout=TIMEOUT, trust_env=application.url is None)

    async def close(self) -> None:
        """Let go of its connections."""
        await self._http.aclose()

    async def json(self, method: str, url: str, **given: Any) -> dict[str, Any]:
        """What is answered; raises ``CannotReach`` and ``Refused``."""
        async with self.answer(method, url, **given) as answer:
            try:
                await answer.aread()
                return dict(answer.json())
            except ValueError:
                raise CannotReach("it answers what we do not understand") from None

    @asynccontextmanager
    async def answer(self, method: str, url: str, **given: Any) -> AsyncIterator[httpx.Response]:
        """An answer that is well, its body not read yet. A token is sent nowhere but to the API."""
        if not url.startswith(f"{self.api}/"):
            raise CannotReach("it points us to somewhere else")
        try:
            answer = await self._answered(method, url, given)
            try:
                yield answer
            finally:
                await answer.aclose()
        except httpx.HTTPError as error:
            raise CannotReach(f"it does not answer ({type(error).__name__})") from None

    async def _answered(self, method: str, url: str, given: dict[str, Any]) -> httpx.Response:
        token, is_new = await self._sign_in.token(), False
        for tried in range(1, TRIES + 1):
            headers = {"Authorization": f"Bearer {token}", "Prefer": self._prefer}
            request = self._http.build_request(method, url, headers=headers, **given)
            answer = await self._http.send(request, stream=True)
            if answer.is_success:
                return answer
            await answer.aclose()
            if answer.status_code == HTTPStatus.UNAUTHORIZED and not is_new:
                token, is_new = await self._sign_in.token(anew=True), True
            elif answer.status_code in _BUSY:
                await _waited(answer, tried)
            else:
                raise Refused(answer.status_code)
        raise CannotReach("it is too busy", wait_seconds=LONGEST_WAIT)


def as_cannot_reach(refused: Refused) -> CannotReach:
    """What a refusal of the mailbox itself means."""
    told: Mapping[int, str] = {
        HTTPStatus.UNAUTHORIZED: "our application's token is not accepted",
        HTTPStatus.FORBIDDEN: "our application may not read this mailbox",
        HTTPStatus.NOT_FOUND: "there is no such mailbox or folder",
    }
    why = told.get(refused.status, f"it answers {refused.status}")
    return CannotReach(why, is_refused=refused.status in _PERSISTS)


async def _waited(answer: httpx.Response, tried: int) -> None:
    try:
        seconds = float(answer.headers["Retry-After"])
    except (KeyError, ValueError):
        seconds = 2.0**tried
    if not seconds <= LONGEST_WAIT:  # nor where it is no number
        raise CannotReach("it is too busy", wait_seconds=min(LONGEST_AWAY, seconds))
    await asyncio.sleep(max(seconds, 0.0))
