"""The queue as staff see it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from selectolax.lexbor import LexborHTMLParser

from gateway import ladder, notices
from gateway.core import Core
from gateway.owing import About
from gateway.staff.queue import PAGE
from gateway.wiring import wire_climbing
from storage import referral
from storage.staff import Role
from tests.builders import a_message, a_note, a_referral, read_all
from tests.fakes import MovableClock
from tests.gateway.office import Office, words_of

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def lines_of(page: LexborHTMLParser) -> list[str]:
    """Each row of the table as text."""
    return [" ".join(row.text(separator=" ").split()) for row in page.css("tbody tr")]


async def test_a_row_says_what_it_is_how_long_is_left_and_what_comes_next(core: Core, office: Office) -> None:
    row = await a_referral(core, text="Shouting at night", child="Alex")
    [line] = lines_of(await (await office.browser()).see("/queue"))
    for words in (row.reference, "1 day left", "by 10:15am Tue 24 Nov", "Call taker", "Shouting at night", "Not rated",
                  "Named", "Read it and decide who acts", "Nobody"):  # fmt: skip
        assert words in line


async def test_what_is_overdue_comes_first_and_is_marked_in_words(
    core: Core, office: Office, clock: MovableClock
) -> None:
    old = await a_referral(core, text="Old one")
    clock.move(days=1, hours=1)
    await a_referral(core, text="New one")
    page = await (await office.browser()).see("/queue")
    lines = lines_of(page)
    assert old.reference in lines[0] and "Overdue by 1 h" in lines[0]
    assert [row.attributes["class"] for row in page.css("tbody tr")] == ["is-overdue", "is-later"]
    assert "2 open 1 overdue" in words_of(page)


async def test_what_has_just_arrived_is_there_before_it_is_read(core: Core, office: Office) -> None:
    receipt = await core.intake.accept(a_message())
    browser = await office.browser()
    [line] = lines_of(await browser.see("/queue"))
    assert receipt.reference in line and "It has just arrived and is being read" in line
    assert "has just arrived" in words_of(await browser.see(f"/referrals/{receipt.reference}"))


async def test_a_task_stands_on_its_row_and_in_the_list_of_tasks(
    core: Core, office: Office, clock: MovableClock
) -> None:
    row, browser = await a_referral(core, text=""), await office.browser()
    clock.move(hours=3)
    queue = await browser.see("/queue")
    assert "Task Acknowledge by hand: the call ended before anything was written down. Overdue by 1 h" in words_of(
        queue
    )
    assert "1 task overdue" in words_of(queue)
    [line] = lines_of(await browser.see("/tasks"))
    assert row.reference in line and "Overdue by 1 h" in line


async def test_a_task_keeps_its_capitals_after_the_first(core: Core, office: Office) -> None:
    row = await a_referral(core, text="")
    with core.database.transaction() as session:
        told = notices.task("tell Sam Example. Look first at how to reach them safely", core.clock())
        core.owing.write(session, session.get_one(referral.Referral, row.id), told, About())
    browser = await office.browser()
    for page in ("/queue", "/tasks"):
        assert "Tell Sam Example. Look first at how" in words_of(await browser.see(page))


async def test_the_queue_has_pages_and_nothing_is_left_out_or_shown_twice(core: Core, office: Office) -> None:
    told = [(await core.intake.accept(a_note(f"Note {n}"))).reference for n in range(PAGE + 5)]
    await read_all(core)
    browser = await office.browser()
    seen: list[str] = []
    for number, has_next in ((1, True), (2, False)):
        page = await browser.see(f"/queue?page={number}")
        seen += [link.text(strip=True) for link in page.css("tbody a")]
        assert (page.css_first("a[rel=next]") is not None) == has_next
    assert sorted(seen) == sorted(told)


async def test_who_told_us_is_not_in_the_queue(core: Core, office: Office) -> None:
    await a_referral(core, callback="07700 900123", safe_text="yes", caller_name="Robin Example")
    answer = await (await office.browser(Role.MANAGER)).client.get("/queue")
    assert "900123" not in answer.text and "Robin" not in answer.text
    assert office.private_history() == []


async def test_words_of_a_sender_are_shown_as_words(core: Core, office: Office) -> None:
    row = await a_referral(core, text="<img src=x onerror=alert(1)>")
    browser = await office.browser()
    for path in ("/queue", f"/referrals/{row.reference}"):
        page = await browser.see(path)
        assert page.css_first("img[onerror]") is None
        assert "<img src=x onerror=alert(1)>" in words_of(page)


async def test_a_referral_that_was_closed_leaves_the_queue(core: Core, office: Office) -> None:
    row = await a_referral(core)
    with core.database.transaction() as session:
        stored = referral.by_reference(session, row.reference)
        assert stored
        stored.state, stored.closed_at = "closed", core.clock() + timedelta(hours=1)
        session.add(stored)
    assert "Nothing is open." in words_of(await (await office.browser()).see("/queue"))


async def test_the_row_says_how_far_it_has_climbed_and_who_was_told(
    core: Core, office: Office, clock: MovableClock
) -> None:
    row, climbing, line = await a_referral(core), wire_climbing(core), ""
    expected = (
        "Half its time is gone", "Three quarters of its time are gone: duty manager told 4:15pm",
        "Overdue: team manager told 10:15am", "It is still not done: head of service told 2:15pm",
    )  # fmt: skip
    for at, words in zip(ladder.rung_times(row), expected, strict=False):
        clock.at = at
        await climbing.look()
        [line] = lines_of(await (await office.browser()).see("/queue"))
        assert words in line
    assert "Task for the head of service It is still not done: phone the team manager." in line


async def test_what_has_climbed_stands_above_what_has_less_time_left(
    core: Core, office: Office, clock: MovableClock
) -> None:
    old = await a_referral(core, text="Old one")
    clock.move(hours=5)
    await wire_climbing(core).look()
    urgent = await a_referral(core, text="Urgent one")
    with core.database.transaction() as session:
        stored = referral.by_reference(session, urgent.reference)
        assert stored
        stored.due_at = clock() + timedelta(hours=1)
        session.add(stored)
    lines = lines_of(await (await office.browser()).see("/queue"))
    assert old.reference in lines[0] and urgent.reference in lines[1]


async def test_what_could_not_be_read_for_ten_minutes_says_so(core: Core, office: Office, clock: MovableClock) -> None:
    await core.intake.accept(a_message())
    clock.move(minutes=11)
    [line] = lines_of(await (await office.browser()).see("/queue"))
    assert "It is kept but could not be read yet" in line
