"""Beside a referral staff see what may be about the same and what a machine suggests, and answer both."""

from __future__ import annotations

import pytest

from gateway.core import Core
from storage import likeness, referral, suggestion
from storage.referral import Referral
from storage.staff import Role
from storage.suggestion import About, Suggestion
from tests.builders import a_referral
from tests.gateway.office import Office, words_of

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
PLACE = "They live at 9 Elm Row, NT1 2AB."
KNIFE = f"Dad has a knife and the children are upstairs. {PLACE}"


def suggested(core: Core, row: Referral, about: About = About.SEVERITY) -> Suggestion:
    with core.database.reading() as session:
        return next(each for each in suggestion.of_referrals(session, [row.id or 0]) if each.about == about)


def now(core: Core, row: Referral) -> Referral:
    with core.database.reading() as session:
        found = referral.by_id(session, row.id or 0)
    assert found is not None
    return found


async def test_a_suggestion_is_shown_with_its_words_and_agreeing_rates_it(core: Core, office: Office) -> None:
    row = await a_referral(core, KNIFE)
    browser = await office.browser()
    page = await browser.see(f"/referrals/{row.reference}")
    sheet = page.css_first("#suggested")
    words = page.css_first("#suggested q")
    assert sheet is not None and "Perhaps red" in sheet.text() and words is not None and "has a knife" in words.text()
    form = f"/referrals/{row.reference}/suggestions/{suggested(core, row).id}"
    early = await browser.send(page, form, status="accepted")
    assert early.status_code == 409 and "Open it first" in words_of(early)
    await browser.send(page, f"/referrals/{row.reference}/open")
    page = await browser.see(f"/referrals/{row.reference}")
    assert (await browser.send(page, form, status="accepted")).status_code == 303
    after = now(core, row)
    assert (after.severity, after.severity_floor) == ("red", "red")
    assert suggested(core, row).settled_by == browser.name


async def test_setting_aside_is_on_record_and_leaves_the_floor(core: Core, office: Office) -> None:
    row = await a_referral(core, KNIFE)
    browser = await office.browser()
    page = await browser.see(f"/referrals/{row.reference}")
    form = f"/referrals/{row.reference}/suggestions/{suggested(core, row).id}"
    assert (await browser.send(page, form, status="set_aside")).status_code == 303
    page = await browser.see(f"/referrals/{row.reference}")
    assert page.css_first(".alike__perhaps") is None
    assert "Set aside what a machine suggested: perhaps red (a weapon); the floor stays red" in words_of(page)
    assert now(core, row).severity_floor == "red"


async def test_a_call_taker_does_not_answer_how_serious_it_is(core: Core, office: Office) -> None:
    row = await a_referral(core, KNIFE)
    browser = await office.browser(Role.CALL_TAKER)
    page = await browser.see(f"/referrals/{row.reference}")
    form = f"/referrals/{row.reference}/suggestions/{suggested(core, row).id}"
    assert page.css_first(f'form[action="{form}"]') is None
    factor = f"/referrals/{row.reference}/suggestions/{suggested(core, row, About.FACTOR).id}"
    assert (await browser.send(page, factor, status="accepted")).status_code == 303


async def test_the_strip_says_how_many_and_why_and_a_person_says_not_the_same(core: Core, office: Office) -> None:
    one = await a_referral(core, f"A worry. {PLACE}", callback="07700 900101")
    other = await a_referral(core, f"Another worry. {PLACE}", callback="07700 900102")
    browser = await office.browser()
    page = await browser.see(f"/referrals/{other.reference}")
    strip = " ".join(page.css_first("#alike").text().split())  # type: ignore[union-attr]
    assert "2nd report of 2" in strip and "Same house (not checked yet)" in strip
    assert "one person may have sent several" in strip and "senders" not in strip
    asked = await browser.see(f"/referrals/{other.reference}?who=shown")
    assert "2 senders" in words_of(asked) and office.private_history()
    form = f"/referrals/{other.reference}/alike/{one.reference}"
    assert (await browser.send(page, form, status="not_the_same")).status_code == 303
    page = await browser.see(f"/referrals/{one.reference}")
    assert f"Not the same, says {browser.name}" in words_of(page) and "2nd report" not in words_of(page)
    with core.database.reading() as session:
        assert likeness.apart_from(session, [one.id or 0])


async def test_that_one_sender_told_us_twice_is_said_only_to_who_asked_who_told_us(core: Core, office: Office) -> None:
    first = await a_referral(core, "The boy next door looks thin", callback="07700 900101")
    row = await a_referral(core, "A girl at the pool is on her own", callback="07700 900101")
    taker, worker = await office.browser(Role.CALL_TAKER), await office.browser()
    address = f"/referrals/{row.reference}"
    for browser in (taker, worker):
        page = await browser.see(address)
        assert page.css_first("#alike") is None and "Perhaps the same" not in words_of(page)
        assert first.reference not in words_of(page)
    assert "Same sender" not in words_of(await taker.see(f"{address}?who=shown"))
    assert not office.private_history()
    assert "Same sender" in words_of(await worker.see(f"{address}?who=shown"))
    assert [who for who, _ in office.private_history()] == [worker.name]


async def test_who_learns_of_the_same_sender_is_on_record_where_nothing_else_tells_who(
    core: Core, office: Office
) -> None:
    await a_referral(core, "The boy next door looks thin", callback="07700 900101")
    row = await a_referral(core, "A girl at the pool is on her own", callback="07700 900101")
    with core.database.transaction() as session:
        session.get_one(Referral, row.id).identity_id = None
    worker = await office.browser()
    assert "Same sender" in words_of(await worker.see(f"/referrals/{row.reference}?who=shown"))
    assert [who for who, _ in office.private_history()] == [worker.name]
