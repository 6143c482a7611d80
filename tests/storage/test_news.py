"""News of new work between processes that share a database, on both kinds."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from storage import work
from storage.database import Database
from storage.news import News
from tests.fakes import MovableClock


class Ear:
    """Remembers what it was told."""

    def __init__(self) -> None:
        self.heard: list[frozenset[str] | None] = []
        self._came = asyncio.Event()

    def wake(self, queues: frozenset[str] | None) -> None:
        self.heard.append(queues)
        self._came.set()

    async def next(self) -> frozenset[str] | None:
        async with asyncio.timeout(5):
            await self._came.wait()
        self._came.clear()
        return self.heard[-1]


@pytest.fixture
async def ear(database_url: str) -> AsyncIterator[Ear]:
    """What another process hears; connected already."""
    other, ear = Database(database_url), Ear()
    listening = asyncio.create_task(News(other, ear.wake).run())
    assert await ear.next() is None
    yield ear
    listening.cancel()
    await asyncio.gather(listening, return_exceptions=True)
    other.close()


async def test_another_process_hears_of_new_work_long_before_its_next_poll(
    database: Database, clock: MovableClock, ear: Ear
) -> None:
    telling = asyncio.create_task(News(database, Ear().wake).run())
    await asyncio.sleep(0.1)
    await database.write(lambda s: work.enqueue(s, "reading", "read", "a", at=clock()))
    assert await ear.next() in (None, frozenset({"reading"}))
    telling.cancel()
    await asyncio.gather(telling, return_exceptions=True)


async def test_work_that_was_rolled_back_is_no_news_on_postgresql(
    database: Database, clock: MovableClock, ear: Ear
) -> None:
    def fails(session: object) -> None:
        raise LookupError

    with pytest.raises(LookupError):
        await database.write(fails)
    await asyncio.sleep(0.1)
    assert ear.heard == [None]
