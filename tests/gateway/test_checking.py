"""Each promise is found broken at its time and not before, also at a time still to come."""

from datetime import UTC, datetime, timedelta

import pytest

from gateway import checking
from gateway.broken_lately import LATELY, broken_lately
from gateway.core import Core
from gateway.deciding import Actor
from gateway.life_cycle import Action
from gateway.wiring import wire_climbing
from storage import notice, referral
from storage.capture import Capture, CaptureState
from storage.notice import Notice
from storage.referral import Referral
from tests.builders import a_message, a_referral, read_all
from tests.fakes import MovableClock

SAM = Actor(name="sam", role="social_worker")
MINUTE = timedelta(minutes=1)


def rules(core: Core, as_at: datetime) -> set[str]:
    with core.database.reading() as session:
        found = checking.broken_promises(session, as_at)
        assert checking.counts(session, as_at).keys() == {one.rule for one in found}
        shown = broken_lately(session, as_at, shown=50, most=2000)
        assert shown.oldest == [one for one in found if one.rule in shown.by_rule]
        assert set(shown.by_rule) >= {one.rule for one in found if one.since >= as_at - LATELY}
    return {one.rule for one in found}


def act(core: Core, row: Referral, action: Action, **asked: str) -> None:
    with core.database.transaction() as session:
        core.deciding.act(session, row.reference, action, SAM, asked)


def change(core: Core, row: Referral, **values: object) -> None:
    with core.database.transaction() as session:
        stored = referral.by_id(session, row.id or 0, lock=True)
        assert stored
        for name, value in values.items():
            setattr(stored, name, value)


async def test_a_time_to_come_is_judged_by_what_is_known_now(core: Core) -> None:
    row = await a_referral(core)
    assert rules(core, row.look_by) == set()
    assert rules(core, row.look_by + MINUTE) == {"not_looked_at"}
    assert rules(core, row.look_by + 3 * MINUTE) == {"not_looked_at", "not_escalated", "sender_not_told"}


async def test_what_the_watch_has_told_is_late_but_not_unsaid(core: Core, clock: MovableClock) -> None:
    row = await a_referral(core)
    clock.at = row.look_by + 3 * MINUTE
    await wire_climbing(core).look()
    assert rules(core, clock()) == {"not_looked_at"}


async def test_a_late_next_action_is_overdue_and_one_that_is_the_senders_is_an_answer_overdue(core: Core) -> None:
    ours, theirs = await a_referral(core), await a_referral(core)
    for row in (ours, theirs):
        act(core, row, Action.OPEN)
    act(core, theirs, Action.ASK, question="Which street?", answer_by="2026-11-24T10:00", who_acts="duty")
    by_hand = {"task_overdue"}
    assert rules(core, datetime(2026, 11, 24, 10, 0, tzinfo=UTC)) == by_hand
    assert rules(core, datetime(2026, 11, 24, 10, 1, tzinfo=UTC)) == by_hand | {"answer_overdue"}
    assert rules(core, datetime(2026, 11, 24, 10, 16, tzinfo=UTC)) >= {"answer_overdue", "overdue"}


@pytest.mark.parametrize("missing", [{"next_action": ""}, {"queue": ""}, {"rung_at": None}, {"clock_from": None}])
async def test_nothing_open_is_without_a_next_action_a_queue_and_a_clock(
    core: Core, clock: MovableClock, missing: dict[str, object]
) -> None:
    change(core, await a_referral(core), **missing)
    assert rules(core, clock()) == {"no_next_action"}


async def test_a_rung_of_the_ladder_is_nobody_who_owes_the_acknowledgement(core: Core, clock: MovableClock) -> None:
    row = await a_referral(core)
    with core.database.transaction() as session:
        for one in notice.of_referrals(session, [row.id or 0]):
            session.delete(one)
    clock.at = row.look_by
    await wire_climbing(core).look()
    assert "no_acknowledgement" in rules(core, clock())


async def test_a_notice_past_its_limit_is_found_until_it_is_settled(core: Core, clock: MovableClock) -> None:
    row = await a_referral(core, callback="07700 900123", safe_text="yes")
    with core.database.transaction() as session:
        [told] = notice.of_referrals(session, [row.id or 0])
        told.limit_at = clock()
        session.add(told)
    assert rules(core, clock() + 9 * MINUTE) & {"limit_passed"} == set()
    assert rules(core, clock() + 11 * MINUTE) & {"limit_passed"}
    with core.database.transaction() as session:
        session.get_one(Notice, told.id).limit_at = None
    assert rules(core, clock() + 11 * MINUTE) & {"limit_passed"} == set()


async def test_the_calendar_is_said_to_end_less_than_a_year_before_it_does(core: Core) -> None:
    assert rules(core, datetime(2027, 12, 20, 12, 0, tzinfo=UTC)) == set()
    assert rules(core, datetime(2028, 1, 3, 12, 0, tzinfo=UTC)) == {"calendar_ends"}


@pytest.mark.parametrize("is_known", [False, True])
async def test_the_sound_of_a_call_that_stays_on_its_host_is_missed_after_ten_minutes(
    core: Core, clock: MovableClock, is_known: bool
) -> None:
    told = ""
    if is_known:
        told = (await core.intake.accept(a_message(channel="note", conversation="call:CA1"))).reference
        await read_all(core)
    heard = Capture(
        stream="MZ1", conversation="call:CA1", host="one", caller="mobile", began_at=clock(), heard_at=clock()
    )
    with core.database.transaction() as session:
        session.add(heard)
    assert "sound_waiting" not in rules(core, clock() + 10 * MINUTE)
    with core.database.reading() as session:
        broken = checking.broken_promises(session, clock() + 11 * MINUTE)
    assert [(one.reference, one.since) for one in broken if one.rule == "sound_waiting"] == [(told, clock())]
    with core.database.transaction() as session:
        session.get_one(Capture, heard.id).state = CaptureState.KEPT
    assert "sound_waiting" not in rules(core, clock() + 11 * MINUTE)
