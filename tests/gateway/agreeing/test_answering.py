"""A step that two must agree to is taken when the second one agrees, as it was shown, or goes back in words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

import pytest
from sqlmodel import select

from gateway.agreeing import answering
from gateway.agreeing.asking import ask
from gateway.agreeing.rehearsing import NotShown, Rehearsal
from gateway.core import Core
from gateway.deciding import Actor
from gateway.lapsing import Lapsing
from gateway.life_cycle import Action, Incomplete, NotAllowed, WrongRole
from gateway.staff.confirming import Posted, take
from storage import agreement, audit, notice
from storage.agreement import Agreement
from storage.notice import Notice
from storage.referral import Referral
from storage.staff import Staff
from tests.builders import a_referral
from tests.fakes import MovableClock

ON_SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
SAM = Actor(name="sam", role="social_worker")
KIM = Actor(name="kim", role="social_worker")
MAX = Actor(name="max", role="manager")
NFA = {"code": "nfa", "reason": "The school sees her daily", "level": "1"}
NOT_A_CHILD = NFA | {"code": "not_about_a_child"}


@dataclass(frozen=True, kw_only=True)
class Waiting:
    """A referral and the agreement asked for on it."""

    row: Referral
    one: Agreement


async def waiting(core: Core, asked: dict[str, str] | None = None, *, child_told_us: bool = True) -> Waiting:
    """Sam asks for agreement to no further action on what a child told us."""
    row = await a_referral(core, callback="07700 900123", safe_text="yes")
    with core.database.transaction() as session:
        for actor in (SAM, KIM, MAX):
            session.add(Staff(name=actor.name, role=actor.role, password_hash="", created_at=core.clock()))
        core.deciding.act(session, row.reference, Action.OPEN, SAM, {})
        held = session.get_one(Referral, row.id)
        held.child_told_us = child_told_us
        attempt = core.deciding.attempt(session, held, Action.DECIDE, SAM, asked or NFA)
        return Waiting(row=held, one=ask(core, session, Action.DECIDE, attempt))


def agree(core: Core, one: Agreement, actor: Actor) -> Rehearsal | None:
    """As somebody does who was shown it and found it right."""
    try:
        with core.database.transaction() as session:
            return answering.agree(core, session, one.id, actor, shown="")
    except NotShown as first:
        shown = first.rehearsal.mark
    with core.database.transaction() as session:
        return answering.agree(core, session, one.id, actor, shown=shown)


def stands(core: Core, waits: Waiting) -> tuple[Referral, Agreement, list[Notice], str]:
    """The referral, the agreement, the tasks still owed, and the last line of history."""
    with core.database.reading() as session:
        row, one = session.get_one(Referral, waits.row.id), session.get_one(Agreement, waits.one.id)
        lines = audit.of_referrals(session, [row.id or 0])
        return row, one, notice.open_tasks(session, [row.id or 0]), lines[-1].what


async def test_a_manager_agrees_and_the_decision_is_saved_as_of_then(core: Core, clock: MovableClock) -> None:
    waits = await waiting(core)
    row, _, tasks, said = stands(core, waits)
    assert row.state == "in_triage" and row.next_action == "A manager has to agree to the decision"
    assert [(task.for_role, task.reason) for task in tasks] == [("manager", "agree or disagree to a decision")]
    assert said == "Asked for the agreement of a manager to a decision"
    clock.move(minutes=20)
    done = agree(core, waits.one, MAX)
    assert done and [each.channel for each in done.told] == ["sms"]
    row, one, tasks, said = stands(core, waits)
    assert (row.state, row.decided_by, row.agreed_by, row.decided_at) == ("decided", "sam", "max", clock())
    assert (one.state, one.settled_by, tasks) == ("agreed", "max", []) and "Agreed by max." in said
    assert row.held_until is not None and row.held_until < clock(), "sam is not at it because max agreed"


@ON_SQLITE
async def test_nothing_is_sent_that_the_second_person_was_not_shown(core: Core) -> None:
    waits = await waiting(core)
    with pytest.raises(NotShown) as first, core.database.transaction() as session:
        answering.agree(core, session, waits.one.id, MAX, shown="something else")
    assert waits.row.reference in first.value.rehearsal.told[0].text
    row, one, tasks, _ = stands(core, waits)
    assert (row.state, one.state, len(tasks)) == ("in_triage", "asked", 1)


@ON_SQLITE
async def test_nobody_agrees_to_their_own_and_only_a_manager_where_one_must(core: Core) -> None:
    waits = await waiting(core)
    for actor in (SAM, KIM, Actor(name="casey", role="call_taker")):
        with pytest.raises(WrongRole):
            agree(core, waits.one, actor)
    assert stands(core, waits)[1].state == "asked"


@ON_SQLITE
async def test_any_second_social_worker_agrees_where_no_manager_must(core: Core) -> None:
    waits = await waiting(core, NOT_A_CHILD, child_told_us=False)
    assert not waits.one.needs_manager
    assert agree(core, waits.one, KIM) and stands(core, waits)[0].agreed_by == "kim"


@ON_SQLITE
async def test_a_disagreement_goes_back_to_whoever_asked_in_words(core: Core) -> None:
    waits = await waiting(core)
    with core.database.transaction() as session, pytest.raises(Incomplete):
        answering.disagree(core, session, waits.one.id, MAX, " ")
    with core.database.transaction() as session:
        answering.disagree(core, session, waits.one.id, MAX, "Ask the school first")
    row, one, tasks, said = stands(core, waits)
    assert row.next_action == "Decide again: max did not agree" and row.state == "in_triage"
    assert (one.state, one.said, tasks) == ("disagreed", "Ask the school first", [])
    assert said == "Did not agree: Ask the school first"
    with pytest.raises(NotAllowed):
        agree(core, waits.one, MAX)


async def test_it_lapses_when_the_referral_has_changed_since(core: Core, clock: MovableClock) -> None:
    waits = await waiting(core)
    with core.database.transaction() as session:
        core.deciding.act(session, waits.row.reference, Action.NOTE, KIM, {"text": "She rang"})
    lapsing = Lapsing(database=core.database, clock=clock, lease=core.deciding.lease)
    await lapsing.look()
    assert stands(core, waits)[1].state == "asked", "a note changes nothing of what was weighed"
    with core.database.transaction() as session:
        core.deciding.act(session, waits.row.reference, Action.RATE, SAM, {"severity": "red", "reason": "A knife"})
    assert agree(core, waits.one, MAX) is None
    row, one, tasks, _ = stands(core, waits)
    assert (row.state, one.state, tasks) == ("in_triage", "lapsed", [])


@ON_SQLITE
async def test_the_watch_ends_what_has_changed_and_says_so(core: Core, clock: MovableClock) -> None:
    waits = await waiting(core)
    with core.database.transaction() as session:
        session.get_one(Referral, waits.row.id).last_message_at = clock().replace(hour=23)
    await Lapsing(database=core.database, clock=clock, lease=core.deciding.lease).look()
    row, one, tasks, said = stands(core, waits)
    assert (one.state, tasks, row.next_action) == ("lapsed", [], "Decide the next steps")
    assert said == "The agreement that sam asked for lapsed: it has changed since it was asked for"


@ON_SQLITE
@pytest.mark.parametrize("pages", [10, 1])
async def test_however_many_wait_none_is_out_of_the_watchs_sight(core: Core, clock: MovableClock, pages: int) -> None:
    waits = await waiting(core)
    copied = waits.one.model_dump(exclude={"id", "stood", "due_at"})
    with core.database.transaction() as session:
        for number in range(450):
            stood = waits.one.stood if number % 449 else "otherwise"
            later = waits.one.due_at + timedelta(minutes=number // 50)
            session.add(Agreement(**copied, id=f"{number:032}", stood=stood, due_at=later))
    lapsing = Lapsing(database=core.database, clock=clock, lease=core.deciding.lease, pages=pages)
    for _ in range(3 if pages == 1 else 1):
        await lapsing.look()
    with core.database.reading() as session:
        ended = session.exec(select(Agreement.id).where(Agreement.state == "lapsed").order_by(Agreement.id)).all()
    assert ended == [f"{0:032}", f"{449:032}"]


@ON_SQLITE
async def test_whoever_asked_may_ask_anew_or_not_at_all(core: Core) -> None:
    waits = await waiting(core)
    with core.database.transaction() as session:
        row = session.get_one(Referral, waits.row.id)
        again = ask(core, session, Action.DECIDE, core.deciding.attempt(session, row, Action.DECIDE, SAM, NFA))
    assert stands(core, waits)[1].state == "withdrawn" and len(stands(core, waits)[2]) == 1
    with core.database.transaction() as session, pytest.raises(WrongRole):
        answering.withdraw(core, session, again.id, MAX)
    with core.database.transaction() as session:
        answering.withdraw(core, session, again.id, SAM)
        assert agreement.pending(session, limit=5) == []


@ON_SQLITE
async def test_what_nobody_has_to_agree_to_or_lacks_more_is_not_asked_for(core: Core) -> None:
    row = await a_referral(core)
    with core.database.transaction() as session:
        core.deciding.act(session, row.reference, Action.OPEN, SAM, {})
    for asked, wrong in ((NFA, NotAllowed), (NOT_A_CHILD | {"reason": ""}, Incomplete)):
        with core.database.transaction() as session, pytest.raises(wrong):
            held = session.get_one(Referral, row.id)
            ask(core, session, Action.DECIDE, core.deciding.attempt(session, held, Action.DECIDE, SAM, asked))


@ON_SQLITE
async def test_what_waits_is_sealed(core: Core) -> None:
    waits = await waiting(core)
    with core.database.reading() as session:
        assert b"school" not in session.get_one(Agreement, waits.one.id).sealed


@ON_SQLITE
async def test_agreement_is_asked_only_by_who_may_take_the_step_and_while_it_may_be_taken(core: Core) -> None:
    waits, casey = await waiting(core, NOT_A_CHILD, child_told_us=False), Actor(name="casey", role="call_taker")

    def ask_as(actor: Actor) -> None:
        with core.database.transaction() as session:
            row = session.get_one(Referral, waits.row.id)
            ask(core, session, Action.DECIDE, core.deciding.attempt(session, row, Action.DECIDE, actor, NOT_A_CHILD))

    with core.database.transaction() as session:
        core.deciding.act(session, waits.row.reference, Action.RELEASE, SAM, {})
    with pytest.raises(WrongRole):
        ask_as(casey)
    with core.database.transaction() as session:
        core.deciding.act(session, waits.row.reference, Action.DECIDE, SAM, NFA)
        core.deciding.act(session, waits.row.reference, Action.CLOSE, SAM, {"reason": "Told"})
    with pytest.raises(NotAllowed):
        ask_as(SAM)
    row, _, tasks, _ = stands(core, waits)
    assert (row.state, row.held_by) == ("closed", None)
    assert not [task for task in tasks if task.id != waits.one.notice_id]


@ON_SQLITE
async def test_no_other_way_to_type_a_name_makes_a_manager_of_a_colleague(core: Core) -> None:
    waits = await waiting(core)
    with pytest.raises(Incomplete), core.database.transaction() as session:
        typed = NFA | {"agreed_by": " KIM "}
        core.deciding.act(session, waits.row.reference, Action.DECIDE, SAM, typed)
    posted = Posted(
        actor=SAM, reference=waits.row.reference, action=Action.DECIDE, typed=NFA | {"agreed_by": "Max"}
    )  # fmt: skip
    with pytest.raises(Incomplete, match="signs in here"):
        take(core, posted)
