"""A mailbox that something happens to between two steps."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from channels.contract import RawMessage
from channels.mailbox import Found, Mailbox, Open

Strike = Callable[[], object]


class Struck:
    """A mailbox of which something happens at a certain step, once; every other step is the real one's."""

    def __init__(
        self, box: Mailbox, *, before_fetch: Strike | None = None, before_put_away: Strike | None = None
    ) -> None:
        self._box, self._strikes = box, {"fetch": before_fetch, "put_away": before_put_away}
        self.name, self.label, self.address, self.mark_lasts = box.name, box.label, box.address, box.mark_lasts

    @asynccontextmanager
    async def open(self) -> AsyncIterator[Open]:
        async with self._box.open() as there:
            yield _StruckOpen(there, self._strikes)


class _StruckOpen:
    def __init__(self, there: Open, strikes: dict[str, Strike | None]) -> None:
        self._there, self._strikes, self.series = there, strikes, there.series
        self.look, self.wait, self.state = there.look, there.wait, there.state

    async def fetch(self, found: Found) -> RawMessage:
        self._strike("fetch")
        return await self._there.fetch(found)

    async def put_away(self, found: Found) -> None:
        self._strike("put_away")
        await self._there.put_away(found)

    def _strike(self, step: str) -> None:
        strike, self._strikes[step] = self._strikes[step], None
        if strike:
            strike()
