"""A referral read in a real browser: a word plays from where it was said, pictures are blurred until asked for."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi import FastAPI
from PIL import Image
from playwright.sync_api import Browser, Page, expect
from starlette.staticfiles import StaticFiles

from gateway.core import Core
from gateway.office import office_routes
from gateway.pages import STATIC
from storage.attachment import TextState
from storage.staff import Role, Staff
from tests.browser.beside import Beside, served
from tests.browser.looking import Seat, seated
from tests.builders import a_referral
from tests.gateway.office import EASY
from tests.gateway.staff.test_referral_page import with_part
from tests.missing_parts import needs

pytestmark = [needs("chromium"), pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)]
SPOKEN = (Path(__file__).parents[1] / "samples" / "voicemails" / "vm00.wav").read_bytes()
WORDS = [["I", 0.4, 0.6, 0.9], ["heard", 0.7, 1.0, 0.9], ["a", 1.1, 1.2, 0.3], ["child", 2.0, 2.4, 0.9]]
BLURRED = "img => getComputedStyle(img).filter.includes('blur')"


def a_picture() -> bytes:
    drawn = io.BytesIO()
    Image.new("RGB", (640, 480), "teal").save(drawn, "PNG")
    return drawn.getvalue()


@pytest.fixture
def reading(core: Core, browser: Browser, request: pytest.FixtureRequest) -> Iterator[Page]:
    """The page of a referral with a recording and a picture, as sam sees it; with scripts unless the test says not."""
    said = json.dumps([["I heard a child", 0.4, 2.4, None, 0.9, False, WORDS]])
    with core.database.transaction() as session:
        session.add(Staff(name="sam", role=Role.SOCIAL_WORKER, password_hash=EASY, created_at=core.clock()))
    app = FastAPI()
    app.mount("/static", StaticFiles(directory=STATIC))
    office_routes(app, core)
    seat = Seat(name="sam", scripts=getattr(request, "param", True))
    with Beside() as beside, beside.opened(served(app)) as address, seated(browser, address, seat) as page:
        row = beside.run(a_referral(core))
        heard = {"text": "I heard a child", "text_state": TextState.DONE, "segments": said}
        with_part(core, row, sha256=core.blobs.put(SPOKEN), **heard)
        with_part(core, row, name="yard.png", media_type="image/png", sha256=core.blobs.put(a_picture()))
        page.goto(f"/referrals/{row.reference}")
        yield page


def sound(page: Page, what: str) -> object:
    """What the player of the page's recording says of itself."""
    return page.locator("audio").evaluate(f"sound => sound.{what}")


def test_a_word_plays_from_where_it_was_said_by_mouse_and_by_keys(reading: Page) -> None:
    expect(reading.locator(".player__wave svg path")).to_have_count(1)
    assert sound(reading, "paused") and not sound(reading, "controls")
    child = reading.locator(".staff-word", has_text="child")
    child.click()
    reading.wait_for_function(
        "() => { const s = document.querySelector('audio'); return !s.paused && s.currentTime > 2 }"
    )
    expect(child).to_have_class("staff-word is-reached is-said")
    reading.keyboard.press("p")
    reading.wait_for_function("() => document.querySelector('audio').paused")
    child.focus()
    reading.keyboard.press("ArrowLeft")
    reading.keyboard.press("ArrowLeft")
    expect(reading.locator(".staff-word.is-reached")).to_have_text("heard")
    reading.keyboard.press("Enter")
    reading.wait_for_function(
        "() => { const s = document.querySelector('audio'); return !s.paused && s.currentTime < 2 }"
    )


def test_the_wave_is_a_slider_and_speed_keeps_the_pitch(reading: Page) -> None:
    wave = reading.get_by_role("slider")
    expect(reading.locator(".player__wave svg path")).to_have_count(1)
    wave.focus()
    reading.keyboard.press("End")
    expect(wave).to_have_attribute("aria-valuetext", "0:03 of 0:03")
    reading.keyboard.press("ArrowLeft")
    expect(wave).to_have_attribute("aria-valuenow", "0")
    wave.click(position={"x": 300, "y": 20})
    assert 0.5 < float(str(sound(reading, "currentTime"))) < 3 and sound(reading, "paused")
    reading.get_by_label("Speed of recording.wav").select_option("1.5")
    assert sound(reading, "playbackRate") == 1.5 and sound(reading, "preservesPitch")


def test_pictures_are_shown_by_a_key_and_blurred_again_when_the_page_is_left(reading: Page) -> None:
    picture = reading.locator(".staff-picture img")
    picture.scroll_into_view_if_needed()
    expect(reading.locator(".staff-picture__says")).to_contain_text("640 × 480")
    assert picture.evaluate(BLURRED)
    reading.keyboard.press("e")
    assert not picture.evaluate(BLURRED)
    expect(reading.locator("[data-shows-all]")).to_have_text("Blur all pictures")
    reading.goto("/queue")
    reading.go_back()
    assert picture.evaluate(BLURRED)


@pytest.mark.parametrize("reading", [False], indirect=True)
def test_without_scripts_the_browsers_own_player_is_there_and_a_picture_is_shown_by_its_box(reading: Page) -> None:
    assert sound(reading, "controls")
    expect(reading.locator(".player__controls")).to_be_hidden()
    expect(reading.locator("[data-copies], [data-shows-all]")).to_have_count(2)
    for each in reading.locator("[data-copies], [data-shows-all]").all():
        expect(each).to_be_hidden()
    picture = reading.locator(".staff-picture img")
    assert picture.evaluate(BLURRED)
    reading.get_by_text("Show it").click()
    assert not picture.evaluate(BLURRED)
