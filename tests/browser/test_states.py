"""Every page in every state: read by axe-core in each look, as narrow as a phone, on paper, and light enough."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

import httpx
import pytest
from fastapi.routing import APIRoute
from playwright.sync_api import Browser, Page

from gateway.public import public_router
from gateway.staff.routes import staff_router
from gateway.translating import COOKIE as LANGUAGE
from gateway.wiring import wire_channels
from tests.browser.conftest import Desk
from tests.browser.judging import beside_the_catalogue, found_by_axe, weight, wider_than_the_window
from tests.browser.looking import DESK, PHONE, Seat, seated
from tests.browser.states import ALL, NO_PAGE, State
from tests.missing_parts import needs

pytestmark = needs("chromium")
FIRST_PAINT = 100_000
ROOM_LEFT = 92_000
ON_PAPER = """() => [...document.querySelectorAll('button, input, select, textarea, nav, img, video, audio')]
  .filter(each => each.getClientRects().length).map(each => each.outerHTML.slice(0, 80))"""
UNDERLINED = """nav => [...nav.querySelectorAll('a, button')].filter(
  each => getComputedStyle(each).borderBottomColor !== getComputedStyle(document.body).backgroundColor)
  .map(each => each.textContent.trim())"""
OPEN_ALL = "() => document.querySelectorAll('details').forEach(each => { each.open = true; })"
LOOKS = {"dark": "dark.device.on", "more contrast": "contrast.less.off", "light": "light.device.on"}
SAMPLE = ("the queue", "a referral, voicemail", "a referral, red", "oversight", "a call", "ways to reach us")
IN_WELSH = ("/queue", "/tasks", "/agreements", "/calls", "/post", "/post/hand-in", "/search", "/keys", "/look", "/live",
            "/feedback?page=/queue", "/notes/new", "/post/separators")  # fmt: skip


@contextmanager
def shown(page: Page, desk: Desk, state: State) -> Iterator[Page]:
    """The page in its state; what went wrong inside names it."""
    page.goto(state.at(desk.day))
    for name, words in (state.typed or {}).items():
        page.fill(f"[name='{name}']", words)
    if state.press:
        page.click(state.press)
        page.wait_for_load_state()
    if state.open_all:
        page.evaluate(OPEN_ALL)
    yield page


def judged(browser: Browser, desk: Desk, states: list[State], seat: Seat) -> str:
    """What is wrong, a line each; one window serves all states of one person."""
    wrong: dict[str, list[str]] = {}
    for who in sorted({state.who for state in states}):
        with seated(browser, desk.address, Seat(name=who, size=seat.size, look=seat.look)) as page:
            for state in (state for state in states if state.who == who):
                with shown(page, desk, state):
                    wrong[state.name] = wider_than_the_window(page)
                    if seat.size == DESK:
                        wrong[state.name] += found_by_axe(page)
    return "\n".join(f"{name}: {line}" for name, lines in wrong.items() for line in lines)


def addresses(routes: Iterable[object]) -> Iterator[str]:
    """What can be asked for by GET, under every router that was taken in."""
    for route in routes:
        if isinstance(route, APIRoute):
            yield from [route.path] if "GET" in (route.methods or ()) else []
        else:
            yield from addresses(getattr(getattr(route, "original_router", None), "routes", ()))


def test_every_page_that_can_be_asked_for_is_looked_at(desk: Desk) -> None:
    core = desk.day.core
    pages = {*addresses(staff_router(core).routes), *addresses(public_router(core, wire_channels(core)).routes)}
    unseen = sorted(pages - {state.route for state in ALL} - set(NO_PAGE))
    assert not unseen, "\n".join(unseen)
    assert set(NO_PAGE) - pages == set(), "these are gone"


def test_axe_finds_nothing_on_any_page(browser: Browser, desk: Desk) -> None:
    wrong = judged(browser, desk, ALL, Seat())
    assert not wrong, wrong


@pytest.mark.parametrize("look", LOOKS)
def test_axe_finds_nothing_in_other_looks(browser: Browser, desk: Desk, look: str) -> None:
    states = [state for state in ALL if state.name in SAMPLE]
    assert len(states) == len(SAMPLE)
    wrong = judged(browser, desk, states, Seat(look=LOOKS[look]))
    assert not wrong, wrong


def test_no_page_scrolls_sideways_on_a_phone_or_at_400_per_cent(browser: Browser, desk: Desk) -> None:
    wrong = judged(browser, desk, ALL, Seat(size=PHONE))
    assert not wrong, wrong


def test_style_and_script_of_every_page_are_under_100_kb(desk: Desk) -> None:
    heavy = {}
    for who in sorted({state.who for state in ALL}):
        with httpx.Client(base_url=desk.address, follow_redirects=True) as web:
            if who:
                web.post("/sign-in", data={"name": who, "password": "three random words", "next": "/queue"})
            for state in (state for state in ALL if state.who == who):
                bytes_named = weight(web.get(state.at(desk.day)).text)
                assert bytes_named > 10_000, state.name
                heavy[state.name] = bytes_named
    too_heavy = [f"{name}: {size:,}" for name, size in heavy.items() if size >= FIRST_PAINT]
    assert not too_heavy, "\n".join(too_heavy)


def test_a_page_carries_no_script_or_style_of_its_own(desk: Desk) -> None:
    with httpx.Client(base_url=desk.address, follow_redirects=True) as web:
        web.post("/sign-in", data={"name": "sam", "password": "three random words", "next": "/queue"})
        for state in ALL:
            html = web.get(state.at(desk.day)).text
            assert not re.search(r"<script(?![^>]* src=)|<style|\sstyle=\"|\son[a-z]+=\"", html), state.name


def test_the_page_of_a_referral_leaves_room_for_more_style_and_script(desk: Desk) -> None:
    with httpx.Client(base_url=desk.address, follow_redirects=True) as web:
        web.post("/sign-in", data={"name": "sam", "password": "three random words", "next": "/queue"})
        size = weight(web.get(f"/referrals/{desk.day.references['voicemail']}").text)
    assert size < ROOM_LEFT, f"{size:,}"


def test_paper_shows_what_was_said_and_nothing_to_press_nor_who_told_us(browser: Browser, desk: Desk) -> None:
    day = desk.day.references
    with seated(browser, desk.address, Seat(name="sam")) as page:
        page.emulate_media(media="print")
        page.goto(f"/referrals/{day['red']}?who=shown")
        printed = page.inner_text("body")
        pressed = page.evaluate("() => [...document.querySelectorAll('button')].map(each => each.textContent.trim())")
        assert day["red"] in printed and "He is locked in the shed" in printed and "printed by sam" in printed
        assert len(pressed) > 10 and not page.evaluate(ON_PAPER)
        assert "Who told us" not in printed and "Save the rating" not in printed
        page.goto("/queue")
        printed = page.inner_text("body")
        assert day["late"] in printed and "Next for me" not in printed and not page.evaluate(ON_PAPER)
        assert (
            page.locator(".staff-queue tbody tr").first.evaluate("row => getComputedStyle(row).display") == "table-row"
        )


def test_in_the_colours_of_the_device_marks_fields_and_focus_keep_their_shape(browser: Browser, desk: Desk) -> None:
    day = desk.day.references
    with seated(browser, desk.address, Seat(name="sam", has_own_colours=True)) as page:
        page.goto("/queue")
        late = page.locator(".staff-queue tr.is-overdue").first
        assert late.evaluate("row => getComputedStyle(row).borderTopWidth") == "2px"
        assert page.locator("#find").evaluate("field => getComputedStyle(field).borderTopStyle") == "solid"
        assert page.locator(".staff-nav").evaluate(UNDERLINED) == ["Queue"]
        page.keyboard.press("Tab")
        page.keyboard.press("Tab")
        assert page.evaluate("() => getComputedStyle(document.activeElement).outlineStyle") == "solid"
        page.goto(f"/referrals/{day['voicemail']}")
        wave = page.locator(".player__wave").first
        assert wave.evaluate("wave => getComputedStyle(wave).borderTopStyle") == "solid"
        ink = "svg => [getComputedStyle(svg).color, getComputedStyle(document.body).color]"
        for mark in (".staff-rating svg", ".staff-icon"):
            drawn, words = page.locator(mark).first.evaluate(ink)
            assert drawn == words, mark


def test_a_page_in_another_language_has_no_words_of_ours_left_in_english(desk: Desk) -> None:
    english: dict[str, list[str]] = {}
    with httpx.Client(base_url=desk.address, follow_redirects=True, cookies={LANGUAGE: "cy"}) as web:
        web.post("/sign-in", data={"name": "sam", "password": "three random words", "next": "/queue"})
        for path in IN_WELSH:
            page = web.get(path).text
            assert '<html lang="cy"' in page and page.count("«") > 20, path
            english[path] = sorted(set(beside_the_catalogue(page)))
    assert not any(english.values()), "\n".join(f"{path}: {lines}" for path, lines in english.items() if lines)
