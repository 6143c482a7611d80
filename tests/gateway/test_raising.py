"""What no other sweep could mend is a person's, once, and again only if it breaks again."""

import asyncio
from datetime import datetime, timedelta

import pytest
from sqlmodel import Session, select

from gateway import checking
from gateway.checking import Rule
from gateway.core import Core
from gateway.raising import Raising
from storage import notice, referral
from storage.notice import Notice, NoticeState
from storage.referral import Referral, State
from tests.builders import a_referral
from tests.fakes import MovableClock


@pytest.fixture
def raising(core: Core) -> Raising:
    return Raising(database=core.database, owing=core.owing, clock=core.clock)


def change(core: Core, row: Referral, **values: object) -> None:
    with core.database.transaction() as session:
        stored = referral.by_id(session, row.id or 0, lock=True)
        assert stored
        for name, value in values.items():
            setattr(stored, name, value)


def tasks(core: Core, row: Referral) -> list[Notice]:
    with core.database.reading() as session:
        return notice.open_tasks(session, [row.id or 0])


def broken_rules(core: Core) -> set[str]:
    with core.database.reading() as session:
        return {one.rule for one in checking.broken_promises(session, core.clock())}


async def test_nothing_is_raised_while_every_promise_is_kept(core: Core, raising: Raising) -> None:
    await a_referral(core)
    assert await raising.look() == 0


async def test_what_stands_open_without_a_next_action_is_raised_once(core: Core, raising: Raising) -> None:
    row = await a_referral(core)
    change(core, row, next_action="")
    assert (await raising.look(), await raising.look()) == (1, 0)
    [task] = tasks(core, row)
    assert task.reason == "open without a next action, a queue or a clock"
    assert broken_rules(core) == {"no_next_action"}


async def test_what_was_raised_and_broke_again_is_raised_again(
    core: Core, raising: Raising, clock: MovableClock
) -> None:
    row = await a_referral(core)
    for _ in range(2):
        clock.move(minutes=1)
        change(core, row, rung_at=clock(), due_at=clock())
        clock.move(minutes=5)
        assert (await raising.look(), await raising.look()) == (1, 0)
    assert len(tasks(core, row)) == 2


async def test_a_rung_and_a_promise_that_nobody_was_told_of_are_raised_each(
    core: Core, raising: Raising, clock: MovableClock
) -> None:
    row = await a_referral(core)
    clock.at = row.look_by + timedelta(minutes=5)
    await raising.look()
    assert sorted(str(task.reason) for task in tasks(core, row)) == [
        "it is late and nobody was told who must know", "the sender was promised to hear from us and did not",
    ]  # fmt: skip


async def test_an_answer_waited_for_too_long_is_raised(core: Core, raising: Raising, clock: MovableClock) -> None:
    row = await a_referral(core)
    change(core, row, state=State.AWAITING_INFORMATION, rung_at=clock() + timedelta(days=9), due_at=clock())
    clock.move(minutes=1)
    await raising.look()
    assert [task.reason for task in tasks(core, row)] == [
        "the time for an answer has passed and it is still waited for"
    ]


async def test_a_notice_past_its_limit_that_nobody_settled_is_raised(
    core: Core, raising: Raising, clock: MovableClock
) -> None:
    row = await a_referral(core, callback="07700 900123", safe_text="yes")
    with core.database.transaction() as session:
        told = session.exec(select(Notice).where(Notice.referral_id == row.id)).one()
        told.state, told.limit_at = NoticeState.OWED, clock()
        session.add(told)
    clock.move(minutes=9)
    assert await raising.look() == 0
    clock.move(minutes=2)
    assert await raising.look() == 1
    assert "is not known to have arrived" in str(tasks(core, row)[0].reason)


async def test_several_hosts_raise_it_once(core: Core, raising: Raising) -> None:
    rows = [await a_referral(core) for _ in range(3)]
    for row in rows:
        change(core, row, queue="")
    hosts = [Raising(database=core.database, owing=core.owing, clock=core.clock) for _ in range(3)]
    assert sum(await asyncio.gather(*(host.look() for host in hosts))) == 3
    assert [len(tasks(core, row)) for row in rows] == [1, 1, 1]


async def test_one_that_cannot_be_raised_keeps_none_of_the_others(core: Core) -> None:
    broken, sound = await a_referral(core), await a_referral(core)
    for row in (broken, sound):
        change(core, row, next_action="")

    class Broken(Raising):
        def _raise(self, session: Session, rule: Rule, now: datetime, reference: str, what: str) -> bool:
            if reference == broken.reference:
                raise LookupError
            return super()._raise(session, rule, now, reference, what)

    failing = Broken(database=core.database, owing=core.owing, clock=core.clock)
    assert await failing.look() == 1
    assert (len(tasks(core, broken)), len(tasks(core, sound))) == (0, 1)
