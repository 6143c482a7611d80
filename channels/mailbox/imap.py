"""A mailbox fetched from by IMAP: news of a mail comes by itself where the server can tell it (RFC 2177)."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import aclosing, asynccontextmanager
from functools import partial
from typing import TypeVar

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
from channels.mailbox.imap_address import ImapAddress
from channels.mailbox.imap_connection import PIECE, ImapConnection

T = TypeVar("T")
IDLE_SECONDS = 240.0  # a server may hang up after 30 minutes (RFC 2177), a firewall in between after five
POLL_SECONDS = 30.0
AT_ONCE = 200


class ImapMailbox:
    """One folder of one server. ``label`` is for logs."""

    mark_lasts = False

    def __init__(
        self, where: ImapAddress, *, label: str, as_mail: AsMail, afterwards: Afterwards = Afterwards(),  # noqa: B008
        idle_seconds: float = IDLE_SECONDS, poll_seconds: float = POLL_SECONDS,
    ) -> None:  # fmt: skip
        self.name, self.address, self.label = where.name, where.address, label
        self._where, self._as_mail, self._afterwards = where, as_mail, afterwards
        self._idle_seconds, self._poll_seconds = idle_seconds, poll_seconds

    @asynccontextmanager
    async def open(self) -> AsyncIterator[OpenImap]:
        """Sign in and open the folder; raises ``CannotReach``."""
        thread = ThreadPoolExecutor(1, thread_name_prefix="imap")
        may_write = self._afterwards.move is not Move.KEEP
        connecting = asyncio.wrap_future(thread.submit(ImapConnection, self._where, may_write=may_write))
        try:
            connection = await asyncio.shield(connecting)
            try:
                yield OpenImap(
                    connection, thread, address=self.address, as_mail=self._as_mail, afterwards=self._afterwards,
                    idle_seconds=self._idle_seconds, poll_seconds=self._poll_seconds,
                )  # fmt: skip
            finally:
                connection.hang_up()
        except asyncio.CancelledError:
            connecting.add_done_callback(_hang_up_late)
            raise
        finally:
            thread.shutdown(wait=False)


class OpenImap:
    """A folder we are in. Calls to the server block, so they are made in a thread of its own, one after the other."""

    def __init__(
        self, connection: ImapConnection, thread: ThreadPoolExecutor, *, address: str, as_mail: AsMail,
        afterwards: Afterwards, idle_seconds: float, poll_seconds: float,
    ) -> None:  # fmt: skip
        self._connection, self._thread, self._address, self._as_mail = connection, thread, address, as_mail
        self._afterwards, self._idle_seconds, self._poll_seconds = afterwards, idle_seconds, poll_seconds
        self.series = connection.series

    async def look(self, mark: str, unknown: Unknown) -> AsyncIterator[Page]:
        """Every mail that is unknown, or with a mark those that came after: a UID is never below one given before."""
        uids = await self._call(lambda: self._connection.uids(int(mark or 0)))
        wanted = [int(uid) for uid in await unknown([str(uid) for uid in uids])]
        for start in range(0, len(wanted), AT_ONCE):
            some = wanted[start : start + AT_ONCE]
            yield Page(found=await self._call(partial(self._connection.found, some)))
        yield Page(mark=str(max([int(mark or 0), *uids])))

    async def fetch(self, found: Found) -> RawMessage:
        """The mail; nobody sees by its flags that we did."""
        arrival = Arrival(address=self._address, peer="imap", received_at=found.received_at, basis="IMAP INTERNALDATE")
        async with aclosing(self._pieces(found)) as pieces:
            return await self._as_mail.of(pieces, arrival)

    async def put_away(self, found: Found) -> None:
        """As the setting says."""
        if self._afterwards.move is Move.SEEN:
            await self._call(lambda: self._connection.mark_seen(found.id))
        elif self._afterwards.move is Move.MOVE:
            await self._call(lambda: self._connection.move(found.id, self._afterwards.folder))

    async def wait(self) -> None:
        """Until the server tells of something or, where it cannot, for a while."""
        if not self._connection.can_idle:
            await asyncio.sleep(self._poll_seconds)
            return
        if not await self._call(self._connection.begin_idle):
            await self._news()
        await self._call(self._connection.end_idle)

    async def state(self) -> State:
        """How many mails lie in the folder."""
        count = await self._call(self._connection.count)
        news = "at once (IDLE)" if self._connection.can_idle else f"every {self._poll_seconds:.0f} s"
        to = self._afterwards.folder
        trouble = NO_FOLDER if to and not await self._call(partial(self._connection.has, to)) else ""
        return State(count=count, news=news, trouble=trouble)

    async def _pieces(self, found: Found) -> AsyncGenerator[bytes, None]:
        """In pieces, so that a large mail is no long silence; a server that knows none gives it all at once.

        One that gives less than it is asked for is asked for the rest, up to the size it told of; it may have told too
        much.
        """
        start, is_extra = 0, False
        while True:
            try:
                piece = await self._call(partial(self._connection.piece, found.id, start, is_extra=is_extra))
            except (CannotFetch, GoneMeanwhile):
                if is_extra:
                    return
                raise
            yield piece
            start, is_extra = start + len(piece), len(piece) < PIECE
            if not piece or len(piece) > PIECE or (is_extra and start >= found.size):
                return

    async def _news(self) -> None:
        loop, came = asyncio.get_running_loop(), asyncio.Event()
        handle = self._connection.socket.fileno()
        if handle < 0:
            raise CannotReach("the connection was closed")
        loop.add_reader(handle, came.set)
        try:
            await asyncio.wait_for(came.wait(), self._idle_seconds)
        except TimeoutError:
            return
        finally:
            loop.remove_reader(handle)

    async def _call(self, step: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._thread, step)


def _hang_up_late(connecting: asyncio.Future[ImapConnection]) -> None:
    """Nobody waits any more for the connection that was on its way."""
    if not connecting.cancelled() and connecting.exception() is None:
        connecting.result().hang_up()
