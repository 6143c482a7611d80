"""The figures of a period are those anybody would count from the same referrals by hand."""

from __future__ import annotations

from datetime import timedelta

from gateway.core import Core
from gateway.deciding import Actor
from gateway.figures.counting import By, counted, sender_of
from gateway.life_cycle import Action
from storage import notice
from storage.notice import NoticeKind, NoticeState
from tests.builders import a_referral
from tests.fakes import MovableClock

SAM = Actor(name="sam", role="social_worker")


async def test_each_step_is_timed_from_receipt_and_told_apart(core: Core, clock: MovableClock) -> None:
    rows = [await a_referral(core, callback="07700 900123", safe_text="yes") for _ in range(3)]
    clock.move(hours=2)
    with core.database.transaction() as session:
        for row, source in zip(rows[:2], ("1A", "2A"), strict=True):
            core.deciding.act(session, row.reference, Action.OPEN, SAM, {})
            asked = {"code": "nfa", "reason": "so", "level": "1", "contact_source": source}
            core.deciding.act(session, row.reference, Action.RATE, SAM, {**asked, "severity": "green"})
            core.deciding.act(session, row.reference, Action.DECIDE, SAM, asked)
    clock.move(days=2)
    with core.database.reading() as session:
        found = counted(session, days=7, by=By.SENDER, now=clock())
    assert {group.name: group.count for group in found.groups} == {"public": 1, "professional": 1, "neither": 1}
    whole = found.whole
    assert (whole.receipt.done, whole.receipt.median, whole.receipt.in_time) == (3, 0.0, 1.0)
    assert (whole.look.done, whole.look.median, whole.look.p90, whole.look.in_time) == (2, 2.0, 2.0, 2 / 3)
    assert (whole.decision.done, whole.outcome.done) == (2, 0)
    assert [(each.came, each.decided, each.open) for each in found.stretches if each.came] == [(3, 2, 3)]
    assert len(found.stretches) == 7 and not found.by_week and not found.is_cut


async def test_where_more_came_than_is_counted_the_period_is_shorter_and_says_so(
    core: Core, clock: MovableClock
) -> None:
    for _ in range(4):
        await a_referral(core)
        clock.move(days=1)
    with core.database.reading() as session:
        found = counted(session, days=28, by=By.CHANNEL, now=clock(), most=2)
    assert found.is_cut and found.whole.count == 2 and found.since == clock() - timedelta(days=2)
    assert [each.came for each in found.stretches] == [1, 1, 0]


async def test_the_outcome_is_timed_to_the_notice_that_told_it(core: Core, clock: MovableClock) -> None:
    row = await a_referral(core, email="alex@example.org", safe_email="yes")
    clock.move(hours=1)
    with core.database.transaction() as session:
        core.deciding.act(session, row.reference, Action.OPEN, SAM, {})
        asked = {"code": "advice", "reason": "so", "level": "1"}
        core.deciding.act(session, row.reference, Action.DECIDE, SAM, asked)
    clock.move(hours=1)
    with core.database.transaction() as session:
        assert counted(session, days=7, by=By.CHANNEL, now=clock()).whole.outcome.done == 0
        [told] = [one for one in notice.of_referrals(session, [row.id or 0]) if one.kind == NoticeKind.LOOKED_AT]
        told.state, told.sent_at = NoticeState.SENT, clock()
        session.add(told)
    with core.database.reading() as session:
        outcome = counted(session, days=7, by=By.CHANNEL, now=clock()).whole.outcome
    assert (outcome.done, outcome.median, outcome.in_time) == (1, 2.0, 1.0)


def test_the_sources_are_public_professional_or_neither() -> None:
    told = {code: str(sender_of(code)) for code in ("1A", "1D", "2A", "3F", "4", "5D", "6", "7", "8", "9", "10")}
    assert [told[code] for code in ("1A", "1D")] == ["public"] * 2
    assert [told[code] for code in ("8", "9", "10")] == ["neither"] * 3
    assert set(told.values()) == {"public", "professional", "neither"} and told["7"] == "professional"
