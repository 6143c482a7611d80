"""The life cycle holds: each guard when somebody tries to cross it, and all of it on random walks."""

from __future__ import annotations

from datetime import timedelta
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import select

from gateway.core import Core
from gateway.guards import Actor, Guard
from gateway.life_cycle import BY_ITSELF, RULES, Action, Event, Incomplete, NotAllowed, WrongRole, after, may_become
from gateway.staff import accounts
from storage import audit
from storage.referral import Referral, State
from storage.staff import Role, Staff
from tests.builders import a_referral
from tests.gateway.crossings import CROSSINGS, IN_TURN, WORKER
from tests.gateway.walks import walk

ON_SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
TOY = {"code": "nfa", "reason": "A toy", "level": "1"}
GUARDED = [(action, guard) for action, rule in RULES.items() for guard in rule.guards]


def stands(core: Core, row: Referral, **columns: object) -> None:
    """The referral as a test wants it to stand."""
    with core.database.transaction() as session:
        held = session.get_one(Referral, row.id)
        for name, value in columns.items():
            setattr(held, name, value)


def seen(core: Core, row: Referral) -> tuple[dict[str, Any], int]:
    """Every column, and how many lines of history there are."""
    with core.database.reading() as session:
        return session.get_one(Referral, row.id).model_dump(), len(audit.of_referrals(session, [row.id or 0]))


def act(core: Core, reference: str, action: Action, asked: dict[str, str], actor: Actor = WORKER) -> Referral:
    with core.database.transaction() as session:
        return core.deciding.act(session, reference, action, actor, asked)


def with_staff(core: Core) -> None:
    """One account for each of two roles, so that it is known who is no manager."""
    with core.database.transaction() as session:
        for role in (Role.SOCIAL_WORKER, Role.MANAGER):
            session.add(Staff(name=f"a {role}", role=role, password_hash="", created_at=core.clock()))


@pytest.mark.parametrize(("action", "guard"), GUARDED, ids=[f"{action}-{guard.name}" for action, guard in GUARDED])
@ON_SQLITE
async def test_no_guard_can_be_crossed(core: Core, action: Action, guard: Guard) -> None:
    """A guard without a crossing fails here: every one is tried."""
    crossing = CROSSINGS[action, guard.name]
    with_staff(core)
    row = await a_referral(core, callback="07700 900123", safe_text="yes")
    other = await a_referral(core)
    where = {"itself": row.reference, "another": other.reference}
    wrong, right = ({k: where.get(v, v) for k, v in typed.items()} for typed in (crossing.wrong, crossing.right))
    stands(core, row, **{"state": IN_TURN[action], **crossing.row})
    before = seen(core, row)
    with pytest.raises((Incomplete, NotAllowed)) as refused:
        act(core, row.reference, action, wrong, crossing.actor)
    assert seen(core, row) == before, "a refused step changed something"
    assert str(refused.value) == guard.says.format(holder="jo", until="10:25am")
    if isinstance(refused.value, Incomplete):
        assert refused.value.field == guard.field
    elif isinstance(refused.value, NotAllowed):
        assert refused.value.allowed and action not in refused.value.allowed and not guard.field
    stands(core, row, **crossing.mended)
    act(core, row.reference, action, right, crossing.actor)
    assert seen(core, row)[1] > before[1]


def test_every_crossing_is_of_a_guard_there_is() -> None:
    assert CROSSINGS.keys() == {(action, guard.name) for action, guard in GUARDED}


@pytest.mark.parametrize("action", [a for a in Action if a not in (Action.CLAIM, Action.RELEASE)])
@ON_SQLITE
async def test_every_step_is_only_for_its_roles(core: Core, action: Action) -> None:
    row = await a_referral(core)
    for role in set(Role) - RULES[action].roles:
        with pytest.raises(WrongRole):
            act(core, row.reference, action, {}, Actor(name="casey", role=role))


@ON_SQLITE
async def test_a_manager_agrees_or_acts(core: Core) -> None:
    with_staff(core)
    for actor, more in ((WORKER, {"agreed_by": "A  Manager"}), (Actor(name="m", role=Role.MANAGER), {})):
        row = await a_referral(core)
        stands(core, row, state=State.IN_TRIAGE, child_told_us=True)
        assert act(core, row.reference, Action.DECIDE, TOY | more, actor).state == State.DECIDED


@ON_SQLITE
async def test_a_name_without_an_account_is_no_managers_where_managers_have_accounts(core: Core) -> None:
    row, night = await a_referral(core), {"agreed_by": "somebody of the night team"}
    stands(core, row, state=State.IN_TRIAGE, child_told_us=True)
    with_staff(core)
    with pytest.raises(Incomplete) as refused:
        act(core, row.reference, Action.DECIDE, TOY | night)
    assert refused.value.field == "agreed_by" and "nobody of that name has an account here" in refused.value.what
    other = await a_referral(core)
    stands(core, other, state=State.IN_TRIAGE, child_told_us=True)
    with core.database.transaction() as session:
        accounts.add_token(session, "case system", Role.MANAGER, at=core.clock())
    assert act(core, other.reference, Action.DECIDE, TOY | {"agreed_by": "Case System"}).state == State.DECIDED
    with core.database.transaction() as session:
        accounts.revoke_token(session, "case system", at=core.clock())
        session.exec(select(Staff).where(Staff.name == "a manager")).one().disabled_at = core.clock()
    with pytest.raises(Incomplete):
        act(core, row.reference, Action.DECIDE, TOY | {"agreed_by": "a social_worker"})
    assert act(core, row.reference, Action.DECIDE, TOY | night).state == State.DECIDED
    with core.database.reading() as session:
        (last,) = audit.of_referrals(session, [row.id or 0])[-1:]
    assert "Agreed by somebody of the night team, who has no account here." in last.what


@ON_SQLITE
async def test_what_was_looked_at_is_given_back_by_whoever_answers_for_it_or_a_manager(core: Core) -> None:
    row, jo, manager = (
        await a_referral(core),
        Actor(name="jo", role=Role.SOCIAL_WORKER),
        Actor(name="m", role="manager"),
    )
    for actor in (jo, manager):
        stands(core, row, state=State.IN_TRIAGE, owner="jo", held_by=None, held_until=None)
        with pytest.raises(NotAllowed, match="jo answers for it"):
            act(core, row.reference, Action.RELEASE, {})
        assert act(core, row.reference, Action.RELEASE, {}, actor).owner is None
    stands(core, row, owner="jo")
    assert act(core, row.reference, Action.CLAIM, {}).owner == WORKER.name
    stands(core, row, owner="jo", held_by=WORKER.name, held_until=core.clock() + timedelta(minutes=5))
    assert act(core, row.reference, Action.RELEASE, {}).owner is None
    stands(core, row, state=State.REOPENED, owner="jo")
    assert act(core, row.reference, Action.RELEASE, {}).owner is None


def test_states_change_only_as_the_table_says() -> None:
    expected = {
        (State.RECEIVED, State.IN_TRIAGE), (State.REOPENED, State.IN_TRIAGE),
        (State.IN_TRIAGE, State.AWAITING_INFORMATION), (State.AWAITING_INFORMATION, State.IN_TRIAGE),
        (State.IN_TRIAGE, State.DECIDED), (State.AWAITING_INFORMATION, State.DECIDED),
        (State.DECIDED, State.CLOSED), (State.DECIDED, State.REOPENED), (State.CLOSED, State.REOPENED),
    }  # fmt: skip
    moves = {(a, b) for a, b in product(State, State) if a != b and may_become(a, b)}
    assert moves == expected


def test_an_event_leaves_every_other_state_as_it_is() -> None:
    for event, state in product(Event, State):
        assert after(event, state) == BY_ITSELF.get((event, state), state)
    assert after(Event.NEW_MESSAGE, State.CLOSED) == after(Event.NOT_TOLD, State.CLOSED) == State.REOPENED
    assert after(Event.NEW_MESSAGE, State.DECIDED) == State.DECIDED


@pytest.mark.parametrize(
    "said", ["0001-01-01T00:00", "9999-12-31T23:59", "9999-12-31T23:59:59-14:00", "²", "2026-11-26T17:00Z"]
)
@ON_SQLITE
async def test_any_time_that_is_typed_is_answered(core: Core, said: str) -> None:
    row = await a_referral(core)
    stands(core, row, state=State.IN_TRIAGE)
    asked = {"question": "Which street?", "answer_by": said}
    if said.startswith("2026"):
        assert act(core, row.reference, Action.ASK, asked).state == State.AWAITING_INFORMATION
        return
    with pytest.raises(Incomplete) as refused:
        act(core, row.reference, Action.ASK, asked)
    assert refused.value.field == "answer_by"


def test_random_walks_break_no_promise(tmp_path: Path) -> None:
    """As many as the suite has time for; ``python -m tests.gateway.walks --walks 10000`` walks further."""
    ground = walk(100, tmp_path)
    assert ground.walks >= 100 and ground.states == set(State)
    assert ground.taken > 100 and ground.refused > 100
