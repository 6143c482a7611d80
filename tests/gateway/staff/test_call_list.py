"""The list of calls: a page of it at a time, what somebody has still to do apart from what nobody has."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from gateway.calls_taken import calls_taken
from gateway.core import Core
from storage import draft
from storage.columns import new_id
from storage.draft import PAGE, Draft, DraftState
from storage.staff import Role
from tests.fakes import MovableClock
from tests.gateway.office import Office, words_of
from tests.gateway.staff.test_call_page import a_call

ON_SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def a_draft(core: Core, number: int, **given: Any) -> Draft:
    """A call of casey's, the higher the number the longer ago."""
    at = core.clock() - timedelta(hours=number + 1)
    values: dict[str, Any] = {
        "id": new_id(), "reference": f"AAA-{1000 + number}-AA", "taken_by": "casey", "saved_by": "casey",
        "began_at": at, "saved_at": at, "version": 1,
    }  # fmt: skip
    return Draft(**values | given)


def keep(core: Core, *rows: Draft) -> None:
    with core.database.transaction() as session:
        session.add_all(rows)


def owed(core: Core, number: int, **given: Any) -> Draft:
    """One that casey handed in and has not wrapped up."""
    handed = {"state": DraftState.HANDED_IN, "handed_by": "casey", "handed_at": core.clock() - timedelta(hours=number)}
    return a_draft(core, number, **handed | given)


@ON_SQLITE
async def test_calls_are_listed_a_page_at_a_time_the_newest_first(core: Core, office: Office) -> None:
    keep(core, *(a_draft(core, number) for number in range(PAGE + 2)))
    casey = await office.browser(Role.CALL_TAKER, "casey")
    first, second = await casey.see("/calls"), await casey.see("/calls?page=2")
    assert [len(page.css("[data-row]")) for page in (first, second)] == [PAGE, 2]
    assert "AAA-1000-AA" in words_of(first) and "AAA-1026-AA" in words_of(second)
    assert [bool(page.css_first("a[rel=next]")) for page in (first, second)] == [True, False]
    assert "There is nothing on this page." in words_of(await casey.see("/calls?page=3"))


@ON_SQLITE
async def test_what_is_to_be_wrapped_up_says_how_long_it_waits_and_goes_on_to_older_pages(
    core: Core, office: Office
) -> None:
    keep(core, *(owed(core, number) for number in range(1, PAGE + 2)), owed(core, 50, is_parked=True))
    casey = await office.browser(Role.CALL_TAKER, "casey")
    first, second = words_of(await casey.see("/calls")), words_of(await casey.see("/calls?wrap_up=2"))
    assert "AAA-1001-AA It has waited 1 h" in first and "AAA-1050-AA" not in first
    assert "AAA-1050-AA Put off. It has waited 2 days 2 h" in second and "Older" not in second
    assert "Yours to wrap up" not in words_of(await (await office.browser(name="sam")).see("/calls"))


@ON_SQLITE
async def test_a_call_that_became_a_report_by_itself_asks_nothing_of_anybody(
    core: Core, office: Office, clock: MovableClock
) -> None:
    casey = await office.browser(Role.CALL_TAKER, "casey")
    call = await a_call(casey)
    await casey.send(await casey.see(call), call, do="save", text="Shouting")
    clock.move(minutes=11)
    await calls_taken(core).left.look()
    keep(core, a_draft(core, 1, state=DraftState.HANDING_IN, handed_at=core.clock()))
    page = await casey.see("/calls")
    assert "Every call is finished." in words_of(page) and not page.css("[data-row]")
    assert "Went into the queue by themselves Calls you began and left." in words_of(page)
    assert page.css_first(f'a[href="{call}/done"]') is not None
    assert "AAA-1001-AA, on its way" in words_of(page)
    assert "by themselves" not in words_of(await (await office.browser(name="sam")).see("/calls"))


async def test_the_phone_rings_and_all_that_is_owed_waits_for_this_person_alone(core: Core) -> None:
    keep(core, owed(core, 1), owed(core, 2, wrapped_at=core.clock()), owed(core, 3, handed_by="kim"))
    with core.database.transaction() as session:
        draft.put_off(session, "casey")
    with core.database.reading() as session:
        assert [row.is_parked for row in draft.to_wrap_up(session, "casey")] == [True]
        assert [row.is_parked for row in draft.to_wrap_up(session, "kim")] == [False]
    if core.database.engine.dialect.name == "sqlite":
        with core.database.reading() as session:
            asked = f"EXPLAIN QUERY PLAN SELECT * FROM draft WHERE {draft.OWED} AND handed_by = 'casey'"
            assert "draft_to_wrap_up" in str(session.connection().exec_driver_sql(asked).all())
