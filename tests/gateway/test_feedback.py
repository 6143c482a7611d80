"""What gets in the way of staff is kept like any message, disturbs no work on a child, and is counted as no report."""

from __future__ import annotations

import pytest

from gateway import sampling
from gateway.core import Core
from gateway.exporting import Kind, export
from gateway.figures.counting import By, counted
from gateway.working_days import in_london
from storage import message, notice, referral
from storage.notice import NoticeState
from storage.referral import Referral
from storage.staff import Role
from tests.builders import a_note, a_referral, read_all
from tests.fakes import MovableClock
from tests.gateway.office import Office, words_of

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


async def said(core: Core, office: Office, words: str = "The list jumps while I read") -> Referral:
    browser = await office.browser(Role.CALL_TAKER, "casey")
    page = await browser.see("/feedback?page=/queue")
    answer = await browser.send(page, "/feedback", text=words)
    assert answer.status_code == 200 and "An administrator answers it within 5 working days." in words_of(answer)
    await read_all(core)
    with core.database.reading() as session:
        [*_, last] = referral.in_order_of_receipt(session, after=0, limit=99)
    return last


async def test_it_stands_in_the_queue_as_an_enquiry_and_nobody_outside_hears_of_it(core: Core) -> None:
    child = await a_referral(core)
    row = await said(core, Office(core), f"The page of {child.reference} jumps")
    assert (row.kind, row.queue, row.treated_as, row.ledger_no) == ("enquiry", "desk_feedback", "desk", 2)
    assert row.due_at.isoformat() == "2026-11-30T17:00:00+00:00" and row.promised_at is None
    with core.database.reading() as session:
        [kept] = message.of_referrals(session, [row.id or 0])
        owed = notice.of_referrals(session, [row.id or 0])
    assert kept.text.endswith("Written by casey, on the page /queue")
    assert [each.state for each in owed] == [NoticeState.CANCELLED]


async def test_it_is_in_the_ledger_and_in_no_sample_no_figure_and_no_list(core: Core, clock: MovableClock) -> None:
    await a_referral(core)
    await said(core, Office(core))
    await a_referral(core)
    pack = sampling.take(core, n=100, as_at=clock(), who="sam")
    assert [report.ledger_no for report in pack.reports] == [1, 3]
    assert b",not a report: staff wrote of the desk itself\r\n" in pack.files["ledger.csv"]
    with core.database.reading() as session:
        assert counted(session, days=7, by=By.CHANNEL, now=clock()).whole.count == 2
    day = in_london(clock()).date()
    assert export(core, Kind.ANNEX_A, first=day, last=day, who="sam").lines == 2


async def test_a_caller_cannot_make_a_report_about_a_child_into_one(core: Core) -> None:
    await core.intake.accept(a_note("There is shouting", desk="yes", about_desk="yes", cannot_answer="x"))
    await read_all(core)
    with core.database.reading() as session:
        [row] = referral.in_order_of_receipt(session, after=0, limit=9)
    assert (row.treated_as, row.queue) == ("referral", "front_door")


async def test_an_administrator_answers_it_and_it_is_finished(core: Core, clock: MovableClock) -> None:
    office = Office(core)
    row = await said(core, office)
    browser = await office.browser(Role.ADMINISTRATOR, "lee")
    page = await browser.see("/oversight/feedback")
    assert "The list jumps while I read" in words_of(page) and "Written by casey" in words_of(page)
    action = f"/oversight/feedback/{row.reference}"
    assert (await browser.send(page, action, answer=" ")).status_code == 422
    assert (await browser.send(page, action, answer="It waits now until you scroll")).status_code == 303
    page = await browser.see("/oversight/feedback")
    assert "Answered: It waits now until you scroll" in words_of(page) and page.css("main form") == []
    with core.database.reading() as session:
        after = referral.by_reference(session, row.reference)
    assert after is not None and (after.state, after.looked_by, after.rung_at) == ("closed", "lee", None)


async def test_an_empty_box_says_so_and_what_is_no_such_item_cannot_be_finished_there(core: Core) -> None:
    office, child = Office(core), await a_referral(core)
    browser = await office.browser(Role.MANAGER)
    page = await browser.see("/feedback")
    refused = await browser.send(page, "/feedback", text=" ")
    assert refused.status_code == 422 and "Write what gets in your way" in words_of(refused)
    mark = page.css("input[name=mark]")[0].attributes["value"] or ""
    answer = await browser.client.post(f"/oversight/feedback/{child.reference}", data={"mark": mark, "answer": "Done"})
    assert answer.status_code == 404
