"""Everybody can see how many reports have waited too long, and nobody can leave one out."""

from __future__ import annotations

from datetime import timedelta

from gateway.core import Core
from storage import referral
from storage.referral import Referral
from tests.builders import a_referral
from tests.fakes import MovableClock
from tests.gateway.public.site import PublicSite, words_of


def close(core: Core, row: Referral) -> None:
    with core.database.transaction() as session:
        stored = referral.by_reference(session, row.reference)
        assert stored
        stored.state, stored.closed_at = "closed", core.clock()
        session.add(stored)


async def test_a_report_open_for_twenty_months_is_counted(core: Core, clock: MovableClock) -> None:
    now = clock()
    clock.at = now - timedelta(days=610)
    await a_referral(core)
    clock.at = now
    await a_referral(core)
    words = words_of(await PublicSite(core).get("/waiting"))
    assert "On 1 November, 1 report was open for more than 20 working days." in words
    assert "At 10:15am on Monday 23 November, 1 report was open for that long." in words


async def test_the_count_of_the_first_of_the_month_stays_when_the_report_is_finished(
    core: Core, clock: MovableClock
) -> None:
    early, late = await a_referral(core), await a_referral(core)
    clock.move(days=40)
    close(core, early)
    words = words_of(await PublicSite(core).get("/waiting"))
    assert "On 1 January, 2 reports were open" in words and ", 1 report was open for that long" in words
    close(core, late)


async def test_it_is_counted_again_after_a_minute_and_not_for_every_reader(core: Core, clock: MovableClock) -> None:
    site = PublicSite(core)
    row = await a_referral(core)
    clock.move(days=40)
    assert ", 1 report was open for that long" in words_of(await site.get("/waiting"))
    close(core, row)
    assert ", 1 report was open for that long" in words_of(await site.get("/waiting"))
    clock.move(minutes=1)
    assert ", 0 reports were open for that long" in words_of(await site.get("/waiting"))


async def test_the_first_page_leads_there(core: Core) -> None:
    page = await PublicSite(core).get("/")
    assert page.css_first('a[href="/waiting"]') is not None
