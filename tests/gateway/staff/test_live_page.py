"""What staff see of a call while it is on: since when, the words so far, and its sound for those who may hear it."""

from __future__ import annotations

import pytest

from channels.calls.keeping import REFUSED
from channels.contract import Purpose
from gateway.core import Core
from storage.capture import Capture
from storage.staff import Role
from tests.builders import a_message, read_all
from tests.fakes import MovableClock
from tests.gateway.live.caller import began, listening, rows, speak, spoken
from tests.gateway.office import Office, words_of

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


async def a_call(core: Core, call: str = "CA1") -> Capture:
    """A call that is on and has been heard for two seconds."""
    hearing = core.capturing.begin(began(call))
    assert hearing is not None
    speak(hearing, spoken(2))
    await core.capturing.write()
    await core.capturing.index.write()
    with core.database.reading() as session:
        return rows(session)[-1]


def heard(core: Core, call: Capture, words: str = "", note: str = "") -> None:
    with core.database.transaction() as session:
        row = session.get_one(Capture, call.id)
        row.words, row.words_note = words, note
        session.add(row)


async def test_without_a_call_the_page_says_so(office: Office) -> None:
    browser = await office.browser(Role.CALL_TAKER)
    assert "No call is on." in words_of(await browser.see("/live"))
    assert "Calls on now" in words_of(await browser.see("/queue"))


async def test_a_call_is_shown_with_the_words_so_far_and_never_its_number(
    core: Core, office: Office, clock: MovableClock
) -> None:
    async with listening(core):
        call = await a_call(core)
        clock.move(seconds=42)
        browser = await office.browser(Role.CALL_TAKER)
        words = words_of(await browser.see("/live"))
        assert "A mobile phone on since 10:15am, 0:42" in words and "No words have been heard yet" in words
        heard(core, call, "There is a child crying\nnext door")
        page = await browser.see("/live/calls")
        assert "There is a child crying" in words_of(page) and "Do not rely on it" in words_of(page)
        assert "7700" not in words_of(page)
        assert page.css('#live-calls[hx-get="/live/calls"]')


async def test_without_a_model_the_page_says_why_there_are_no_words(core: Core, office: Office) -> None:
    async with listening(core):
        heard(core, await a_call(core), note="There is no speech model here.")
        assert "There is no speech model here." in words_of(await (await office.browser()).see("/live"))


async def test_social_workers_hear_what_was_said_so_far_and_that_is_on_record(core: Core, office: Office) -> None:
    async with listening(core):
        call = await a_call(core)
        browser = await office.browser(Role.SOCIAL_WORKER, "sam")
        page = await browser.see("/live")
        [link] = [a.attributes["href"] for a in page.css("a") if "Listen" in a.text()]
        answer = await browser.client.get(str(link))
        assert answer.headers["content-type"] == "audio/wav" and answer.content.endswith(spoken(2))
        assert ("sam", "Listened to the call of 2026-11-23 10:15:00 UTC while it was on") in office.private_history()
        taker = await office.browser(Role.CALL_TAKER)
        assert "Listen" not in words_of(await taker.see("/live"))
        assert (await taker.client.get(f"/live/{call.id}/sound")).status_code == 403
        assert (await browser.client.get("/live/none/sound")).status_code == 404


async def test_nobody_listens_to_who_refused_to_be_recorded(core: Core, office: Office) -> None:
    async with listening(core):
        call = await a_call(core)
        browser = await office.browser(Role.SOCIAL_WORKER)
        assert (await browser.client.get(f"/live/{call.id}/sound")).status_code == 200
        chosen = a_message(source_key=f"chosen:CA1:yes{REFUSED}", conversation="call:CA1", purpose=Purpose.ASIDE)
        await core.intake.accept(chosen)
        assert (await browser.client.get(f"/live/{call.id}/sound")).status_code == 404


async def test_a_call_whose_host_has_fallen_silent_is_on_no_more(
    core: Core, office: Office, clock: MovableClock
) -> None:
    await a_call(core)
    browser = await office.browser()
    assert "A mobile phone" in words_of(await browser.see("/live"))
    clock.move(seconds=90)
    assert "No call is on." in words_of(await browser.see("/live"))
    await core.capturing.close()


async def test_one_that_ended_leads_to_its_referral_and_one_that_is_on_is_said_on_its_page(
    core: Core, office: Office, clock: MovableClock
) -> None:
    form = b"CallSid=CA7&From=%2B447700900123&CallStatus=completed"
    opening = a_message(form, channel="phone", conversation="call:CA7", envelope={"step": "call-status"},
                        media_type="application/x-www-form-urlencoded", purpose=Purpose.REPORT)  # fmt: skip
    async with listening(core):
        await a_call(core, "CA7")
        reference = (await core.intake.accept(opening)).reference
        await read_all(core)
        browser = await office.browser()
        assert "This call is on, since 10:15am" in words_of(await browser.see(f"/referrals/{reference}"))
        assert reference in words_of(await browser.see("/live"))
    clock.move(minutes=1)
    await read_all(core)
    words = words_of(await browser.see("/live"))
    assert f"ended 10:15am {reference}" in words
    page = words_of(await browser.see(f"/referrals/{reference}"))
    assert "This call is on" not in page and "as heard while they spoke" in page


async def test_the_call_that_ended_last_stands_first(core: Core, office: Office, clock: MovableClock) -> None:
    async with listening(core):
        for call, number in (("CA1", "+447700900123"), ("CA2", "+441632960555")):
            hearing = core.capturing.begin(began(call, **{"from": number}))
            assert hearing is not None
            speak(hearing, spoken(2))
            hearing.end()
            await core.capturing.write()
            await core.capturing.index.write()
            clock.move(seconds=20)
        words = words_of(await (await office.browser()).see("/live"))
    assert words.index("A landline ended") < words.index("A mobile phone ended")


async def test_a_stranger_sees_nothing(office: Office) -> None:
    for path in ("/live", "/live/calls", "/live/any/sound"):
        assert (await office.stranger().get(path)).status_code == 303
