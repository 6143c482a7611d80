"""The oldest open item stands first, whoever would rather it did not, and the public is told how many there are."""

from datetime import timedelta

import pytest

from gateway.core import Core
from gateway.staff.oversight import ageing_page
from gateway.wiring import wire_climbing
from storage.staff import Role
from tests.builders import a_referral
from tests.fakes import MovableClock
from tests.gateway.office import Office, words_of

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

PAGES = ("", "/ageing", "/tasks", "/load", "/load.csv", "/arrivals.csv", "/rereading", "/sample", "/sample.zip")


@pytest.fixture
def office(core: Core) -> Office:
    return Office(core)


async def test_what_came_twenty_months_ago_is_first_and_counted_in_public(
    core: Core, office: Office, clock: MovableClock
) -> None:
    now = clock()
    clock.at = now - timedelta(days=610)
    oldest = await a_referral(core)
    clock.at = now
    newest = await a_referral(core)
    browser = await office.browser(Role.MANAGER)
    page = await browser.see("/oversight/ageing?severity=red&state=closed&q=nothing&shows=unwanted&after=0")
    links = [link.text(strip=True) for link in page.css("table a")]
    assert links == [oldest.reference, newest.reference]
    assert "Open for more than 20 working days: 1 now, 1 on 1 November." in words_of(page)


async def test_the_pages_together_have_each_open_item_once(core: Core, office: Office) -> None:
    ageing_page.PAGE, before = 2, ageing_page.PAGE
    try:
        made = [(await a_referral(core)).reference for _ in range(5)]
        browser, address, seen = await office.browser(Role.ADMINISTRATOR), "/oversight/ageing", list[str]()
        while address:
            page = await browser.see(address)
            seen += [link.text(strip=True) for link in page.css("table a")]
            onward = page.css_first("a[rel=next]")
            address = str(onward.attributes["href"]) if onward else ""
        assert seen == made
    finally:
        ageing_page.PAGE = before


async def test_the_tasks_of_the_ladder_say_whose_they_are(core: Core, office: Office, clock: MovableClock) -> None:
    row = await a_referral(core)
    clock.move(days=1, hours=4)
    await wire_climbing(core).look()
    page = await (await office.browser(Role.MANAGER)).see("/oversight/tasks")
    [line] = [" ".join(each.text(separator=" ").split()) for each in page.css("tbody tr")]
    assert f"Head of service {row.reference}" in line and "phone the team manager" in line


async def test_only_those_who_answer_for_the_door_see_it(office: Office) -> None:
    browsers = [await office.browser(role) for role in (Role.SOCIAL_WORKER, Role.CALL_TAKER, Role.READONLY)]
    for page in PAGES:
        for browser in browsers:
            assert (await browser.client.get(f"/oversight{page}")).status_code == 403, page
        assert (await office.stranger().get(f"/oversight{page}")).status_code == 303, page
