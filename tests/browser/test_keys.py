"""Single keys: each that a page offers is on the page of keys, none fires while somebody types, and they can be off."""

from __future__ import annotations

import re

from playwright.sync_api import Browser, Page, expect

from gateway.pages import HERE
from gateway.staff.keys_page import SHORTCUTS
from tests.browser.conftest import Desk
from tests.browser.looking import Seat, seated
from tests.missing_parts import needs

pytestmark = needs("chromium")
FOCUSED = """() => {
  const each = document.activeElement, box = each.getBoundingClientRect(), style = getComputedStyle(each);
  const marked = style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) > 0 || style.boxShadow !== 'none';
  const middle = document.elementFromPoint(box.left + box.width / 2, box.top + Math.min(box.height, innerHeight) / 2);
  return {name: `${each.tagName} ${(each.textContent || each.name || '').trim().slice(0, 30)}`,
    isBody: each === document.body,
    isMarked: marked || each.matches('[type=radio], [type=checkbox]'),
    isSeen: middle === null || each.contains(middle) || middle.contains(each) || each.labels?.length > 0};
}"""


def test_every_key_a_page_offers_is_on_the_page_of_keys() -> None:
    texts = [path.read_text("utf-8") for path in (*HERE.glob("templates/staff/*.html"), HERE / "templates/staff.html")]
    offered = {key for text in texts for key in re.findall(r'data-shortcut="([^"{}])"', text)}
    assert {"q", "t", "n", "a"} < offered
    assert {key for key in offered if not key.isdigit()} - SHORTCUTS == set()


def test_the_keys_of_a_page_are_shown_on_it_and_closed_again(browser: Browser, desk: Desk) -> None:
    with seated(browser, desk.address, Seat(name="sam")) as page:
        page.goto("/queue")
        page.keyboard.press("?")
        panel = page.locator("#keys-here")
        expect(panel).to_be_visible()
        for words in ("Search", "Take a call", "Next for me", "Next row"):
            expect(panel).to_contain_text(words)
        page.keyboard.press("Escape")
        expect(panel).to_be_hidden()


def test_rows_are_walked_and_opened_by_keys(browser: Browser, desk: Desk) -> None:
    with seated(browser, desk.address, Seat(name="sam")) as page:
        page.goto("/queue")
        page.keyboard.press("j")
        first = focused_row(page)
        page.keyboard.press("ArrowDown")
        second = focused_row(page)
        page.keyboard.press("k")
        assert first != second and focused_row(page) == first
        page.keyboard.press("Enter")
        page.wait_for_url(f"**{first}*")


def focused_row(page: Page) -> str:
    return str(
        page.evaluate("() => document.activeElement.closest('[data-row]').querySelector('a').getAttribute('href')")
    )


def test_no_key_fires_while_somebody_types_or_with_control(browser: Browser, desk: Desk) -> None:
    with seated(browser, desk.address, Seat(name="sam")) as page:
        page.goto("/tasks")
        page.keyboard.press("/")
        page.keyboard.type("qt?")
        expect(page.locator("#find")).to_have_value("qt?")
        expect(page.locator("#keys-here")).to_be_hidden()
        page.locator("#find").blur()
        page.keyboard.press("Control+q")
        assert page.url.endswith("/tasks")
        page.keyboard.press("q")
        page.wait_for_url("**/queue*")


def test_keys_can_be_off(browser: Browser, desk: Desk) -> None:
    with seated(browser, desk.address, Seat(name="sam", scripts=False)) as page:
        page.goto("/look?next=/tasks")
        page.get_by_label("Off").check()
        page.get_by_role("button", name="Save").click()
        assert page.url.endswith("/tasks")
        assert page.locator("html").get_attribute("data-keys") == "off"
    with seated(browser, desk.address, Seat(name="sam", look="device.device.off")) as page:
        page.goto("/tasks")
        page.keyboard.press("q")
        page.keyboard.press("?")
        assert page.url.endswith("/tasks")
        expect(page.locator("#keys-here")).to_be_hidden()


def test_every_stop_of_the_tab_key_can_be_seen(browser: Browser, desk: Desk) -> None:
    day = desk.day.references
    unseen = []
    with seated(browser, desk.address, Seat(name="sam")) as page:
        for path in ("/queue", f"/referrals/{day['voicemail']}", "/look"):
            page.goto(path)
            for _ in range(60):
                page.keyboard.press("Tab")
                stop = page.evaluate(FOCUSED)
                if stop["isBody"]:
                    break
                if not (stop["isMarked"] and stop["isSeen"]):
                    unseen.append(f"{path}: {stop['name']}")
    assert not unseen, "\n".join(unseen)
