"""Whose browser this is: read from the cookie, and for everything posted also proved by the form's own mark."""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from dataclasses import dataclass

from fastapi import Request, Response
from fastapi.concurrency import run_in_threadpool

from gateway.core import Core
from gateway.deciding import Actor
from gateway.life_cycle import ANY_STAFF, SOCIAL_WORK, WrongRole
from gateway.staff.accounts import SIGNED_IN_FOR, hashed
from storage import staff
from storage.staff import Role

COOKIE = "frontdoor_sign_in"
LARGEST_FORM = 1024 * 1024
OVERSIGHT = frozenset({Role.MANAGER, Role.ADMINISTRATOR})


class NotSignedIn(Exception):
    """Nobody is signed in; ``typed`` is what would be lost."""

    def __init__(self, typed: Mapping[str, str] | None = None) -> None:
        super().__init__("nobody is signed in")
        self.typed = typed or {}


class FormTooLarge(Exception):
    """More was posted than any form of ours holds."""


@dataclass(frozen=True, kw_only=True)
class Worker:
    """Who is signed in. ``mark`` goes into every form, so that no other site can post it."""

    actor: Actor
    mark: str

    @property
    def may_act(self) -> bool:
        """Whether this role does anything but look."""
        return self.actor.role in ANY_STAFF

    @property
    def may_identify(self) -> bool:
        """Whether this role may know who told us."""
        return self.actor.role in SOCIAL_WORK

    @property
    def may_oversee(self) -> bool:
        """Whether this role answers for the whole door."""
        return self.actor.role in OVERSIGHT


def social_worker(worker: Worker) -> Worker:
    """Themselves, if they may know who told us; raises ``WrongRole``."""
    if not worker.may_identify:
        raise WrongRole("originals are for social workers")
    return worker


@dataclass(frozen=True, kw_only=True)
class Posted:
    """A form as typed, by somebody who is signed in."""

    worker: Worker
    typed: Mapping[str, str]


class SignedIn:
    """The dependencies of every staff page."""

    def __init__(self, core: Core) -> None:
        self._core = core
        self._key = core.seal.key_for("staff form mark")
        self._is_https = core.settings.public_url.startswith("https://")

    def worker(self, request: Request) -> Worker:
        """Whoever looks at a page; raises ``NotSignedIn``."""
        secret = request.cookies.get(COOKIE, "")
        with self._core.database.reading() as session:
            row = staff.signed_in(session, hashed(secret), self._core.clock()) if secret else None
        if row is None:
            raise NotSignedIn
        mark = hmac.digest(self._key, secret.encode(), "sha256").hex()
        return Worker(actor=Actor(name=row.name, role=row.role), mark=mark)

    async def posted(self, request: Request) -> Posted:
        """Whoever posts a form of ours, and what they typed; raises ``NotSignedIn`` with what was typed."""
        typed = await form_of(request)
        try:
            worker = await run_in_threadpool(self.worker, request)
        except NotSignedIn:
            raise NotSignedIn(typed) from None
        if is_from_elsewhere(request) or not hmac.compare_digest(typed.pop("mark", "").encode(), worker.mark.encode()):
            raise NotSignedIn(typed)
        return Posted(worker=worker, typed=typed)

    def remember(self, response: Response, secret: str) -> None:
        """Set the cookie: unreadable to scripts, not sent with what other sites post."""
        response.set_cookie(
            COOKIE, secret, max_age=int(SIGNED_IN_FOR.total_seconds()), httponly=True, samesite="lax",
            secure=self._is_https, path="/",
        )  # fmt: skip

    def forget(self, response: Response) -> None:
        """Take the cookie back."""
        response.delete_cookie(COOKIE, httponly=True, samesite="lax", secure=self._is_https, path="/")


async def form_of(request: Request) -> dict[str, str]:
    """The fields of a form as text, line ends as Unix writes them; raises ``FormTooLarge``."""
    if int(request.headers.get("content-length") or LARGEST_FORM + 1) > LARGEST_FORM:
        raise FormTooLarge
    form = await request.form()
    return {name: value.replace("\r\n", "\n") for name, value in form.items() if isinstance(value, str)}


def is_from_elsewhere(request: Request) -> bool:
    """Whether the browser says that another site made this request (Fetch Metadata)."""
    return request.headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none")
