"""The watch may run on every host: what it raises is raised once."""

import asyncio
from typing import Any

import pytest
from sqlalchemy import event
from sqlmodel import select

from gateway.core import Core
from gateway.watch import Watch
from gateway.wiring import wire_climbing
from storage import escalation, notice
from storage.notice import Notice
from tests.builders import a_referral
from tests.gateway.a_provider import AProvider, sweep


async def test_watches_on_several_hosts_give_a_referral_to_one_person_once(core: Core) -> None:
    for _ in range(5):
        await a_referral(core)
    with core.database.transaction() as session:
        for told in session.exec(select(Notice)):
            session.delete(told)
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


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_no_sweep_walks_through_every_notice_each_minute(core: Core) -> None:
    row = await a_referral(core)
    asked: list[tuple[str, Any]] = []

    def listen(_: object, __: object, statement: str, values: Any, *___: object) -> None:
        asked.append((statement, values))

    for engine in (core.database.engine, core.database.reader):
        event.listen(engine, "before_cursor_execute", listen)
    await wire_climbing(core).look()
    await sweep(core, AProvider()).look()
    with core.database.reading() as session:
        notice.within_limit(session, row.id or 0)
        escalation.open_tasks(session, row.id or 0, but_for="director")
    about_notices = [(statement, values) for statement, values in asked if "notice" in statement]
    assert len(about_notices) >= 4
    with core.database.reading() as session:
        raw = session.connection().connection.dbapi_connection
        assert raw is not None
        plans = [raw.execute(f"EXPLAIN QUERY PLAN {each}", values).fetchall() for each, values in about_notices]
    steps = [line[3] for plan in plans for line in plan]
    assert [step for step in steps if step.startswith("SCAN notice") and "notice_owed" not in step] == []
