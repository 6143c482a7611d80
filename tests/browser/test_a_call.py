"""A call taken in a real browser: by keys alone, kept while it is written, there for others when the browser dies."""

from __future__ import annotations

import os
import re
import signal
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass

import pytest
from fastapi import FastAPI
from playwright.sync_api import Browser, Error, Page, expect
from sqlmodel import select
from starlette.staticfiles import StaticFiles

from gateway.core import Core
from gateway.office import office_routes
from gateway.pages import STATIC
from storage.draft import Draft
from storage.staff import Role, Staff
from tests.browser.beside import Beside, served
from tests.browser.judging import found_by_axe, wider_than_the_window
from tests.browser.looking import ARGUMENTS, PHONE, Seat, seated
from tests.builders import a_referral
from tests.gateway.office import EASY
from tests.missing_parts import needs

pytestmark = [needs("chromium"), pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)]
SECONDS_LOST = 5.0


@dataclass(frozen=True, kw_only=True)
class House:
    """The office at an address, with casey who takes calls and sam who is a social worker."""

    core: Core
    address: str
    browser: Browser
    beside: Beside


@pytest.fixture
def house(core: Core, browser: Browser) -> Iterator[House]:
    """Its pages, without desks."""
    with core.database.transaction() as session:
        for name, role in (("casey", Role.CALL_TAKER), ("sam", Role.SOCIAL_WORKER)):
            session.add(Staff(name=name, role=role, password_hash=EASY, created_at=core.clock()))
    app = FastAPI()
    app.mount("/static", StaticFiles(directory=STATIC))
    office_routes(app, core)
    with Beside() as beside, beside.opened(served(app)) as address:
        yield House(core=core, address=address, browser=browser, beside=beside)


def begin(page: Page) -> None:
    """One key, wherever one is."""
    page.goto("/calls")
    page.keyboard.press("t")
    page.wait_for_url("**/calls/*")


def kept(house: House) -> Draft:
    with house.core.database.reading() as session:
        return session.exec(select(Draft)).one()


def test_what_was_typed_is_there_for_others_after_the_browser_has_died(house: House) -> None:
    doomed = house.browser.browser_type.launch(executable_path="/usr/bin/chromium", args=ARGUMENTS)
    processes = doomed.new_browser_cdp_session().send("SystemInfo.getProcessInfo")["processInfo"]
    with suppress(Error), seated(doomed, house.address, Seat(name="casey")) as page:
        begin(page)
        page.keyboard.type("Ten words about a boy who is alone next door")
        typed = time.monotonic()
        while kept(house).version == 0 and time.monotonic() < typed + SECONDS_LOST:
            time.sleep(0.05)
        os.kill(next(each["id"] for each in processes if each["type"] == "browser"), signal.SIGKILL)
    with seated(house.browser, house.address, Seat(name="sam")) as other:
        other.goto("/calls")
        other.get_by_role("link", name="A call taken by casey").click()
        expect(other.locator("#text")).to_have_value("Ten words about a boy who is alone next door")


def test_a_whole_call_is_taken_by_keys_alone(house: House) -> None:
    with seated(house.browser, house.address, Seat(name="casey")) as page:
        begin(page)
        expect(page.locator("#text")).to_be_focused()
        page.keyboard.type("Shouting at number 12")
        page.keyboard.press("Control+Enter")
        reference = kept(house).reference
        expect(page.locator("#reference-told")).to_contain_text(reference)
        page.keyboard.press("Escape")
        page.keyboard.press("v")
        expect(page.locator("#back")).to_contain_text("Shouting at number 12")
        page.evaluate("() => getSelection().selectAllChildren(document.getElementById('heard'))")
        expect(page.locator("#copy")).to_be_visible()
        page.keyboard.press("y")
        expect(page.locator("#text")).to_have_value(re.compile(r"12\n\[heard \d\d:\d\d\] No line of ours is on"))
        page.locator("#child").focus()
        page.keyboard.type("Alex")
        expect(page.locator("#tick_child")).to_be_checked()
        page.locator("#tick_safe_now").focus()
        page.keyboard.press("Space")
        page.keyboard.press("f")
        page.wait_for_url("**/done")
        expect(page.locator(".staff-reference")).to_have_text(reference)
        page.keyboard.press("z")
        page.wait_for_url("**/calls")
        expect(page.get_by_role("link", name=reference)).to_be_visible()


def test_what_may_be_the_same_comes_while_it_is_written_and_a_choice_stays_chosen(house: House) -> None:
    said = "Albie Crane (DOB 3/5/2020) is hungry. They live at 9 Elm Row, NT1 2AB."
    reference = house.beside.run(a_referral(house.core, said)).reference
    with seated(house.browser, house.address, Seat(name="casey")) as page:
        begin(page)
        page.locator("#where").fill("9 Elm Row, NT1 2AB")
        strip = page.locator("#alike")
        expect(strip).to_contain_text(f"About {reference}: Same house")
        expect(strip.get_by_label("Not known to be about any of these")).to_be_checked()
        assert not found_by_axe(page)
        chosen = strip.get_by_label(f"About {reference}")
        chosen.focus()
        page.keyboard.press("Space")
        page.locator("#text").focus()
        page.keyboard.type("He is out alone")
        page.keyboard.press("Control+Enter")
        page.locator("#where").fill("")
        expect(strip).not_to_contain_text("Same house")
        expect(chosen).to_be_checked()
        page.reload()
        expect(chosen).to_be_checked()


def test_words_that_cannot_be_kept_stay_on_the_page_and_are_kept_later(house: House) -> None:
    with seated(house.browser, house.address, Seat(name="casey")) as page:
        begin(page)
        page.route("**/kept", lambda route: route.abort())
        page.keyboard.type("Shouting at number 12")
        page.keyboard.press("Control+Enter")
        expect(page.get_by_role("alert")).to_contain_text("Not kept. These words are on this page alone.")
        page.keyboard.press("Escape")
        with page.expect_event("requestfailed"):
            page.keyboard.press("f")
        expect(page).not_to_have_url(f"{house.address}/calls/{kept(house).id}/done")
        page.unroute("**/kept")
        page.keyboard.press("i")
        page.keyboard.press("Control+Enter")
        expect(page.locator("#trouble")).to_be_empty()
    assert kept(house).version == 1


def test_notes_of_a_very_long_call_are_kept(house: House) -> None:
    with seated(house.browser, house.address, Seat(name="casey")) as page:
        begin(page)
        page.locator("#text").fill("He shouted again. " * 4_000)
        page.keyboard.press("Control+Enter")
        expect(page.locator("#reference-told")).to_be_visible()
        expect(page.locator("#trouble")).to_be_empty()
    assert kept(house).version == 1


def test_words_that_wait_in_a_tab_take_nobody_elses_place(house: House) -> None:
    with (
        seated(house.browser, house.address, Seat(name="casey")) as page,
        seated(house.browser, house.address, Seat(name="sam")) as other,
    ):
        begin(page)
        page.route("**/kept", lambda route: route.abort())
        page.keyboard.type("A boy at the window")
        page.keyboard.press("Control+Enter")
        expect(page.get_by_role("alert")).to_contain_text("Not kept")
        other.goto(page.url)
        other.locator("#text").fill("She rang again")
        other.keyboard.press("Control+Enter")
        expect(other.locator("#reference-told")).to_be_visible()
        page.unroute("**/kept")
        page.reload()
        expect(page.get_by_text("sam wrote here too")).to_be_visible()
        page.get_by_role("button", name="Keep both").click()
        expect(page.locator("#text")).to_have_value("She rang again\n\nA boy at the window")


def test_two_who_write_at_once_are_shown_both(house: House) -> None:
    with (
        seated(house.browser, house.address, Seat(name="casey")) as page,
        seated(house.browser, house.address, Seat(name="sam")) as other,
    ):
        begin(page)
        other.goto(page.url)
        page.keyboard.type("A boy at the window")
        page.keyboard.press("Control+Enter")
        expect(page.locator("#reference-told")).to_be_visible()
        other.locator("#text").focus()
        other.keyboard.type("She rang again")
        other.keyboard.press("Control+Enter")
        expect(other.get_by_text("casey wrote here too")).to_be_visible()
        other.get_by_role("button", name="Keep both").click()
        expect(other.locator("#text")).to_have_value("A boy at the window\n\nShe rang again")


def test_its_page_is_for_everybody_and_as_narrow_as_a_phone(house: House) -> None:
    for size in (PHONE, (1280, 900)):
        with seated(house.browser, house.address, Seat(name="casey", size=size)) as page:
            begin(page)
            page.locator("#text").fill("Shouting at number 12")
            page.locator("#in_danger").select_option("yes")
            page.locator("#under_18").check()
            page.evaluate("() => document.querySelectorAll('details').forEach(each => { each.open = true; })")
            assert found_by_axe(page) + wider_than_the_window(page) == []
            page.get_by_role("button", name="Finish the call").click()
            page.wait_for_url("**/done")
            assert found_by_axe(page) + wider_than_the_window(page) == []
