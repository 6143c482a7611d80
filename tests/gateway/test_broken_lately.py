"""A page that is opened often shows the oldest broken promises, and counts no further than it says."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import delete

from gateway import checking
from gateway.broken_lately import LATELY, BrokenLately, broken_lately
from gateway.core import Core
from storage import direct
from storage.notice import Notice
from tests.builders import a_referral
from tests.fakes import MovableClock

ON_SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def seen(core: Core, *, shown: int, most: int) -> BrokenLately:
    with core.database.reading() as session:
        return broken_lately(session, core.clock(), shown=shown, most=most)


@ON_SQLITE
async def test_of_each_rule_the_oldest_are_shown_and_counted_as_far_as_asked(core: Core, clock: MovableClock) -> None:
    rows = []
    for _ in range(4):
        rows.append(await a_referral(core))
        clock.move(hours=1)
    clock.move(days=2)
    found = seen(core, shown=2, most=3)
    assert found.oldest[0].reference == rows[0].reference and len(found.oldest) == 2
    assert found.by_rule["not_looked_at"] == 3 and found.is_more
    exact = seen(core, shown=2, most=5)
    assert exact.by_rule["not_looked_at"] == 4 and not exact.is_more
    assert exact.whole == sum(exact.by_rule.values())
    assert seen(core, shown=9, most=9).by_rule == exact.by_rule


async def test_what_is_owed_is_told_with_what_it_is_about(core: Core, clock: MovableClock) -> None:
    row = await a_referral(core)
    with core.database.transaction() as session:
        task = Notice(
            referral_id=row.id or 0, kind="staff_task", channel="staff", reason="ring them", due_at=clock(),
            created_at=clock(),
        )  # fmt: skip
        direct.add(session, task)
    clock.move(minutes=1)
    told = {(each.rule, each.reference, each.what) for each in seen(core, shown=5, most=5).oldest}
    assert ("task_overdue", row.reference, "ring them") in told


@ON_SQLITE
async def test_who_has_no_acknowledgement_is_looked_for_among_the_latest(core: Core, clock: MovableClock) -> None:
    row = await a_referral(core)
    with core.database.transaction() as session:
        session.execute(delete(Notice))
    clock.move(hours=1)
    assert seen(core, shown=5, most=5).by_rule["no_acknowledgement"] == 1
    clock.at = row.captured_at + LATELY + timedelta(minutes=1)
    assert "no_acknowledgement" not in seen(core, shown=5, most=5).by_rule


@ON_SQLITE
async def test_a_gap_among_the_last_numbers_of_the_ledger_is_shown(core: Core) -> None:
    await a_referral(core)
    await a_referral(core)
    assert "ledger_gap" not in seen(core, shown=5, most=5).by_rule
    with core.database.transaction() as session:
        direct.change(session, "UPDATE ledger_head SET ledger_no = ?", (3,))
    assert seen(core, shown=5, most=5).by_rule["ledger_gap"] == 1


@ON_SQLITE
async def test_a_number_that_is_missing_among_the_last_is_told_though_there_are_as_many_before_it(core: Core) -> None:
    for _ in range(3):
        await a_referral(core)
    with core.database.transaction() as session:
        assert checking.ledger_gap(session, core.clock(), among=3) == []
        direct.change(session, "UPDATE ledger_head SET ledger_no = ?", (4,))
    await a_referral(core)
    with core.database.reading() as session:
        assert len(checking.ledger_gap(session, core.clock(), among=3)) == 1
        assert checking.ledger_gap(session, core.clock(), among=1) == []
