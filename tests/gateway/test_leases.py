"""Who is at a referral: nobody else acts on it then, everybody is told, and nothing lies with somebody who has gone."""

from __future__ import annotations

import pytest

from gateway import leases
from gateway.core import Core
from gateway.deciding import Actor
from gateway.lapsing import Lapsing
from gateway.life_cycle import Action, Incomplete, NotAllowed
from storage import audit, direct
from storage.columns import new_id
from storage.referral import Referral, State
from tests.builders import a_referral
from tests.fakes import MovableClock
from tests.gateway.interleavings import Interleavings, some_referrals

ON_SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
SAM = Actor(name="sam", role="social_worker")
KIM = Actor(name="kim", role="social_worker")
MAX = Actor(name="max", role="manager")
CASEY = Actor(name="casey", role="call_taker")


def act(core: Core, actor: Actor, row: Referral, action: Action, **asked: str) -> Referral:
    with core.database.transaction() as session:
        return core.deciding.act(session, row.reference, action, actor, asked)


def next_for(core: Core, actor: Actor) -> str | None:
    with core.database.transaction() as session:
        row = core.deciding.next(session, actor)
        return row.reference if row else None


def history(core: Core, row: Referral) -> list[str]:
    with core.database.reading() as session:
        return [line.what for line in audit.of_referrals(session, [row.id or 0])]


def lapsing(core: Core, clock: MovableClock) -> Lapsing:
    return Lapsing(database=core.database, clock=clock, lease=core.deciding.lease)


async def test_whoever_comes_second_is_told_who_is_at_it_and_until_when(core: Core) -> None:
    row = await a_referral(core)
    act(core, SAM, row, Action.CLAIM)
    for action in (Action.CLAIM, Action.OPEN, Action.RELEASE):
        with pytest.raises(NotAllowed) as refused:
            act(core, KIM, row, action)
        assert "sam" in refused.value.what and "until 10:30am" in refused.value.what
    assert act(core, KIM, row, Action.NOTE, text="She rang").held_by == "sam"


@ON_SQLITE
async def test_a_step_nobody_claimed_is_claimed_by_taking_it(core: Core) -> None:
    row = act(core, SAM, await a_referral(core), Action.OPEN)
    assert (row.owner, row.held_by) == ("sam", "sam")
    with pytest.raises(NotAllowed):
        act(core, KIM, row, Action.RATE, severity="red", reason="He has a knife")


@ON_SQLITE
async def test_every_step_and_look_keeps_it_and_a_look_is_written_once_a_minute(
    core: Core, clock: MovableClock
) -> None:
    row = act(core, SAM, await a_referral(core), Action.OPEN)
    clock.move(seconds=59)
    assert not leases.renew(row, "sam", clock(), core.deciding.lease)
    clock.move(minutes=10)
    assert leases.renew(row, "sam", clock(), core.deciding.lease)
    assert not leases.renew(row, "kim", clock(), core.deciding.lease)
    assert row.held_until == clock() + core.deciding.lease and row.held_since != row.held_seen_at


async def test_what_was_claimed_and_let_lie_goes_back_to_the_queue_by_itself(core: Core, clock: MovableClock) -> None:
    claimed, opened = await a_referral(core), await a_referral(core)
    act(core, SAM, claimed, Action.CLAIM)
    act(core, SAM, opened, Action.OPEN)
    assert await lapsing(core, clock).look() == 0
    clock.move(minutes=15)
    assert await lapsing(core, clock).look() == 2
    with core.database.reading() as session:
        assert session.get_one(Referral, claimed.id).owner is None
        assert session.get_one(Referral, opened.id).owner == "sam", "who opened it answers for it"
    assert history(core, claimed)[-1] == "Released: nobody was at it for 15 minutes"
    assert await lapsing(core, clock).look() == 0


@ON_SQLITE
@pytest.mark.parametrize("action", [Action.CLAIM, Action.RATE])
async def test_what_somebody_let_lie_may_be_taken_over_and_history_says_from_whom(
    core: Core, clock: MovableClock, action: Action
) -> None:
    row = act(core, SAM, await a_referral(core), Action.OPEN)
    clock.move(minutes=16)
    row = act(core, KIM, row, action, severity="green", reason="No harm seen")
    assert (row.owner, row.held_by) == ("kim", "kim")
    assert any(line.startswith("Taken over from sam") for line in history(core, row))


@ON_SQLITE
async def test_a_manager_takes_over_at_any_time_but_says_why(core: Core) -> None:
    row = act(core, SAM, await a_referral(core), Action.OPEN)
    with pytest.raises(Incomplete) as missing:
        act(core, MAX, row, Action.CLAIM)
    assert missing.value.field == "reason"
    assert act(core, MAX, row, Action.CLAIM, reason="Sam has gone home").held_by == "max"
    assert history(core, row)[-1] == "Taken over from sam: Sam has gone home"
    with pytest.raises(NotAllowed):
        act(core, SAM, row, Action.RATE, severity="green", reason="x")


@ON_SQLITE
async def test_what_is_closed_is_nobodys_any_more(core: Core) -> None:
    row = act(core, SAM, await a_referral(core), Action.OPEN)
    act(core, SAM, row, Action.DECIDE, code="advice", reason="Talked it through", level="1")
    assert act(core, SAM, row, Action.CLOSE, reason="Advice was given").held_by is None


async def test_next_is_the_first_of_the_queue_that_nobody_has(core: Core, clock: MovableClock) -> None:
    first = await a_referral(core)
    clock.move(minutes=1)
    second = await a_referral(core)
    third = act(core, KIM, await a_referral(core), Action.OPEN)
    assert next_for(core, SAM) == first.reference
    assert next_for(core, KIM) == second.reference
    assert next_for(core, SAM) is None, "what kim opened is hers to answer for"
    clock.move(minutes=16)
    assert next_for(core, MAX) == first.reference, "taken, not opened and let lie"
    assert next_for(core, KIM) == second.reference
    assert next_for(core, KIM) == third.reference, "her own comes to her again"


@ON_SQLITE
async def test_what_waits_for_an_answer_is_nobodys_next(core: Core) -> None:
    row = act(core, SAM, await a_referral(core), Action.OPEN)
    with core.database.transaction() as session:
        held = session.get_one(Referral, row.id)
        held.state, held.owner = State.AWAITING_INFORMATION, None
        leases.release(held)
    assert next_for(core, SAM) is None


@ON_SQLITE
async def test_a_call_taker_is_given_what_has_a_task_for_anybody(core: Core) -> None:
    await a_referral(core)
    empty = await a_referral(core, text="")
    assert next_for(core, CASEY) == empty.reference
    assert next_for(core, CASEY) is None


async def test_no_interleaving_puts_two_people_at_one_referral(core: Core, clock: MovableClock) -> None:
    """``python -m tests.gateway.interleavings --count 10000`` tries more of them."""
    tally = Interleavings(core, clock, await some_referrals(core), seed=7).run(60)
    assert tally.collisions == []
    assert min(tally.done, tally.told, tally.taken_over) > 0, "nothing was contended"


async def test_a_call_taker_is_given_the_first_of_many_tasks_in_the_order_of_the_queue(
    core: Core, clock: MovableClock
) -> None:
    rows = [await a_referral(core, f"Number {n}") for n in range(4)]
    with core.database.transaction() as session:
        for row, count in ((rows[0], leases.FEW), (rows[2], 1), (rows[3], 1)):
            tasks = [
                {
                    "id": new_id(), "referral_id": row.id, "kind": "staff_task", "channel": "staff", "state": "owed",
                    "subject": "", "text": "", "html": "", "due_at": clock(), "created_at": clock(), "attempts": 0,
                    "times": 1, "run_place": 0, "run_pages": 0, "posted_by": "",
                }
                for _ in range(count)
            ]  # fmt: skip
            direct.insert(session, "notice", tasks)
    act(core, SAM, rows[0], Action.CLAIM)
    assert next_for(core, CASEY) == rows[2].reference
    assert next_for(core, CASEY) == rows[3].reference
    assert next_for(core, CASEY) is None
