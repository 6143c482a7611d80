"""The watch may run on every host: what it raises is raised once."""

import asyncio

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
