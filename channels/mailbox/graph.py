"""A mailbox of Microsoft 365, fetched from by Graph: asked now and then for what changed since it was asked last."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing, asynccontextmanager
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any
from urllib.parse import quote

from channels.contract import RawMessage
from channels.mailbox.as_mail import Arrival, AsMail
from channels.mailbox.contract import (
    NO_FOLDER,
    Afterwards,
    CannotFetch,
    CannotReach,
    Found,
    GoneMeanwhile,
    Move,
    Page,
    State,
    Unknown,
)
from channels.mailbox.graph_address import GraphAddress
from channels.mailbox.graph_client import GraphClient, Refused, as_cannot_reach
from channels.mailbox.graph_sign_in import Application, SignIn

POLL_SECONDS = 30.0
SERIES = "immutable"
BLOCK = 256 * 1024
EVERY_MAILBOX_HAS = frozenset({"inbox", "archive", "junkemail", "deleteditems", "sentitems"})


class GraphMailbox:
    """One folder of one mailbox. ``label`` is for logs."""

    mark_lasts = True

    def __init__(
        self, where: GraphAddress, *, label: str, application: Application, sign_in: SignIn, as_mail: AsMail,
        afterwards: Afterwards, poll_seconds: float = POLL_SECONDS,
    ) -> None:  # fmt: skip
        self.name, self.address, self.label = where.name, where.address, label
        self._where, self._application, self._sign_in, self._as_mail = where, application, sign_in, as_mail
        self._afterwards, self._poll_seconds = afterwards, poll_seconds

    @asynccontextmanager
    async def open(self) -> AsyncIterator[OpenGraph]:
        """Sign in and find the folder; raises ``CannotReach``."""
        client = GraphClient(self._application, self._sign_in)
        user = f"{client.api}/users/{quote(self._where.address, safe='@')}"
        try:
            folder = await _folder(client, user, self._where.folder)
            yield OpenGraph(
                client, user=user, folder=folder, address=self.address, as_mail=self._as_mail,
                afterwards=self._afterwards, poll_seconds=self._poll_seconds,
            )  # fmt: skip
        except Refused as refused:
            raise as_cannot_reach(refused) from None
        finally:
            await client.close()


class OpenGraph:
    """A folder we were let into; ids stay the same wherever in the mailbox a mail is moved."""

    series = SERIES

    def __init__(
        self, client: GraphClient, *, user: str, folder: str, address: str, as_mail: AsMail,
        afterwards: Afterwards, poll_seconds: float,
    ) -> None:  # fmt: skip
        self._client, self._user, self._folder, self._address = client, user, folder, address
        self._as_mail, self._afterwards, self._poll_seconds = as_mail, afterwards, poll_seconds
        self._to = ""

    async def look(self, mark: str, unknown: Unknown) -> AsyncIterator[Page]:
        """All there is or, with a mark, what changed since; where the service knows a mark no more, all there is."""
        all_there_is = f"{self._user}/mailFolders/{self._folder}/messages/delta?$select=receivedDateTime,isDraft"
        url = mark if mark.startswith(f"{self._client.api}/") else all_there_is
        while url:
            try:
                answer = await self._client.json("GET", url)
            except Refused as refused:
                if refused.status not in (HTTPStatus.GONE, HTTPStatus.BAD_REQUEST) or url == all_there_is:
                    raise
                url = all_there_is
                continue
            items = {str(item["id"]): item for item in answer.get("value", ()) if not item.get("isDraft")}
            gone = [id_ for id_, item in items.items() if "@removed" in item]
            wanted = await unknown([id_ for id_ in items if id_ not in set(gone)])
            found = [Found(id=id_, received_at=_moment(items[id_])) for id_ in wanted]
            yield Page(found=found, gone=gone, mark=str(answer.get("@odata.deltaLink", "")))
            url = str(answer.get("@odata.nextLink", ""))

    async def fetch(self, found: Found) -> RawMessage:
        """The mail as it came, in blocks."""
        arrival = Arrival(
            address=self._address, peer="graph", received_at=found.received_at, basis="Graph receivedDateTime"
        )
        try:
            async with aclosing(self._blocks(found)) as blocks:
                return await self._as_mail.of(blocks, arrival)
        except Refused as refused:
            if refused.status == HTTPStatus.NOT_FOUND:
                raise GoneMeanwhile from None
            raise CannotFetch(f"it answers {refused.status}") from None

    async def put_away(self, found: Found) -> None:
        """As the setting says."""
        message = self._message(found)
        try:
            if self._afterwards.move is Move.SEEN:
                await self._client.json("PATCH", message, json={"isRead": True})
            elif self._afterwards.move is Move.MOVE:
                to = await self._moved_to()
                await self._client.json("POST", f"{message}/move", json={"destinationId": to})
        except Refused as refused:
            if refused.status != HTTPStatus.NOT_FOUND:
                raise CannotFetch(f"it answers {refused.status}") from None

    async def wait(self) -> None:
        """For a while: news by itself would need a web address that Microsoft can reach."""
        await asyncio.sleep(self._poll_seconds)

    async def state(self) -> State:
        """How many mails lie in the folder."""
        told = await self._client.json("GET", f"{self._user}/mailFolders/{self._folder}?$select=totalItemCount")
        trouble = ""
        try:
            await self._moved_to()
        except CannotFetch as error:
            trouble = str(error)
        count = int(told.get("totalItemCount", 0))
        return State(count=count, news=f"every {self._poll_seconds:.0f} s", trouble=trouble)

    async def _moved_to(self) -> str:
        """The id of the folder for kept mail, empty where none is wanted; asked for once."""
        if self._afterwards.folder and not self._to:
            self._to = await _id_of(self._client, self._user, self._afterwards.folder)
            if not self._to:
                raise CannotFetch(NO_FOLDER)
        return self._to

    async def _blocks(self, found: Found) -> AsyncGenerator[bytes, None]:
        async with self._client.answer("GET", f"{self._message(found)}/$value") as answer:
            async for block in answer.aiter_bytes(BLOCK):
                yield block

    def _message(self, found: Found) -> str:
        return f"{self._user}/messages/{quote(found.id, safe='')}"


async def _folder(client: GraphClient, user: str, name: str) -> str:
    if found := await _id_of(client, user, name):
        return found
    raise CannotReach("there is no such folder", is_refused=True)


async def _id_of(client: GraphClient, user: str, name: str) -> str:
    """Of a folder every mailbox has, or of one people named, beside or in the inbox; empty where there is none."""
    if name.lower() in EVERY_MAILBOX_HAS:
        return str((await client.json("GET", f"{user}/mailFolders/{name.lower()}?$select=id"))["id"])
    wanted = quote("displayName eq '{}'".format(name.replace("'", "''")))
    for place in ("mailFolders", "mailFolders/inbox/childFolders"):
        told = await client.json("GET", f"{user}/{place}?$filter={wanted}&$select=id")
        for folder in told.get("value", ()):
            return str(folder["id"])
    return ""


def _moment(item: dict[str, Any]) -> datetime | None:
    try:
        return datetime.fromisoformat(str(item["receivedDateTime"]).replace("Z", "+00:00")).astimezone(UTC)
    except (KeyError, ValueError):
        return None
