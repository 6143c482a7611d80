"""The watch may run on every host: what it raises is raised once."""

import asyncio

import pytest
from sqlmodel import select

from gateway.core import Core
from gateway.watch import Watch
from storage.notice import Notice
from tests.builders import a_referral


async def test_watches_on_several_hosts_give_a_referral_to_one_person_once(core: Core) -> None:
    for _ in range(5):
        await a_referral(core)
    with core.database.transaction() as session:
        for notice in session.exec(select(Notice)):
            session.delete(notice)
    hosts = [Watch(database=core.database, owing=core.owing, clock=core.clock) for _ in range(3)]
    await asyncio.gather(*(host.look() for host in hosts))
    with core.database.reading() as session:
        tasks = session.exec(select(Notice.referral_id)).all()
    assert sorted(tasks) == [1, 2, 3, 4, 5]


class FallsOver:
    async def look(self) -> int:
        raise LookupError


class Looks:
    def __init__(self) -> None:
        self.looked = asyncio.Event()

    async def look(self) -> int:
        self.looked.set()
        return 0


async def test_a_sweep_that_falls_over_keeps_none_of_the_others_from_looking(
    core: Core, caplog: pytest.LogCaptureFixture
) -> None:
    other = Looks()
    watch = Watch(database=core.database, owing=core.owing, clock=core.clock, sweeps=(FallsOver(), other))
    running = asyncio.create_task(watch.run())
    await asyncio.wait_for(other.looked.wait(), 10)
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    assert "FallsOver fell over: LookupError" in caplog.text
