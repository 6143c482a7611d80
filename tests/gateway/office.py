"""The office as its users have it: programs with a token, staff with a browser, over the real routes."""

from __future__ import annotations

import secrets
from typing import Any

import httpx
from argon2 import PasswordHasher
from fastapi import FastAPI
from selectolax.lexbor import LexborHTMLParser
from sqlmodel import col, select

from gateway.core import Core
from gateway.office import office_routes
from gateway.staff import accounts
from storage.audit import Audit
from storage.staff import Role, Staff

PASSWORD = "three random words"
EASY = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)
"""The password at the least cost there is: a hash says itself what it takes to hold a password against it."""


class Office:
    """``core``'s routes; every caller and browser is a new one."""

    def __init__(self, core: Core) -> None:
        self.core = core
        self._app = FastAPI()
        office_routes(self._app, core)

    def program(self, role: Role = Role.ADMINISTRATOR, name: str = "") -> httpx.AsyncClient:
        """A program with a token of this role."""
        with self.core.database.transaction() as session:
            named = name or f"{role} {secrets.token_hex(4)}"
            token = accounts.add_token(session, named, role, at=self.core.clock())
        return self._client({"Authorization": f"Bearer {token}"})

    def stranger(self) -> httpx.AsyncClient:
        """A browser or program nobody knows."""
        return self._client({})

    async def browser(self, role: Role = Role.SOCIAL_WORKER, name: str = "") -> Browser:
        """A browser whose user has signed in."""
        name = name or f"{role} {secrets.token_hex(4)}"
        with self.core.database.transaction() as session:
            session.add(Staff(name=name, role=role, password_hash=EASY, created_at=self.core.clock()))
        client = self.stranger()
        answer = await client.post("/sign-in", data={"name": name, "password": PASSWORD, "next": "/queue"})
        assert answer.status_code == 303, answer.text
        return Browser(client, name)

    def private_history(self) -> list[tuple[str, str]]:
        """Who looked at what, the oldest first."""
        with self.core.database.reading() as session:
            rows = session.exec(select(Audit).where(col(Audit.is_private)).order_by(col(Audit.id)))
            return [(row.who, row.what) for row in rows]

    def _client(self, headers: dict[str, str]) -> httpx.AsyncClient:
        return httpx.AsyncClient(
            transport=httpx.ASGITransport(self._app), base_url="http://gateway.example", headers=headers
        )


class Browser:
    """Follows links and posts forms the way a browser without scripts does."""

    def __init__(self, client: httpx.AsyncClient, name: str) -> None:
        self.client, self.name = client, name

    async def see(self, path: str) -> LexborHTMLParser:
        """A page that must be there."""
        answer = await self.client.get(path, follow_redirects=True)
        assert answer.status_code == 200, (answer.status_code, answer.text)
        return LexborHTMLParser(answer.text)

    async def send(self, page: LexborHTMLParser, action: str, **typed: str) -> httpx.Response:
        """Post the form with this address on it, its hidden fields included."""
        form = page.css_first(f'form[action="{action}"]')
        assert form is not None, f"no form posts to {action}"
        hidden = {str(i.attributes["name"]): i.attributes.get("value") or "" for i in form.css("input[type=hidden]")}
        return await self.client.post(action, data={**hidden, **typed})

    async def take(self, page: LexborHTMLParser, action: str, **typed: str) -> httpx.Response:
        """Post a step's form, and then the page that shows what it sends, as somebody does who finds it right."""
        answer = await self.send(page, action, **typed)
        return await self.send(LexborHTMLParser(answer.text), action) if answer.status_code == 200 else answer


def words_of(page: LexborHTMLParser | httpx.Response) -> str:
    """Everything a reader sees, in one line."""
    tree = LexborHTMLParser(page.text) if isinstance(page, httpx.Response) else page
    main = tree.css_first("body")
    return " ".join(main.text(separator=" ").split()) if main else ""


def problem_of(answer: httpx.Response) -> dict[str, Any]:
    """The body of an RFC 9457 answer."""
    assert answer.headers["content-type"] == "application/problem+json"
    body = answer.json()
    assert body["status"] == answer.status_code and body["title"] and body["type"] == "about:blank"
    return dict(body)
