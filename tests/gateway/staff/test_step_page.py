"""A step on the page: what it needs and what it sends is shown before, and who is at it is said in plain words."""

from __future__ import annotations

import pytest
from selectolax.lexbor import LexborHTMLParser
from sqlmodel import select

from gateway.core import Core
from storage import notice
from storage.notice import NoticeKind
from storage.referral import Referral
from storage.staff import Role
from tests.builders import a_referral
from tests.fakes import MovableClock
from tests.gateway.office import Browser, Office, words_of

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
NFA = {"code": "nfa", "level": "1", "reason": "The school sees her daily"}


async def opened(core: Core, office: Office, name: str = "sam", **stands: object) -> tuple[Browser, str, Referral]:
    """A browser whose user has opened a referral that can be answered by text, and its address."""
    row = await a_referral(core, callback="07700 900123", safe_text="yes")
    browser = await office.browser(name=name)
    here = f"/referrals/{row.reference}"
    await browser.send(await browser.see(here), f"{here}/open")
    with core.database.transaction() as session:
        held = session.get_one(Referral, row.id)
        for column, value in stands.items():
            setattr(held, column, value)
    return browser, here, row


def told(core: Core, row: Referral, kind: str = NoticeKind.LOOKED_AT) -> list[str]:
    with core.database.reading() as session:
        return [one.text for one in notice.of_referrals(session, [row.id or 0]) if one.kind == kind]


def page_of(text: str) -> LexborHTMLParser:
    return LexborHTMLParser(text)


async def test_the_exact_notice_and_where_it_goes_are_shown_before_anything_is_done(
    core: Core, office: Office, clock: MovableClock
) -> None:
    browser, here, row = await opened(core, office, told_as="professional")
    first = await browser.send(await browser.see(here), f"{here}/decide", **NFA)
    words = words_of(first)
    assert first.status_code == 200 and "Check what is sent" in words and "Nothing is saved or sent yet." in words
    assert "To the person who told us, by text, to the number ending 123" in words and told(core, row) == []
    assert (browser.name, f"Read where a notice goes, ledger number {row.ledger_no}") in office.private_history()
    clock.move(minutes=3)  # read slowly: nothing has changed
    second = await browser.send(page_of(first.text), f"{here}/decide")
    assert second.status_code == 303 and [text in first.text for text in told(core, row)] == [True]


async def test_going_back_keeps_what_was_typed_and_what_changed_is_shown_again(core: Core, office: Office) -> None:
    browser, here, row = await opened(core, office)
    first = page_of((await browser.send(await browser.see(here), f"{here}/decide", **NFA)).text)
    back = first.css('button[formaction$="/change"]')
    hidden = {str(each.attributes["name"]): each.attributes["value"] or "" for each in first.css("input[type=hidden]")}
    page = page_of((await browser.client.post(str(back[0].attributes["formaction"]), data=hidden)).text)
    typed = page.css_first("#decide-reason")
    assert typed and typed.text() == NFA["reason"] and page.css_first('option[value="nfa"][selected]')
    step = page.css_first("#step-decide")
    assert step and "open" in step.attributes and page.css_first(".govuk-error-summary") is None
    with core.database.transaction() as session:
        session.get_one(Referral, row.id).told_as = "parent"
    again = await browser.send(first, f"{here}/decide")
    assert again.status_code == 200 and "Something changed since you saw it." in words_of(again)
    assert told(core, row) == []


async def test_what_a_step_will_need_is_said_before_it_is_taken(core: Core, office: Office) -> None:
    other = await a_referral(core)
    browser, here, row = await opened(
        core, office, linked_to=other.reference, child_told_us=True, severity_highest="red", severity="green"
    )
    step = (await browser.see(here)).css_first("#step-decide")
    assert step is not None
    words = " ".join(step.text(separator=" ").split())
    for said in (
        "What it will need here",
        f"A manager must agree to no further action on a child we heard of before. It is linked to {other.reference}.",
        "A manager must agree to no further action on what a child told us. A child told us of it.",
        "It was red before.",
        "Not about a child: A second person must agree that it is not about a child.",
        "If it may be malicious: A manager must agree that it may be malicious.",
    ):
        assert said in words, said
    with core.database.transaction() as session:
        held = session.get_one(Referral, row.id)
        held.state, held.decision_code = "decided", "s47"
    closing = (await browser.see(here)).css_first("#step-close")
    assert closing and "Say who in the receiving team accepted it." in closing.text()


async def test_only_a_manager_takes_over_what_somebody_is_at_and_others_once_it_is_let_lie(
    core: Core, office: Office, clock: MovableClock
) -> None:
    sam, here, _ = await opened(core, office)
    manager, kim = await office.browser(Role.MANAGER, "max"), await office.browser(name="kim")
    clock.move(minutes=3)
    page = await kim.see(here)
    held = page.css_first(".steps-held")
    assert held and "sam is on it, since 10:15am, last active 3 min ago." in " ".join(held.text().split())
    assert {str(form.attributes["action"]).rpartition("/")[2] for form in page.css(".staff-step form")} == {
        "note",
        "link",
    }
    assert "Sam is at it, until 10:30am or as long as they go on. You can: link it to another referral" in words_of(
        page
    )
    refused = await manager.send(await manager.see(here), f"{here}/claim")
    assert refused.status_code == 422 and "Say why you take it from whoever is at it" in words_of(refused)
    assert (await manager.send(page_of(refused.text), f"{here}/claim", reason="Sam is ill")).status_code == 303
    assert "max is on it" in words_of(await sam.see(here))
    clock.move(minutes=16)
    page = await kim.see(here)
    assert "max answers for it, and is not on it now." in words_of(page)
    assert (await kim.send(page, f"{here}/claim")).status_code == 303
    assert "Taken over from max" in words_of(await kim.see(here))


async def test_two_people_do_it_in_two_browsers(core: Core, office: Office) -> None:
    sam, here, row = await opened(core, office, child_told_us=True)
    card = await sam.send(await sam.see(here), f"{here}/decide", **NFA)
    assert "A manager has to agree" in words_of(card) and "A manager must agree to no further action" in words_of(card)
    page = page_of(card.text)
    hidden = {str(each.attributes["name"]): each.attributes["value"] or "" for each in page.css("input[type=hidden]")}
    asked = await sam.client.post(f"{here}/decide/agreement", data=hidden)
    assert asked.headers["location"].endswith("done=agreement") and told(core, row) == []
    assert "Waits for a manager to agree to a decision." in words_of(await sam.see(here))
    with core.database.reading() as session:
        [task] = notice.open_tasks(session, [row.id or 0])
    done_elsewhere = await office.program().post(f"/api/v1{here}/tasks/{task.id}", json={"result": "Fine"})
    assert done_elsewhere.status_code == 409, "the task is answered on its own page"
    manager = await office.browser(Role.MANAGER, "max")
    found = (await manager.see("/agreements")).css_first(".staff-queue__ref a")
    assert found is not None
    there = str(found.attributes["href"])
    question = await manager.see(there)
    assert "A manager must agree to no further action on what a child told us." in words_of(question)
    assert "The school sees her daily" in words_of(question) and "to the number ending 123" in words_of(question)
    assert (await manager.send(question, f"{there}/disagree")).status_code == 422
    assert (await manager.send(question, f"{there}/agree")).status_code == 303
    with core.database.reading() as session:
        done = session.exec(select(Referral).where(Referral.id == row.id)).one()
    assert (done.state, done.decided_by, done.agreed_by) == ("decided", "sam", "max") and len(told(core, row)) == 1


async def test_a_colleague_who_signs_in_here_is_asked_and_not_named(core: Core, office: Office) -> None:
    browser, here, _ = await opened(core, office, child_told_us=True)
    await office.browser(Role.MANAGER, "max")
    page = await browser.see(here)
    refused = await browser.send(page, f"{here}/decide", **NFA, agreed_by="max")
    assert refused.status_code == 422 and "max signs in here" in words_of(refused)
    named = await browser.send(page, f"{here}/decide", **NFA, agreed_by="night manager")
    assert named.status_code == 422 and "nobody of that name has an account here" in words_of(named)
    for_two = NFA | {"code": "not_about_a_child"}
    assert (await browser.take(page, f"{here}/decide", **for_two, agreed_by="night manager")).status_code == 303


async def test_next_for_me_leads_to_it_and_back_to_the_queue_when_nothing_is_left(core: Core, office: Office) -> None:
    row, browser = await a_referral(core), await office.browser(name="sam")
    mark = {"mark": str((await browser.see("/queue")).css("input[name=mark]")[0].attributes["value"])}
    first = await browser.client.post("/next", data=mark)
    assert first.headers["location"] == f"/referrals/{row.reference}?done=claim"
    second = await browser.client.post("/next", data=mark)
    assert second.headers["location"] == "/queue?next=none"
    assert (await office.program(Role.SOCIAL_WORKER).post("/api/v1/queue/next")).status_code == 404
    reader = await office.program(Role.READONLY).post("/api/v1/queue/next")
    assert reader.status_code == 403
