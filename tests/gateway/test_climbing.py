"""What runs out of time climbs the ladder on the rows themselves, once, and everybody who must hear of it does."""

import asyncio
from datetime import datetime, timedelta

import pytest
from sqlalchemy.exc import DataError
from sqlmodel import col, select

from gateway import checking, ladder
from gateway.climbing import Climbing
from gateway.core import Core
from gateway.life_cycle import Action
from gateway.wiring import wire_climbing
from storage import audit, referral
from storage.escalation import Escalation
from storage.notice import NoticeKind
from storage.referral import Referral, Severity, State
from tests.builders import a_referral
from tests.fakes import MovableClock
from tests.gateway.rungs import a_referral_with_mobile, act, change, notices, now_of, open_tasks, rungs

MINUTE = timedelta(minutes=1)


async def test_each_rung_is_climbed_at_its_minute_and_not_one_before(
    core: Core, climbing: Climbing, clock: MovableClock
) -> None:
    row = await a_referral(core)
    expected: list[str] = []
    for rung, at in zip(ladder.RUNGS, ladder.rung_times(row), strict=True):
        clock.at = at - MINUTE
        await climbing.look()
        assert [name for name, _ in rungs(core, row)] == expected
        clock.at = at
        await climbing.look()
        expected.append(rung.name)
        assert rungs(core, row)[-1] == (rung.name, rung.told)
        assert now_of(core, row).ladder == len(expected)


async def test_the_task_goes_up_with_the_ladder_and_does_not_pile_up(
    core: Core, climbing: Climbing, clock: MovableClock
) -> None:
    row = await a_referral(core)
    for rung, at in zip(ladder.RUNGS, ladder.rung_times(row), strict=True):
        clock.at = at
        await climbing.look()
        [task] = open_tasks(core, row)
        assert task.due_at > at
        assert (task.for_role, task.reason) == (rung.told, f"{rung.says}: {rung.task}")


async def test_history_says_who_was_told(core: Core, climbing: Climbing, clock: MovableClock) -> None:
    row = await a_referral(core)
    clock.at = ladder.rung_times(row)[1]
    await climbing.look()
    with core.database.reading() as session:
        lines = [line.what for line in audit.of_referrals(session, [row.id or 0])]
    assert "Half its time is gone: the owner is told" in lines
    assert "Three quarters of its time are gone: the duty manager is told" in lines


async def test_a_weeks_outage_climbs_everything_at_once_and_tells_the_sender_once(
    core: Core, climbing: Climbing, clock: MovableClock
) -> None:
    row = await a_referral_with_mobile(core)
    clock.move(days=7)
    assert await climbing.look() == 1
    assert [name for name, _ in rungs(core, row)] == [rung.name for rung in ladder.RUNGS]
    [late], [task] = notices(core, row, NoticeKind.LATE), open_tasks(core, row)
    assert "by 2:15pm Mon 30 Nov" in late.text and task.for_role == "director"
    assert await climbing.look() == 0


async def test_red_climbs_at_night_over_a_bank_holiday_weekend(
    core: Core, climbing: Climbing, clock: MovableClock
) -> None:
    clock.at = datetime.fromisoformat("2026-12-24T22:00:00+00:00")
    row = await a_referral_with_mobile(core)
    with core.database.transaction() as session:
        stored = referral.by_id(session, row.id or 0, lock=True)
        assert stored
        stored.state, stored.severity = State.IN_TRIAGE, Severity.RED
        ladder.rerate(stored, clock())
    clock.move(hours=3, minutes=59)
    await climbing.look()
    assert [told for _, told in rungs(core, row)] == ["owner", "duty_manager"]
    clock.move(minutes=1)
    await climbing.look()
    assert rungs(core, row)[2:] == [("missed", "team_manager"), ("missed", "director")]
    assert sorted(str(task.for_role) for task in open_tasks(core, row)) == ["director", "team_manager"]
    clock.move(minutes=30)
    await climbing.look()
    assert rungs(core, row)[4:] == [("hours_late", "head_of_service")]
    assert sorted(str(task.for_role) for task in open_tasks(core, row)) == ["director", "head_of_service"]


async def test_two_hosts_at_once_climb_once(core: Core, climbing: Climbing, clock: MovableClock) -> None:
    rows = [await a_referral_with_mobile(core) for _ in range(5)]
    clock.move(days=1)
    hosts = [climbing, wire_climbing(core), wire_climbing(core)]
    assert sum(await asyncio.gather(*(host.look() for host in hosts))) == len(rows)
    for row in rows:
        assert [name for name, _ in rungs(core, row)] == ["half", "three_quarters", "missed"]
        assert len(notices(core, row, NoticeKind.LATE)) == 1


async def test_a_clock_that_runs_backwards_climbs_nothing_twice(
    core: Core, climbing: Climbing, clock: MovableClock
) -> None:
    row = await a_referral_with_mobile(core)
    clock.move(days=1)
    await climbing.look()
    before = rungs(core, row)
    clock.move(hours=-20)
    await climbing.look()
    clock.move(hours=20)
    await climbing.look()
    assert rungs(core, row) == before and len(notices(core, row, NoticeKind.LATE)) == 1


async def test_what_has_been_done_takes_its_task_with_it_but_an_account_stays_owed(
    core: Core, climbing: Climbing, clock: MovableClock
) -> None:
    done, late = await a_referral(core), await a_referral(core)
    clock.at = ladder.rung_times(done)[2]
    await climbing.look()
    act(core, done, Action.OPEN)
    await climbing.look()
    clock.at = ladder.rung_times(late)[5]
    await climbing.look()
    act(core, late, Action.OPEN)
    await climbing.look()
    assert [task.for_role for task in open_tasks(core, late)] == ["director"]
    overtaken = [task.reason for task in notices(core, done, NoticeKind.STAFF_TASK) if task.for_role == "team_manager"]
    assert overtaken == ["it was not done in time: see that it is done today (it has been done)"]


async def test_what_is_closed_climbs_no_more(core: Core, climbing: Climbing, clock: MovableClock) -> None:
    row = await a_referral(core)
    change(core, row, state=State.CLOSED)
    clock.move(days=60)
    assert await climbing.look() == 0 and rungs(core, row) == []


@pytest.mark.parametrize("error", [LookupError(), DataError("UPDATE", None, ValueError("a value too long"))])
async def test_one_referral_that_cannot_climb_does_not_keep_the_others_down(
    core: Core, climbing: Climbing, clock: MovableClock, error: Exception
) -> None:
    broken, sound = await a_referral(core), await a_referral(core)
    change(core, broken, severity="no such rating", state=State.AWAITING_INFORMATION, due_at=clock())
    clock.move(days=1)

    class Broken(Climbing):
        def climb(self, session: object, referral_id: int) -> bool:
            if referral_id == broken.id:
                raise error
            return super().climb(session, referral_id)  # type: ignore[arg-type]

    failing = Broken(
        database=core.database, owing=core.owing, reaching=core.reaching, alerting=climbing._alerting, clock=clock
    )
    assert await failing.look() == 1
    assert len(rungs(core, sound)) == 3 and rungs(core, broken) == []


async def test_whatever_is_done_with_it_the_director_hears_of_what_is_open_after_twenty_working_days(
    core: Core, climbing: Climbing, clock: MovableClock
) -> None:
    row = await a_referral(core)
    act(core, row, Action.OPEN)
    with core.database.transaction() as session:
        stored = referral.by_id(session, row.id or 0, lock=True)
        assert stored
        clock.at = datetime.fromisoformat("2026-12-21T10:14:00+00:00")
        ladder.start_clock(stored, clock() + timedelta(days=1), clock())
        ladder.keep_promise(stored)
    await climbing.look()
    assert rungs(core, row) == []
    clock.move(minutes=1)
    await climbing.look()
    assert rungs(core, row) == [("at_the_door", "director")]


async def test_hearing_that_it_is_still_open_takes_nobodys_task_away(
    core: Core, climbing: Climbing, clock: MovableClock
) -> None:
    row = await a_referral(core)
    with core.database.transaction() as session:
        stored = referral.by_id(session, row.id or 0, lock=True)
        assert stored
        stored.still_open_at = row.look_by
    clock.at = row.look_by
    await climbing.look()
    assert sorted(str(task.for_role) for task in open_tasks(core, row)) == ["director", "team_manager"]


async def test_what_check_calls_not_escalated_is_what_the_next_look_climbs(
    core: Core, climbing: Climbing, clock: MovableClock
) -> None:
    first = await a_referral(core)
    clock.move(hours=3)
    await a_referral(core)
    as_at = ladder.rung_times(first)[2] + timedelta(minutes=3)
    with core.database.reading() as session:
        named = {one.reference for one in checking.broken_promises(session, as_at) if one.rule == "not_escalated"}
    clock.at = as_at
    await climbing.look()
    with core.database.reading() as session:
        ids = set(session.exec(select(Escalation.referral_id).where(Escalation.name == "missed")))
        climbed = {row.reference for row in session.exec(select(Referral).where(col(Referral.id).in_(ids)))}
        left = [one for one in checking.broken_promises(session, as_at) if one.rule == "not_escalated"]
    assert named == climbed == {first.reference} and left == []
