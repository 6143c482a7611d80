"""What managers see of the whole door."""

from __future__ import annotations

import pytest

from gateway.core import Core
from storage.staff import Role
from tests.builders import a_referral
from tests.fakes import MovableClock
from tests.gateway.office import Office, words_of

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.mark.parametrize("role", [Role.READONLY, Role.CALL_TAKER, Role.SOCIAL_WORKER])
async def test_oversight_is_for_managers(office: Office, role: Role) -> None:
    browser = await office.browser(role)
    assert (await browser.client.get("/oversight")).status_code == 403
    assert "Oversight" not in words_of(await browser.see("/queue"))


async def test_an_empty_door_keeps_every_promise(office: Office) -> None:
    words = words_of(await (await office.browser(Role.MANAGER)).see("/oversight"))
    assert "Every promise is kept." in words and "Nothing is open." in words


async def test_what_has_been_open_longest_and_what_was_not_kept_are_named(
    core: Core, office: Office, clock: MovableClock
) -> None:
    oldest = await a_referral(core)
    clock.move(hours=1)
    newest = await a_referral(core)
    clock.move(days=30)
    browser = await office.browser(Role.ADMINISTRATOR)
    page = await browser.see("/oversight")
    assert "Open 2 Overdue 2 Promises not kept 2" in words_of(page)
    assert "2 Nobody looked by the promised time" in words_of(page)
    tables = [[link.text(strip=True) for link in table.css("a")] for table in page.css(".staff-plain")]
    assert tables == [[oldest.reference, newest.reference]] * 2
