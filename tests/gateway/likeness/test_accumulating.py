"""Several low reports about one cluster make a manager look, once for each, whatever is killed in between."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest

from gateway.core import Core
from gateway.deciding import Actor
from gateway.likeness.accumulating import Accumulating, Limit
from gateway.likeness.following import Following
from gateway.searching.filling import Filling
from gateway.staff import tasks as finishing
from storage import accumulation, audit, direct, notice
from storage.notice import Notice
from storage.referral import Referral
from tests.builders import a_referral
from tests.fakes import MovableClock

ON_SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
SAM = Actor(name="Sam", role="social_worker")
PLACE = "They live at 9 Elm Row, NT1 2AB."


class Killed(Exception):
    """The process ended here."""


async def a_report(core: Core, words: str = "Shouting at night.", place: str = PLACE) -> Referral:
    row = await a_referral(core, f"{words} {place}")
    with core.database.transaction() as session:
        core.deciding.act(session, row.reference, "open", SAM, {})  # type: ignore[arg-type]
    return row


def rate(core: Core, row: Referral, severity: str = "green") -> None:
    with core.database.transaction() as session:
        core.deciding.act(session, row.reference, "rate", SAM, {"severity": severity, "reason": "as said"})  # type: ignore[arg-type]


def tasks(core: Core, *rows: Referral) -> list[Notice]:
    with core.database.reading() as session:
        owed = notice.open_tasks(session, [row.id or 0 for row in rows])
        return [task for task in owed if (task.reason or "").startswith("a manager must look")]


async def test_the_third_low_report_in_ninety_days_makes_a_manager_look(core: Core, clock: MovableClock) -> None:
    rows = []
    for words in ("Shouting at night.", "The boy is out late.", "A girl cries."):
        rows.append(await a_report(core, words))
        clock.move(days=20)
    for row in rows[:2]:
        rate(core, row)
    assert tasks(core, *rows) == []
    rate(core, rows[2])
    (task,) = tasks(core, *rows)
    assert (task.referral_id, task.for_role) == (rows[2].id, "team_manager")
    names = ", ".join(row.reference for row in rows)
    assert task.reason == f"a manager must look: 3 low reports that may be about the same, in 90 days: {names}"
    with core.database.reading() as session:
        for row in rows:
            told = [line.what for line in audit.of_referrals(session, [row.id or 0])]
            assert f"Low reports add up: a manager must look at {names} together" in told
    rate(core, rows[0], "blue")
    assert len(tasks(core, *rows)) == 1


@ON_SQLITE
@pytest.mark.parametrize("years", [0, 3])
async def test_what_was_finished_long_before_reports_were_counted_is_no_news(
    core: Core, clock: MovableClock, years: int
) -> None:
    rows = [await a_report(core, f"Report {number}.") for number in range(3)]
    with core.database.transaction() as session:
        direct.ask(session, "UPDATE referral SET severity = 'green', state = 'closed', closed_at = ?", (core.clock(),))
        direct.ask(session, "INSERT INTO search_due (referral_id, tries) SELECT id, 0 FROM referral")
    clock.move(days=365 * years)
    assert await Filling(database=core.database, seal=core.seal).look() == len(rows)
    assert len(tasks(core, *rows)) == (0 if years else 1)


@ON_SQLITE
async def test_a_fourth_is_added_to_a_task_nobody_has_done_and_starts_anew_after_it(core: Core) -> None:
    rows = [await a_report(core, f"Report {number}.") for number in range(4)]
    for row in rows:
        rate(core, row)
    (task,) = tasks(core, *rows)
    assert (task.times, (task.reason or "").startswith("a manager must look: 4 low")) == (2, True)
    with core.database.transaction() as session:
        held = session.get_one(Referral, task.referral_id)
        finishing.finish(session, held, task.id, SAM, "looked at all four", at=core.clock())
        assert len(accumulation.of_task(session, task.id)) == 4
    fifth = await a_report(core, "Report 5.")
    rate(core, fifth)
    assert tasks(core, *rows, fifth) == []


@ON_SQLITE
async def test_what_is_amber_taken_further_or_long_ago_does_not_count(core: Core, clock: MovableClock) -> None:
    old = await a_report(core, "Long ago.")
    rate(core, old)
    clock.move(days=100)
    rows = [await a_report(core, f"Report {number}.") for number in range(3)]
    rate(core, rows[0])
    rate(core, rows[1], "amber")
    rate(core, rows[2])
    assert tasks(core, old, *rows) == []


@ON_SQLITE
async def test_reports_of_other_houses_do_not_count(core: Core) -> None:
    for number in range(3):
        row = await a_report(core, f"Report {number}.", f"They live at {number + 10} Elm Row, NT1 2AB.")
        rate(core, row)
        assert tasks(core, row) == []


@ON_SQLITE
async def test_that_a_value_is_confirmed_as_the_same_house_counts_at_once(core: Core) -> None:
    rows = [await a_report(core, f"Report {number}.", "") for number in range(3)]
    for row in rows:
        rate(core, row)
    for row in rows[1:]:
        with core.database.transaction() as session:
            core.deciding.act(session, row.reference, "link", SAM, {"to": rows[0].reference})  # type: ignore[arg-type]
    assert len(tasks(core, *rows)) == 1


async def test_killed_between_rating_and_its_task_neither_is_kept_and_rated_again_both_are(core: Core) -> None:
    rows = [await a_report(core, f"Report {number}.") for number in range(3)]
    for row in rows[:2]:
        rate(core, row)
    whole = core.database.endings

    def die(*_: object) -> None:
        raise Killed

    core.database.endings = (*whole, die)
    with pytest.raises(Killed):
        rate(core, rows[2])
    core.database.endings = whole
    assert tasks(core, *rows) == []
    with core.database.reading() as session:
        assert session.get_one(Referral, rows[2].id).severity == "unrated"
    rate(core, rows[2])
    assert len(tasks(core, *rows)) == 1


async def test_two_at_once_make_one_task_and_never_none(core: Core) -> None:
    rows = [await a_report(core, f"Report {number}.") for number in range(4)]
    rate(core, rows[0])
    at_once = [threading.Thread(target=rate, args=(core, row)) for row in rows[1:]]
    for each in at_once:
        each.start()
    for each in at_once:
        each.join()
    assert len(tasks(core, *rows)) == 1


@ON_SQLITE
async def test_the_limit_is_a_setting(core: Core) -> None:
    two = Accumulating(owing=core.owing, clock=core.clock, limit=Limit(reports=2, days=7))
    core.database.endings = (Following(seal=core.seal, accumulating=two).follow,)
    rows = [await a_report(core, f"Report {number}.") for number in range(2)]
    for row in rows:
        rate(core, row)
    (task,) = tasks(core, *rows)
    assert "2 low reports" in (task.reason or "") and task.due_at > core.clock() + timedelta(hours=8)
