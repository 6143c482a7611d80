"""Filters choose and can hide nothing that is overdue, whatever is combined."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta
from math import ceil

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from sqlalchemy import update
from sqlmodel import col

from gateway.core import Core
from gateway.staff import queue_filters
from gateway.staff.queue_filters import CHANNEL_NAMES, OPEN_STATES, TODAY, Child, Filters, Owner, Shows
from gateway.staff.queue_list import PAGE, View, ground, listed
from gateway.staff.queue_rows import PERHAPS_SPAM, Row
from storage.queue_order import FEWEST
from storage.referral import Kind, Referral, Severity, State
from tests.builders import a_message
from tests.fakes import MovableClock

ME = "sam"
MANY = 130


def some(values: list[str]) -> st.SearchStrategy[frozenset[str]]:
    return st.frozensets(st.sampled_from(values), max_size=3)


FILTERS = st.builds(
    Filters, channels=some(list(CHANNEL_NAMES)), severities=some(list(Severity)), states=some(list(OPEN_STATES)),
    kinds=some(list(Kind)), owner=st.sampled_from(Owner), child=st.sampled_from(Child),
    due_before=st.sampled_from(["", TODAY, "2026-11-24", "2026-11-26"]), shows=st.sampled_from(Shows),
)  # fmt: skip


@given(filters=FILTERS)
@example(filters=Filters())
def test_filters_are_the_same_after_a_way_through_the_address(filters: Filters) -> None:
    assert queue_filters.parse(filters.query()) == filters
    assert (filters.query() == "") == filters.is_everything == (filters.says() == ())


@pytest.mark.parametrize(
    "query",
    [
        "channel=fax",
        "severity=purple&owner=them",
        "due_before=soon",
        "due_before=9999-12-31",
        "state=closed",
        "%ff=%00",
    ],
)
def test_what_is_not_known_leaves_nothing_out(query: str) -> None:
    assert queue_filters.parse(query).is_everything


def fill(core: Core) -> None:
    """Referrals of every kind, a third of them late, some of what is in time half way up the ladder."""
    now = core.clock()
    for number in range(MANY):
        due = now + timedelta(minutes=(number * 37) % 3000 - 1000)
        with core.database.transaction() as session:
            session.add(_one(number, core, due=due, ladder=(0, 1, 2, 3, 7)[number % 5] if due < now else number % 3))


def _one(number: int, core: Core, *, due: datetime, ladder: int) -> Referral:
    now = core.clock()
    return Referral(
        reference=f"KMR-{number:04}-HX", ledger_no=10_000 + number, channel=CHANNEL_NAMES[number % 7],
        kind=list(Kind)[number % 9], state=list(State)[number % 6], severity=list(Severity)[number % 5],
        received_at=now, captured_at=now, look_by=due, due_at=due, next_action="Read it",
        owner=(None, ME, "robin")[number % 3], child_known=number % 2 == 0, last_message_at=now, ladder=ladder,
        perhaps_spam=number % 4 == 0,
    )  # fmt: skip


def every_page(core: Core, filters: Filters) -> tuple[list[list[Row]], int]:
    """What a reader who goes on to the last page is shown, page by page; how many are overdue in all."""
    with core.database.reading() as session:
        on, pages, has_more = ground(session, core.clock()), list[list[Row]](), True
        while has_more:
            seen = listed(session, on, View(filters=filters, page=len(pages) + 1, me=ME))
            assert [row.is_overdue for row in seen.overdue] == [True] * len(seen.overdue)
            assert [row.is_overdue for row in seen.rest] == [False] * len(seen.rest)
            pages.append(list(seen.rows))
            has_more = seen.has_more
        return pages, on.overdue


def wants(filters: Filters, row: Row, core: Core) -> bool:
    """The filters' meaning in plain words."""
    ends, spam = filters.choice(ME, core.clock()).due_before, PERHAPS_SPAM in row.marks
    return (
        row.channel in (filters.channels or CHANNEL_NAMES)
        and row.severity in (filters.severities or set(Severity))
        and row.state in (filters.states or set(State))
        and row.kind in (filters.kinds or set(Kind))
        and {Owner.ANYONE: True, Owner.ME: row.owner == ME, Owner.NOBODY: row.owner is None}[filters.owner]
        and {Child.ANY: True, Child.KNOWN: row.child_known, Child.UNKNOWN: not row.child_known}[filters.child]
        and (ends is None or row.due_at < ends)
        and {Shows.ALL: True, Shows.WANTED: not spam, Shows.UNWANTED: spam}[filters.shows]
    )


def test_whatever_is_filtered_all_that_is_overdue_comes_first_and_then_all_that_was_chosen_once(
    core: Core, clock: MovableClock
) -> None:
    asyncio.run(_two_unread(core, clock))
    fill(core)
    whole = [row for page in every_page(core, Filters())[0] for row in page]
    late = {row.reference for row in whole if row.is_overdue}
    assert len(whole) == len({row.reference for row in whole}) and len(late) > PAGE // 2

    @settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
    @given(filters=FILTERS)
    def holds(filters: Filters) -> None:
        pages, overdue = every_page(core, filters)
        rows = [row for page in pages for row in page]
        first = [row.reference for page in pages[: ceil(len(late) / PAGE)] for row in page]
        assert overdue == len(late) and set(first[: len(late)]) == late
        chosen = {row.reference for row in whole if not row.is_overdue and wants(filters, row, core)}
        rest = [row.reference for row in rows[len(late) :]]
        assert sorted(rest) == sorted(chosen)

    holds()


def test_what_one_person_has_is_counted_to_a_hundred_and_said_to_be_more(core: Core) -> None:
    due = core.clock() + timedelta(hours=1)
    with core.database.transaction() as session:
        session.add_all(_one(number * 6, core, due=due, ladder=0) for number in range(FEWEST + 1))
        session.flush()
        session.execute(update(Referral).values(owner=ME))
    with core.database.reading() as session:
        assert ground(session, core.clock()).owned == {ME: "more than 100"}
    with core.database.transaction() as session:
        session.execute(update(Referral).where(col(Referral.ledger_no) == 10_000).values(owner="robin"))
    with core.database.reading() as session:
        assert ground(session, core.clock()).owned == {ME: "100", "robin": "1"}


async def _two_unread(core: Core, clock: MovableClock) -> None:
    """Kept and not read yet, one of them too late by now."""
    await core.intake.accept(a_message())
    clock.move(days=2)
    await core.intake.accept(a_message(channel="email"))
