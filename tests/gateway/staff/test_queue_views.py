"""Views of the queue kept under a name, and numbers that lead to what they count."""

from __future__ import annotations

import pytest
from selectolax.lexbor import LexborHTMLParser

from gateway.core import Core
from gateway.staff.queue_views import MOST
from storage import referral
from storage.saved_view import SavedView
from storage.staff import Role
from tests.builders import a_referral
from tests.fakes import MovableClock
from tests.gateway.office import Browser, Office, words_of
from tests.gateway.staff.test_queue_page import lines_of

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def tabs(page: LexborHTMLParser) -> list[str]:
    return [" ".join(tab.text().split()) for tab in page.css("nav[aria-label=Views] a")]


def number(page: LexborHTMLParser, name: str) -> str:
    found = page.css_first(f"[data-count={name}]")
    assert found is not None
    return found.text(strip=True)


async def keep(browser: Browser, query: str, **typed: str) -> str:
    """Keep what this address shows as a view; where its tab leads."""
    answer = await browser.send(await browser.see(f"/queue?{query}"), "/queue/views", **typed)
    assert answer.status_code == 303
    return answer.headers["location"]


async def test_a_view_is_kept_begun_with_and_removed(core: Core, office: Office) -> None:
    red, plain = await a_referral(core, text="Red one"), await a_referral(core, text="Plain one")
    with core.database.transaction() as session:
        row = referral.by_reference(session, red.reference)
        assert row
        row.severity = "red"
        session.add(row)
    browser = await office.browser()
    where = await keep(browser, "severity=red", name="Mine tonight")
    page = await browser.see(where)
    assert tabs(page) == ["Everything", "Mine tonight"] and plain.reference not in words_of(page)
    view = where.partition("view=")[2]
    assert (await browser.send(page, f"/queue/views/{view}/first")).headers["location"] == where
    [line] = lines_of(await browser.see("/queue"))
    assert red.reference in line
    assert len(lines_of(await browser.see("/queue?shows=all"))) == 2
    await browser.send(await browser.see(where), f"/queue/views/{view}/remove")
    page = await browser.see("/queue")
    assert tabs(page) == ["Everything"] and len(lines_of(page)) == 2


async def test_what_is_overdue_stands_on_every_view_with_words_that_say_so(
    core: Core, office: Office, clock: MovableClock
) -> None:
    old = await a_referral(core, text="Old one")
    clock.move(days=2)
    page = await (await office.browser()).see("/queue?severity=red&owner=me")
    [line] = lines_of(page)
    assert old.reference in line
    title = page.css_first("#overdue-title")
    assert title is not None
    assert " ".join(title.text().split()) == "Overdue, shown whatever you filter (1), of these you chose 0"


async def test_only_managers_share_and_what_is_anothers_own_is_nobody_elses(office: Office) -> None:
    manager, worker = await office.browser(Role.MANAGER), await office.browser()
    await keep(manager, "severity=red", name="All red", shared="yes")
    await keep(manager, "severity=blue", name="My blue")
    own = await keep(worker, "owner=me", name="Mine", shared="yes")
    assert tabs(await worker.see("/queue")) == ["Everything", "All red shared", "Mine"]
    page = await manager.see("/queue")
    assert tabs(page) == ["Everything", "All red shared", "My blue"]
    view = own.partition("view=")[2]
    mark = page.css_first("input[name=mark]")
    assert mark is not None
    answer = await manager.client.post(
        f"/queue/views/{view}/remove", data={"mark": str(mark.attributes["value"])}
    )  # fmt: skip
    assert answer.status_code == 404 and "Mine" in tabs(await worker.see("/queue"))


async def test_no_name_is_needed_and_nobody_keeps_views_without_end(core: Core, office: Office) -> None:
    browser = await office.browser()
    with core.database.transaction() as session:
        for _ in range(MOST - 1):
            session.add(SavedView(name="One", filters="", kept_by=browser.name, created_at=core.clock()))
    await keep(browser, "severity=red&owner=nobody")
    assert tabs(await browser.see("/queue"))[-1] == "Red, Nobody's"
    assert await keep(browser, "severity=red") == "/queue?views=full"


async def test_each_number_leads_to_as_many_lines(core: Core, office: Office) -> None:
    _, _, row = [await a_referral(core, text=text) for text in ("One", "Two", "Three")]
    browser = await office.browser()
    with core.database.transaction() as session:
        stored = referral.by_reference(session, row.reference)
        assert stored
        stored.severity, stored.owner, stored.state = "red", browser.name, "awaiting_information"
        session.add(stored)
    page = await browser.see("/queue")
    for name in ("open", "overdue", "mine", "nobodys", "unrated", "red", "today", "waiting", "spam"):
        counted = page.css_first(f"nav [data-count={name}]")
        assert counted is not None and counted.parent is not None
        led_to = await browser.see(str(counted.parent.attributes["href"]).partition("#")[0])
        lines = lines_of(led_to) if name != "overdue" else led_to.css("#queue-overdue tr")
        assert counted.text() == str(len(lines)), name
    assert (number(page, "red"), number(page, "nobodys"), number(page, "waiting")) == ("1", "2", "1")


async def test_a_line_says_who_is_on_it_and_you_where_it_is_you(core: Core, office: Office) -> None:
    row, sam, robin = await a_referral(core), await office.browser(name="sam"), await office.browser(name="robin")
    answer = await sam.send(await sam.see("/queue"), "/next")
    assert answer.headers["location"].startswith(f"/referrals/{row.reference}")
    assert "You are on it" in lines_of(await sam.see("/queue"))[0]
    assert "sam is on it" in lines_of(await robin.see("/queue"))[0]
    assert "Nothing is left that nobody has." in words_of(await robin.see("/queue?next=none"))
