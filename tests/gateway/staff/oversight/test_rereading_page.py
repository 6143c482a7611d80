"""A manager reads a decision again on the page; whoever had a part in it is told that somebody else does."""

from datetime import timedelta

import pytest

from gateway.core import Core
from gateway.rereading import drawing_of
from storage import referral
from storage.referral import Referral
from storage.staff import Role
from tests.fakes import MovableClock
from tests.gateway.office import Office, words_of
from tests.gateway.rereading.test_drawing import closed

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


async def test_a_manager_disagrees_with_a_reason_and_it_is_open_again(core: Core, clock: MovableClock) -> None:
    row, office = await closed(core), Office(core)
    clock.move(days=7)
    await drawing_of(core).look()
    browser = await office.browser(Role.MANAGER, "morgan")
    page = await browser.see("/oversight/rereading")
    assert "1 drawn of 1. Drawn again just now, the lot gives the same." in words_of(page)
    assert "No further action, decided by sam, agreed by jo." in words_of(page)
    [action] = [str(form.attributes["action"]) for form in page.css("main form")]
    refused = await browser.send(page, action, answer="disagree", reason="")
    assert refused.status_code == 422 and "Say why you do not agree" in words_of(refused)
    assert (await browser.send(page, action, answer="disagree", reason="The bruise was new")).status_code == 303
    assert "morgan disagrees : The bruise was new" in words_of(await browser.see("/oversight/rereading"))
    with core.database.reading() as session:
        again = referral.by_reference(session, row.reference)
    assert again is not None and again.state == "reopened"


async def test_who_agreed_to_it_gets_no_form_and_cannot_post_one(core: Core, clock: MovableClock) -> None:
    await closed(core)
    clock.move(days=7)
    await drawing_of(core).look()
    office = Office(core)
    other = await (await office.browser(Role.MANAGER, "morgan")).see("/oversight/rereading")
    [action] = [str(form.attributes["action"]) for form in other.css("main form")]
    browser = await office.browser(Role.MANAGER, "jo")
    page = await browser.see("/oversight/rereading")
    assert page.css("main form") == [] and "You had a part in this decision." in words_of(page)
    mark = page.css("input[name=mark]")[0].attributes["value"] or ""
    answer = await browser.client.post(action, data={"mark": mark, "answer": "agree"})
    assert answer.status_code == 403


async def test_that_a_newer_decision_stands_is_said_before_anybody_disagrees(core: Core, clock: MovableClock) -> None:
    row = await closed(core)
    clock.move(days=7)
    await drawing_of(core).look()
    with core.database.transaction() as session:
        held = session.get_one(Referral, row.id)
        held.decided_at, held.decision_reason = core.clock() + timedelta(minutes=1), "Looked again"
    page = await (await Office(core).browser(Role.MANAGER, "morgan")).see("/oversight/rereading")
    assert "A newer decision stands." in words_of(page) and "Looked again" not in words_of(page)
    assert "I disagree: open it again" not in words_of(page)
