"""A twin of Microsoft Graph and its sign-in on 127.0.0.1: one tenant, its mailboxes, delta, paging and throttling."""

from __future__ import annotations

import asyncio
import itertools
import socket
import threading
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import uvicorn

from tests.channels.mailbox.graph_api import ADDRESS, CLIENT, SECRET, TENANT, graph_api


@dataclass(kw_only=True)
class Item:
    """One mail. ``changed`` is the number of the last change to it; ``folder`` None: deleted for good."""

    id: str
    mime: bytes
    received_at: datetime
    folder: str | None
    changed: int
    is_read: bool = False


@dataclass(kw_only=True)
class Faults:
    """What it does wrong, until it is set back. Counts are used up one by one."""

    throttled: int = 0
    retry_after: str = "0"
    expired_tokens: int = 0
    forgotten_marks: bool = False
    broken_mails: set[str] = field(default_factory=set)
    cut_off: int = 0  # mails broken off in the midst
    is_forbidden: bool = False
    may_write: bool = True


class GraphTwin:
    """``asked`` are the paths it was asked for; ``page`` overrides how much is told at once.

    ``leads_to``, if it is not empty, is where its links point instead of to itself, and then no page is the last.
    """

    def __init__(self, *, page: int = 0) -> None:
        self.items: dict[str, Item] = {}
        self.folders = {"inbox": "Inbox", "f-done": "Done"}
        self.faults, self.page, self.asked = Faults(), page, list[str]()
        self.leads_to = ""
        self.tokens = set[str]()
        self.assertions = list[str]()
        self._numbers, self._changes = itertools.count(1), itertools.count(1)
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = int(probe.getsockname()[1])

    @property
    def url(self) -> str:
        """What FRONTDOOR_GRAPH_URL says."""
        return f"http://127.0.0.1:{self.port}"

    async def __aenter__(self) -> GraphTwin:
        config = uvicorn.Config(
            graph_api(self), port=self.port, log_config=None, access_log=False, lifespan="off", ws="none"
        )
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._server.run)  # no signals there, and it answers while a test waits
        self._thread.start()
        while not self._server.started:
            await asyncio.sleep(0.01)
        return self

    async def __aexit__(self, *_: object) -> None:
        self._server.should_exit = self._server.force_exit = True
        await asyncio.to_thread(self._thread.join)

    def put(self, mime: bytes, *, at: datetime | None = None, folder: str = "inbox") -> Item:
        """A mail comes in."""
        item = Item(
            id=f"AAMk{next(self._numbers):04d}/=", mime=mime, received_at=at or datetime.now(UTC), folder=folder,
            changed=next(self._changes),
        )  # fmt: skip
        self.items[item.id] = item
        return item

    def change(self, item: Item, *, folder: str | None = "inbox", is_read: bool = False) -> None:
        """Somebody moves, reads or, with no folder, deletes it; its id stays."""
        item.folder, item.is_read, item.changed = folder, is_read, next(self._changes)

    def delta(self, folder: str, since: int, skip: int, page: int) -> dict[str, Any]:
        """A page of what changed after ``since``: with the whole item, or that it is not in the folder any more."""
        changed = sorted((i for i in self.items.values() if i.changed > since), key=lambda item: item.changed)
        told = [item for item in changed if item.folder == folder or since]
        some, last = told[skip : skip + page], max((item.changed for item in self.items.values()), default=0)
        link = f"{self.leads_to or self.url}/v1.0/users/{ADDRESS}/mailFolders/{folder}/messages/delta"
        answer: dict[str, Any] = {"value": [_told(item, folder) for item in some]}
        if self.leads_to or skip + page < len(told):
            answer["@odata.nextLink"] = f"{link}?$skiptoken={since}.{skip + page}"
        else:
            answer["@odata.deltaLink"] = f"{link}?$deltatoken={last}.0"
        return answer


def _told(item: Item, folder: str) -> dict[str, Any]:
    if item.folder != folder:
        return {"id": item.id, "@removed": {"reason": "deleted" if item.folder is None else "changed"}}
    at = f"{item.received_at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
    return {"@odata.etag": "W/x", "id": item.id, "receivedDateTime": at, "isDraft": False}


def graph_settings(twin: GraphTwin, **other: object) -> dict[str, object]:
    """The settings of our application there."""
    return {
        "graph_tenant": TENANT, "graph_client_id": CLIENT, "graph_client_secret": SECRET, "graph_url": twin.url,
        "graph_mailboxes": ADDRESS,
    } | other  # fmt: skip
