"""Each Monday last week's decisions not to act are drawn once, read again by somebody else, or somebody is told."""

from __future__ import annotations

import asyncio

import pytest
from sqlmodel import select

from gateway.core import Core
from gateway.deciding import Actor
from gateway.life_cycle import Action, Incomplete, NotAllowed, WrongRole
from gateway.rereading import drawing_of, drawn, read_again
from gateway.rereading.drawing import TASK
from gateway.rereading.lot import numbers_in
from gateway.rereading.reading_again import STANDS
from storage import audit, notice, rereading
from storage.referral import Referral
from storage.rereading import Reread, RereadWeek
from storage.staff import Role
from tests.builders import a_referral
from tests.fakes import MovableClock

SAM = Actor(name="sam", role=Role.SOCIAL_WORKER)
JO = Actor(name="jo", role=Role.MANAGER)
MORGAN = Actor(name="morgan", role=Role.MANAGER)
ON_SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


async def closed(core: Core, code: str = "nfa") -> Referral:
    """Decided by Sam, with Jo, and closed."""
    row = await a_referral(core)
    with core.database.transaction() as session:
        for action, asked in (
            (Action.OPEN, {}),
            (Action.DECIDE, {"code": code, "reason": "Because it is so", "level": "1", "agreed_by": "jo"}),
            (Action.CLOSE, {"reason": "Done", "accepted_by": "Lee", "case_id": "C-1"}),
        ):
            core.deciding.act(session, row.reference, action, SAM, asked)
    return row


def kept(core: Core) -> tuple[list[RereadWeek], list[Reread]]:
    with core.database.reading() as session:
        return rereading.weeks(session, limit=9), list(session.exec(select(Reread).order_by(Reread.ledger_no)))  # type: ignore[arg-type]


async def test_last_weeks_decisions_not_to_act_are_drawn_once_by_two_hosts(core: Core, clock: MovableClock) -> None:
    rows = [await closed(core, code) for code in ("nfa", "advice", "s17", *["nfa"] * 6)]
    hosts = drawing_of(core), drawing_of(core)
    for host in hosts:
        await host.look()
    assert kept(core)[1] == [], "this week is not over"
    clock.move(days=7)
    await asyncio.gather(*(host.look() for host in hosts))
    [week, _], found = kept(core)
    pool = [row.ledger_no for place, row in enumerate(rows) if place != 2]
    assert numbers_in(week.pool) == pool
    assert [one.ledger_no for one in found] == drawn(week.week, pool, 10) and len(found) == 5
    assert {(one.decided_by, one.agreed_by) for one in found} == {("sam", "jo")}
    assert {one.due_at.isoformat() for one in found} == {"2026-12-07T17:00:00+00:00"}


@ON_SQLITE
async def test_a_monday_on_which_nothing_ran_is_made_up_for(core: Core, clock: MovableClock) -> None:
    drawing = drawing_of(core)
    clock.move(days=7)
    await drawing.look()
    await closed(core)
    clock.move(days=21)
    await drawing.look()
    weeks, found = kept(core)
    assert [each.week.isoformat() for each in weeks] == ["2026-12-14", "2026-12-07", "2026-11-30", "2026-11-23"][
        : len(weeks)
    ]
    assert len(weeks) == 4 and [one.week.isoformat() for one in found] == ["2026-11-30"]


@ON_SQLITE
async def test_who_had_a_part_in_it_may_not_read_it_and_it_is_read_once(core: Core, clock: MovableClock) -> None:
    await closed(core)
    clock.move(days=7)
    await drawing_of(core).look()
    [one] = kept(core)[1]

    def answer(actor: Actor, answer: str, reason: str = "") -> Reread:
        with core.database.transaction() as session:
            return read_again(session, core, one.id, actor, answer=answer, reason=reason)

    for actor in (JO, SAM, Actor(name="SAM", role=Role.MANAGER), Actor(name=" jo", role=Role.MANAGER)):
        with pytest.raises(WrongRole):
            answer(actor, "agree")
    with pytest.raises(Incomplete, match="Choose"):
        answer(MORGAN, "perhaps")
    assert answer(MORGAN, "agree").agrees is True
    with pytest.raises(NotAllowed):
        answer(MORGAN, "disagree", "no")


@ON_SQLITE
async def test_a_disagreement_says_why_and_puts_it_back_into_the_queue(core: Core, clock: MovableClock) -> None:
    row = await closed(core)
    clock.move(days=7)
    await drawing_of(core).look()
    [one] = kept(core)[1]
    with core.database.transaction() as session:
        with pytest.raises(Incomplete, match="Say why"):
            read_again(session, core, one.id, MORGAN, answer="disagree", reason=" ")
        read_again(session, core, one.id, MORGAN, answer="disagree", reason="The bruise was new")
    with core.database.reading() as session:
        again = session.get_one(Referral, row.id)
        lines = [line.what for line in audit.of_referrals(session, [row.id or 0])]
    assert again.state == "reopened" and again.due_at > clock()
    assert "Read the decision again and disagrees: The bruise was new" in lines
    assert lines[-1].startswith("Reopened: the decision was read again and is not agreed with")


@ON_SQLITE
async def test_a_disagreement_leaves_a_newer_decision_as_it_is_and_a_manager_looks_at_it(
    core: Core, clock: MovableClock
) -> None:
    row = await closed(core)
    clock.move(days=7)
    await drawing_of(core).look()
    [one] = kept(core)[1]
    with core.database.transaction() as session:
        for action, asked in (
            (Action.REOPEN, {"reason": "They rang again"}), (Action.OPEN, {}),
            (Action.DECIDE, {"code": "nfa", "reason": "Looked again", "level": "1", "agreed_by": "jo"}),
        ):  # fmt: skip
            clock.move(minutes=1)
            core.deciding.act(session, row.reference, action, SAM, asked)
        read_again(session, core, one.id, MORGAN, answer="disagree", reason="The bruise was new")
    with core.database.reading() as session:
        after = session.get_one(Referral, row.id)
    assert (after.state, after.decision_reason) == ("decided", "Looked again")
    assert tasks_of(core, row) == [(STANDS, "team_manager")]


async def test_what_nobody_reads_in_five_working_days_is_the_head_of_services(core: Core, clock: MovableClock) -> None:
    row = await closed(core)
    drawing = drawing_of(core)
    clock.move(days=7)
    await drawing.look()
    clock.move(days=7, hours=6)
    await drawing.look()
    assert tasks_of(core, row) == []
    clock.move(hours=1)
    for _ in range(2):
        await drawing.look()
    assert tasks_of(core, row) == [(TASK, "head_of_service")]
    [one] = kept(core)[1]
    with core.database.transaction() as session:
        read_again(session, core, one.id, MORGAN, answer="agree", reason="")
    assert tasks_of(core, row) == []


def tasks_of(core: Core, row: Referral) -> list[tuple[str | None, str | None]]:
    with core.database.reading() as session:
        return [(task.reason, task.for_role) for task in notice.open_tasks(session, [row.id or 0])]
