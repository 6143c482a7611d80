"""A referral is read in calm: who is on it, what was promised, texts as a conversation, long things on request."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from selectolax.lexbor import LexborHTMLParser

from gateway.core import Core
from gateway.deciding import Actor
from gateway.life_cycle import Action
from gateway.saying import read_out_reference
from gateway.staff.part_shown import LINES_AT_ONCE
from storage import audit
from storage.attachment import TextState
from storage.referral import Referral
from storage.staff import Role
from tests.builders import a_referral
from tests.fakes import MovableClock
from tests.gateway.office import Office, words_of
from tests.gateway.staff.test_referral_page import with_part
from tests.gateway.test_joining_texts import texted

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def act(core: Core, row: Referral, action: Action, name: str) -> None:
    with core.database.transaction() as session:
        core.deciding.act(session, row.reference, action, Actor(name=name, role=Role.SOCIAL_WORKER), {})


def a_long_recording(core: Core, row: Referral, lines: int) -> str:
    """As many lines as that, ten seconds each, of two words each."""
    segments = []
    for n in range(lines):
        at = 10 * n
        words = [["Line", at, at + 1, 0.9], [str(n), at + 1, at + 2, 0.9]]
        segments.append([f"Line {n}", at, at + 9, None, 0.9, False, words])
    return with_part(core, row, text="Line", text_state=TextState.DONE, segments=json.dumps(segments))


def lines_of(page: LexborHTMLParser) -> list[str]:
    return [" ".join(line.text().split()) for line in page.css(".staff-segments li .staff-segment")]


async def test_others_see_who_is_on_it_and_their_own_look_keeps_it(
    core: Core, office: Office, clock: MovableClock
) -> None:
    row = await a_referral(core)
    holder, other = await office.browser(name="Sam Example"), await office.browser()
    act(core, row, Action.CLAIM, "Sam Example")
    here = f"/referrals/{row.reference}"
    assert "Sam Example is on it now" in words_of(await other.see(here))
    clock.move(minutes=core.settings.lease_minutes - 1)
    assert "You are on it" in words_of(await holder.see(here))
    clock.move(minutes=core.settings.lease_minutes - 1)
    assert "Sam Example is on it now" in words_of(await other.see(here)), "the look of the holder kept it"
    clock.move(minutes=2)
    assert "Sam Example is on it now" not in words_of(await other.see(here)), "the look of another did not"


async def test_what_was_promised_and_told_stands_above_everything(core: Core, office: Office) -> None:
    row = await a_referral(core, callback="07700 900123", safe_text="yes")
    page = await (await office.browser()).see(f"/referrals/{row.reference}")
    card = page.css_first(".referral-promise")
    assert card
    said = " ".join(card.text(separator=" ").split())
    for words in ("We look by 10:15am Tue 24 Nov", "Last told We have it spoken", "Told next Something from us by"):
        assert words in said
    assert read_out_reference(row.reference) in said, "the reference can be said aloud"


async def test_texts_in_and_out_are_drawn_as_a_conversation(core: Core, office: Office, clock: MovableClock) -> None:
    row = await texted(core, "The children are out alone again", "SM1")
    clock.move(minutes=30)
    await texted(core, "They are back now", "SM2")
    page = await (await office.browser()).see(f"/referrals/{row.reference}")
    texts = [" ".join(text.text(separator=" ").split()) for text in page.css(".talk > li")]
    sides = ["in" if "talk__text--in" in str(text.attributes["class"]) else "out" for text in page.css(".talk > li")]
    assert sides == ["in", "out", "in"]
    assert "out alone again" in texts[0] and row.reference in texts[1] and "They are back now" in texts[2]


async def test_of_a_long_recording_the_first_lines_are_shown_and_all_of_them_on_request(
    core: Core, office: Office
) -> None:
    row = await a_referral(core)
    part = a_long_recording(core, row, LINES_AT_ONCE + 40)
    browser = await office.browser()
    page = await browser.see(f"/referrals/{row.reference}")
    more = page.css_first(".staff-segments__more a")
    assert more and len(lines_of(page)) == LINES_AT_ONCE
    assert " ".join(more.text().split()) == "Show the other 40 lines, from 10:00 to 16:39"
    whole = await browser.see(f"/referrals/{row.reference}{str(more.attributes['href']).partition('#')[0]}")
    assert lines_of(whole)[-1] == f"Line {LINES_AT_ONCE + 39}" and not whole.css(".staff-segments__more")
    assert len(whole.css(".staff-word")) == 2 * (LINES_AT_ONCE + 40)
    answer = await browser.client.get(str(more.attributes["hx-get"]))
    assert f'id="words-{part}"' in answer.text and f"Line {LINES_AT_ONCE + 39}" in words_of(answer)


async def test_places_in_a_recording_are_links_that_play_without_script(core: Core, office: Office) -> None:
    row = await a_referral(core)
    part = a_long_recording(core, row, 3)
    here = f"/referrals/{row.reference}"
    links = [each.attributes["href"] for each in (await (await office.browser()).see(here)).css("a.staff-seek")]
    assert links == [f"/parts/{part}/sound#t={10 * n}.0" for n in range(3)]
    taker = await (await office.browser(Role.CALL_TAKER)).see(here)
    assert not taker.css("a.staff-seek, audio, [data-player]") and "0:20" in words_of(taker)


async def test_a_long_history_is_cut_in_the_middle_and_whole_on_request(core: Core, office: Office) -> None:
    row = await a_referral(core)
    with core.database.transaction() as session:
        for n in range(80):
            at = core.clock() + timedelta(minutes=n)
            audit.record(session, at=at, who="sam", what=f"Rang the school, time {n}", referral_id=row.id)
    browser = await office.browser()
    page = await browser.see(f"/referrals/{row.reference}")
    words = words_of(page)
    assert "time 79 sam" in words and "time 30 sam" not in words and "more things stand here" in words
    assert "time 30 sam" in words_of(await browser.see(f"/referrals/{row.reference}?shows=all"))


async def test_the_order_that_was_asked_for_is_kept_for_the_next_referral(core: Core, office: Office) -> None:
    one, two = await a_referral(core, text="First"), await a_referral(core, text="Second")
    browser = await office.browser()

    async def starts_with_next(path: str) -> bool:
        first = (await browser.see(path)).css_first(".staff-timeline > li")
        assert first
        return "staff-entry--next" in str(first.attributes["class"])

    assert not await starts_with_next(f"/referrals/{one.reference}")
    assert await starts_with_next(f"/referrals/{one.reference}?order=newest")
    assert await starts_with_next(f"/referrals/{two.reference}")
    assert not await starts_with_next(f"/referrals/{two.reference}?order=oldest")
    assert not await starts_with_next(f"/referrals/{one.reference}")


async def test_pictures_scans_and_films_are_blurred_said_what_they_are_and_make_no_sound(
    core: Core, office: Office
) -> None:
    row = await a_referral(core)
    with_part(core, row, name="yard.jpg", media_type="image/jpeg", size=240_000)
    film = with_part(core, row, name="yard.mp4", media_type="video/mp4", size=9_000_000)
    page = await (await office.browser()).see(f"/referrals/{row.reference}")
    pictures = page.css(".staff-picture")
    assert len(pictures) == 2 and all(each.css_first("input[type=checkbox]:not([checked])") for each in pictures)
    assert "Picture (JPEG), 240 KB, by call taker" in words_of(page)
    shown = page.css_first(f"video#sound-{film}")
    assert shown and {"muted", "controls"} <= set(shown.attributes) and "autoplay" not in shown.attributes
    assert shown.attributes["preload"] == "none" and not page.css("audio[autoplay], [style]")
