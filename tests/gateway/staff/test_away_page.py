"""Who is away: a message for them goes to who stands in or to duty, and the caller is told by when it is answered."""

from __future__ import annotations

import pytest
from sqlmodel import select

from gateway.core import Core
from storage import audit
from storage.notice import Notice, NoticeKind
from storage.referral import Referral
from storage.staff import Role
from tests.builders import a_note, a_referral, read_all
from tests.fakes import MovableClock
from tests.gateway.office import Browser, Office, words_of

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


async def goes_away(browser: Browser, name: str, back_on: str = "2026-12-01", deputy: str = "") -> int:
    page = await browser.see("/away")
    mark = page.css_first("[name=mark]")
    assert mark is not None
    typed = {"mark": str(mark.attributes["value"]), "name": name, "back_on": back_on, "deputy": deputy}
    return (await browser.client.post("/away", data=typed)).status_code


async def a_message_for(core: Core, name: str) -> Referral:
    return await a_referral(core, "Please ring me", callback="07700 900123", safe_text="yes", for_worker=name)


async def n6_of(core: Core, row: Referral) -> Notice:
    with core.database.reading() as session:
        kind = NoticeKind.WORKER_MESSAGE
        return session.exec(select(Notice).where(Notice.referral_id == row.id, Notice.kind == kind)).one()


async def test_a_message_for_a_worker_who_is_away_is_dutys_and_answered_by_a_day(core: Core, office: Office) -> None:
    sam = await office.browser(Role.SOCIAL_WORKER, "sam")
    assert (await a_message_for(core, "Sam")).owner == "sam"
    assert await goes_away(sam, "sam") == 303
    row = await a_message_for(core, "sam")
    assert row.owner is None
    told = await n6_of(core, row)
    assert "You should have an answer by 5pm Wed 25 Nov" in told.text and "sam" not in told.text
    with core.database.reading() as session:
        said = [line.what for line in audit.of_referrals(session, [row.id or 0])]
    assert "A message for a worker: sam is away and back on Tuesday 1 December: duty has it" in said


async def test_whoever_stands_in_has_it_and_their_deputy_while_they_are_away_too(core: Core, office: Office) -> None:
    sam, jo, _ = [await office.browser(Role.SOCIAL_WORKER, name) for name in ("sam", "jo", "ali")]
    await goes_away(sam, "sam", deputy="jo")
    assert (await a_message_for(core, "sam")).owner == "jo"
    await goes_away(jo, "jo", deputy="ali")
    assert (await a_message_for(core, "sam")).owner == "ali"
    await goes_away(jo, "jo", deputy="sam")
    assert (await a_message_for(core, "sam")).owner is None  # each stands in for the other


async def test_somebody_is_back_when_their_day_has_come(core: Core, office: Office, clock: MovableClock) -> None:
    sam = await office.browser(Role.SOCIAL_WORKER, "sam")
    await goes_away(sam, "sam", back_on="2026-11-24")
    assert "Sam is away and back on Tuesday 24 November: duty has it." in words_of(await sam.see("/away"))
    clock.move(hours=14)
    assert (await a_message_for(core, "sam")).owner == "sam"


async def test_only_managers_say_of_others_that_they_are_away(core: Core, office: Office) -> None:
    sam, casey = await office.browser(Role.SOCIAL_WORKER, "sam"), await office.browser(Role.CALL_TAKER, "casey")
    lee = await office.browser(Role.MANAGER, "lee")
    assert await goes_away(casey, "sam") == 403
    assert await goes_away(sam, "lee") == 403
    assert await goes_away(lee, "sam") == 303
    assert await goes_away(lee, "nobody") == 404
    assert await goes_away(lee, "sam", deputy="nobody") == 404


async def test_what_cannot_be_is_said_and_nothing_changes(office: Office) -> None:
    sam = await office.browser(Role.SOCIAL_WORKER, "sam")
    for back_on, deputy in (("soon", ""), ("2026-11-23", ""), ("2026-12-01", "sam")):
        assert await goes_away(sam, "sam", back_on=back_on, deputy=deputy) == 422
    assert "Here." in words_of(await sam.see("/away"))


async def test_who_takes_a_call_sees_who_is_away_and_who_has_it(core: Core, office: Office) -> None:
    sam, casey = await office.browser(Role.SOCIAL_WORKER, "sam"), await office.browser(Role.CALL_TAKER, "casey")
    await goes_away(sam, "sam")
    begun = await casey.send(await casey.see("/calls"), "/calls")
    call = begun.headers["location"]
    page = await casey.see(call)
    assert "Sam is away and back on Tuesday 1 December: duty has it." in words_of(page)
    await casey.send(page, call, do="finish", text="Please ring me", for_worker="sam")
    await read_all(core)
    assert "The duty worker has it." in words_of(await casey.see(f"{call}/done"))


async def test_more_about_an_open_report_is_taken_and_says_who_reads_it(core: Core, office: Office) -> None:
    sam = await office.browser(Role.SOCIAL_WORKER, "sam")
    row = await a_message_for(core, "sam")
    await goes_away(sam, "sam")
    await core.intake.accept(a_note("He is back at home", reference=row.reference))
    await read_all(core)
    with core.database.reading() as session:
        said = [line.what for line in audit.of_referrals(session, [row.id or 0])]
    assert "More came: sam is away and back on Tuesday 1 December: duty has it" in said
