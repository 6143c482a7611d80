"""Who wants no texts gets none, and everybody who works on it sees so, until they ask for texts again."""

import pytest

from channels.contract import DeliveryState, SendError
from gateway.contacting import said_of, write_contact
from gateway.core import Core
from gateway.delivery import BLOCKED
from gateway.life_cycle import Action
from storage.referral import Referral
from storage.staff import Role
from tests.fakes import MovableClock
from tests.gateway.a_provider import AProvider, ARelay, a_text, desk, report, states
from tests.gateway.office import Office, words_of
from tests.gateway.test_joining_texts import FINISHED, SAM, act, history, texted

SHOWN = "They asked for no more texts at 10:25am on Monday 23 November 2026"


async def stopped_by_the_sender(core: Core) -> str:
    row = await texted(core, "The baby cries", "a")
    core.clock.move(minutes=10)  # type: ignore[attr-defined]
    await texted(core, "Stop.", "b")
    return row.reference


async def stopped_at_the_provider(core: Core) -> str:
    reference, phones = await a_text(core), AProvider()
    await desk(core, phones).drain()
    core.clock.move(minutes=10)  # type: ignore[attr-defined]
    report(core, phones.becomes(DeliveryState.FAILED, "opted out"), error=SendError.OPTED_OUT)
    return reference


@pytest.mark.parametrize("stopped", [stopped_by_the_sender, stopped_at_the_provider])
async def test_everybody_who_works_on_it_sees_since_when_they_want_no_texts(core: Core, stopped: object) -> None:
    reference = await stopped(core)  # type: ignore[operator]
    office = Office(core)
    for role in (Role.READONLY, Role.SOCIAL_WORKER):
        browser = await office.browser(role)
        assert SHOWN in words_of(await browser.see(f"/referrals/{reference}"))
    browser = await office.browser(Role.SOCIAL_WORKER)
    told = words_of(await browser.see(f"/referrals/{reference}?who=shown"))
    assert "Texts stopped 10:25am on Monday 23 November 2026" in told
    assert "No machine writes there: texts were stopped" in told
    async with office.program() as client:
        seen = (await client.get(f"/api/v1/referrals/{reference}")).json()
        contacts = (await client.get(f"/api/v1/referrals/{reference}/contact")).json()
    assert seen["texts_stopped_at"] == contacts["contacts"][0]["texts_stopped_at"] == "2026-11-23T10:25:00Z"


async def test_start_lifts_the_providers_own_block_too_and_the_page_no_longer_says_it(
    core: Core, clock: MovableClock
) -> None:
    reference = await stopped_at_the_provider(core)
    row = await texted(core, "START", "c")
    assert row.reference == reference
    office = Office(core)
    assert "no more texts at" not in words_of(await (await office.browser()).see(f"/referrals/{reference}"))
    clock.move(hours=25)
    await texted(core, f"{reference} and again today", "d")
    phones = AProvider()
    await desk(core, phones).drain()
    assert states(core, reference)[-1] == ("receipt", "sms", "sent")
    assert history(core, row).count(BLOCKED) == 1


async def test_the_block_is_put_on_record_once_however_often_the_provider_tells_it(core: Core) -> None:
    reference = await stopped_at_the_provider(core)
    row = await texted(core, f"{reference} it goes on", "b")
    assert history(core, row).count(BLOCKED) == 1


async def test_what_is_owed_after_a_stop_goes_by_another_safe_address_of_theirs(core: Core) -> None:
    row = await texted(core, "The baby cries", "a")
    with core.database.transaction() as session:
        said = said_of(ok_for={"email": True}, words="")
        write_contact(session, core, session.get_one(Referral, row.id), SAM, address="a@example.org", said=said)
    await texted(core, "STOP", "b")
    act(core, row, Action.OPEN)
    act(core, row, Action.DECIDE, **FINISHED)
    phones, relay = AProvider(), ARelay()
    await desk(core, phones, relay).drain()
    assert not phones.sent
    assert [(sent.kind, sent.address.value) for sent in relay.sent] == [("looked_at", "a@example.org")]
