"""What managers see of the whole door."""

from __future__ import annotations

from datetime import timedelta

import pytest

from gateway.core import Core
from gateway.wiring import wire_climbing
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
    assert "Open 2 Overdue 2 Open over 20 working days 2 Promises not kept 6" in words_of(page)
    assert "2 Nobody looked by the promised time" in words_of(page)
    broken, ageing = ([link.text(strip=True) for link in table.css("a")] for table in page.css(".staff-plain"))
    assert ageing == [oldest.reference, newest.reference]
    assert broken[0] == oldest.reference and set(broken) == set(ageing)


async def test_what_is_late_stands_with_everybody_who_was_told_and_what_the_sender_hears(
    core: Core, office: Office, clock: MovableClock
) -> None:
    late = await a_referral(core)
    clock.move(days=1, hours=4)
    await wire_climbing(core).look()
    await a_referral(core)
    page = await (await office.browser(Role.MANAGER)).see("/oversight")
    [line] = [" ".join(row.text(separator=" ").split()) for row in page.css("table:has(#late-caption) tbody tr")]
    assert line.startswith(f"Overdue by 4 h {late.reference}") and "Read it and decide who acts" in line
    for told in ("Owner", "Duty manager", "Team manager", "Head of service"):
        assert f"{told} 2:15pm Tue 24 Nov" in line
    assert "Promised another time, the next is 10:15am Wed 25 Nov" in line


async def test_what_was_seeded_twenty_months_ago_is_the_first_of_the_ageing_list(
    core: Core, office: Office, clock: MovableClock
) -> None:
    now = clock()
    clock.at = now - timedelta(days=610)
    oldest = await a_referral(core)
    clock.at = now
    await a_referral(core)
    await wire_climbing(core).look()
    page = await (await office.browser(Role.MANAGER)).see("/oversight")
    [*_, ageing] = page.css("table.staff-plain")
    lines = [" ".join(row.text(separator=" ").split()) for row in ageing.css("tbody tr")]
    assert oldest.reference in lines[0] and "610 days" in lines[0]
    assert "Director" in words_of(page)
