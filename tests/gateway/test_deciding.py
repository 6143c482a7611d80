"""What staff do: every step checked against the life cycle, recorded, and told to the sender."""

from datetime import timedelta
from itertools import product

import pytest
from sqlmodel import Session

from gateway.core import Core
from gateway.deciding import Actor, NotFound
from gateway.life_cycle import RULES, Action, Incomplete, NotAllowed, WrongRole, allowed
from storage import audit, notice
from storage.notice import Notice
from storage.referral import Referral, State
from tests.builders import a_referral
from tests.fakes import MovableClock

SAM = Actor(name="sam", role="social_worker")
CASEY = Actor(name="casey", role="call_taker")
DECISION = {"code": "nfa", "reason": "Known and safe", "level": "2"}


def act_as(actor: Actor, core: Core, reference: str, action: Action, **asked: str) -> Referral:
    with core.database.transaction() as session:
        return core.deciding.act(session, reference, action, actor, asked)


def act(core: Core, reference: str, action: Action, **asked: str) -> Referral:
    return act_as(SAM, core, reference, action, **asked)


def told(core: Core, row: Referral) -> list[Notice]:
    with core.database.reading() as session:
        return [n for n in notice.of_referrals(session, [row.id or 0]) if n.kind != "receipt"]


async def a_referral_with_mobile(core: Core) -> Referral:
    return await a_referral(core, callback="07700 900123", safe_text="yes")


async def test_the_whole_way_from_received_to_closed(core: Core) -> None:
    reference = (await a_referral(core)).reference
    assert act(core, reference, Action.OPEN).state == "in_triage"
    assert act(core, reference, Action.RATE, severity="green", reason="No harm seen").severity == "green"
    assert act(core, reference, Action.DECIDE, **DECISION).state == "decided"
    assert act(core, reference, Action.CLOSE, reason="Told").state == "closed"


async def test_a_step_the_life_cycle_does_not_allow_changes_nothing(core: Core) -> None:
    row = await a_referral(core)
    for state, action in product(State, Action):
        if state in RULES[action].source:
            assert action in allowed(state)
            continue
        with core.database.transaction() as session:
            session.get_one(Referral, row.id).state = state
        with pytest.raises(NotAllowed) as refused:
            act(core, row.reference, action, **DECISION, question="?", text="x")
        assert action not in refused.value.allowed
        with core.database.reading() as session:
            assert session.get_one(Referral, row.id).state == state


async def test_a_call_taker_cannot_decide(core: Core) -> None:
    row = await a_referral(core)
    act(core, row.reference, Action.OPEN)
    with pytest.raises(WrongRole):
        act_as(CASEY, core, row.reference, Action.DECIDE, **DECISION)


@pytest.mark.parametrize("missing", ["code", "reason", "level"])
async def test_a_decision_needs_its_code_reason_and_level(core: Core, missing: str) -> None:
    row = await a_referral(core)
    act(core, row.reference, Action.OPEN)
    with pytest.raises(Incomplete) as incomplete:
        act(core, row.reference, Action.DECIDE, **{k: v for k, v in DECISION.items() if k != missing})
    assert incomplete.value.field == missing


async def test_not_about_a_child_needs_a_second_person(core: Core) -> None:
    row = await a_referral(core)
    act(core, row.reference, Action.OPEN)
    asked = DECISION | {"code": "not_about_a_child"}
    for agreed_by in ("", "sam"):
        with pytest.raises(Incomplete):
            act(core, row.reference, Action.DECIDE, **asked, agreed_by=agreed_by)
    assert act(core, row.reference, Action.DECIDE, **asked, agreed_by="jo").state == "decided"


async def test_one_person_is_not_two_by_the_blanks_in_their_name(core: Core) -> None:
    row, lee = await a_referral(core), Actor(name="Sam Lee", role="social_worker")
    act_as(lee, core, row.reference, Action.OPEN)
    asked = DECISION | {"code": "not_about_a_child"}
    for agreed_by in ("sam  lee", "Sam\u00a0Lee"):
        with pytest.raises(Incomplete):
            act_as(lee, core, row.reference, Action.DECIDE, **asked, agreed_by=agreed_by)


async def test_closing_needs_a_reason(core: Core) -> None:
    row = await a_referral(core)
    act(core, row.reference, Action.OPEN)
    act(core, row.reference, Action.DECIDE, **DECISION)
    with pytest.raises(Incomplete):
        act(core, row.reference, Action.CLOSE)


async def test_each_step_that_concerns_the_sender_is_told_to_them(core: Core) -> None:
    row = await a_referral_with_mobile(core)
    act(core, row.reference, Action.OPEN)
    act(core, row.reference, Action.ASK, question="Which street?", answer_by="2026-11-26T17:00")
    act(core, row.reference, Action.DECIDE, **DECISION)
    act(core, row.reference, Action.CLOSE, reason="Told")
    owed = sorted((n.kind, n.channel, n.state) for n in told(core, row))
    assert owed == [(kind, "sms", "owed") for kind in ("closed", "looked_at", "need_more")]


async def test_no_notice_tells_the_decision_or_its_reason(core: Core) -> None:
    row = await a_referral_with_mobile(core)
    act(core, row.reference, Action.OPEN)
    act(core, row.reference, Action.DECIDE, code="s47", reason="A bruise on his arm", level="4")
    assert not any("bruise" in n.text or "s47" in n.text or "47" in n.text.split() for n in told(core, row))


async def test_red_is_due_within_four_hours_of_receipt_and_is_not_kept_waiting(core: Core, clock: MovableClock) -> None:
    row = await a_referral(core)
    act(core, row.reference, Action.OPEN)
    rated = act(core, row.reference, Action.RATE, severity="red", reason="He has a knife")
    assert rated.due_at == row.received_at + timedelta(hours=4)
    with pytest.raises(NotAllowed):
        act(core, row.reference, Action.ASK, question="?", answer_by=str(clock() + timedelta(days=1)))


async def test_what_somebody_else_has_cannot_be_claimed(core: Core) -> None:
    row = await a_referral(core)
    act(core, row.reference, Action.CLAIM)
    with pytest.raises(NotAllowed, match="sam has it"):
        act_as(CASEY, core, row.reference, Action.CLAIM)
    act(core, row.reference, Action.RELEASE)
    assert act_as(CASEY, core, row.reference, Action.CLAIM).owner == "casey"


async def test_history_says_who_did_what(core: Core) -> None:
    row = await a_referral(core)
    act(core, row.reference, Action.OPEN)
    act_as(CASEY, core, row.reference, Action.NOTE, text="She rang again")

    def history(session: Session) -> list[tuple[str, str]]:
        return [(line.who, line.what) for line in audit.of_referrals(session, [row.id or 0])]

    with core.database.reading() as session:
        lines = history(session)
    assert ("sam", "Opened: a social worker has looked") in lines
    assert ("casey", "Note: She rang again") in lines


async def test_an_unknown_reference_is_said_to_be_unknown(core: Core) -> None:
    with pytest.raises(NotFound):
        act(core, "KMR-4729-HX", Action.OPEN)
