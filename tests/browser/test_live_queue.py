"""The queue in a real browser: what arrives shows by itself, and nothing moves away from the focus."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from playwright.sync_api import Browser, Page, expect

from gateway.app import build_app
from gateway.core import Core
from gateway.wiring import wire_channels
from storage import referral
from storage.staff import Role, Staff
from tests.browser.beside import Beside, served
from tests.browser.looking import PHONE, Seat, seated
from tests.builders import a_note, a_referral
from tests.gateway.office import EASY
from tests.missing_parts import needs

pytestmark = [needs("chromium"), pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)]


@contextmanager
def at_the_queue(core: Core, browser: Browser, seat: Seat, beside: Beside) -> Iterator[Page]:
    """Sam's queue, once it is told live where there are scripts."""
    with core.database.transaction() as session:
        session.add(Staff(name="sam", role=Role.SOCIAL_WORKER, password_hash=EASY, created_at=core.clock()))
    with (
        beside.opened(served(build_app(core, wire_channels(core), doors=[]))) as address,
        seated(browser, address, seat) as page,
    ):
        if seat.scripts:
            with page.expect_response(re.compile("/queue/news")):
                page.goto("/queue")
        else:
            page.goto("/queue")
        yield page


def shown(page: Page) -> list[str]:
    """The references, as they stand."""
    return [str(row.get_attribute("data-reference")) for row in page.locator("[data-row]").all()]


def due_first(core: Core, reference: str) -> None:
    """From now on it is the most urgent of what is in time."""
    with core.database.transaction() as session:
        row = referral.by_reference(session, reference)
        assert row
        row.due_at, row.severity = core.clock() + timedelta(minutes=30), "red"
        session.add(row)


def test_an_arrival_shows_by_itself_and_is_said_to_who_does_not_see_it(core: Core, browser: Browser) -> None:
    with Beside() as beside, at_the_queue(core, browser, Seat(name="sam"), beside) as page:
        receipt = beside.run(core.intake.accept(a_note("Shouting at night")))
        expect(page.locator(f"#row-{receipt.reference}")).to_be_visible()
        expect(page.locator("#news")).to_have_text("1 new: not rated, 1 day left")
        expect(page.locator("[data-count=open]")).to_have_text("1")
        expect(page.locator("#queue-none")).to_be_hidden()


def test_nothing_moves_away_from_the_focus_until_it_is_asked_for(core: Core, browser: Browser) -> None:
    with Beside() as beside:
        first = beside.run(a_referral(core, "First")).reference
        second = beside.run(a_referral(core, "Second")).reference
        with at_the_queue(core, browser, Seat(name="sam"), beside) as page:
            page.keyboard.press("j")
            focused = page.locator(f"#row-{first}")
            expect(focused).to_be_focused()
            due_first(core, second)
            expect(page.locator(f"[data-reference={second}]")).to_contain_text("Red")
            third = beside.run(a_referral(core, "Third")).reference
            expect(page.locator("#queue-held button")).to_have_text("1 new, show them")
            assert shown(page) == [first, second]
            expect(focused).to_be_focused()
            page.keyboard.press("s")
            expect(page.locator("#queue-held")).to_be_hidden()
            assert shown(page) == [second, first, third]
            expect(page.locator(f"#row-{second}")).to_be_focused()


def test_a_signed_out_browser_is_told_so_and_time_grows_old_by_itself(core: Core, browser: Browser) -> None:
    with Beside() as beside:
        beside.run(a_referral(core, "First"))
        with at_the_queue(core, browser, Seat(name="sam", size=PHONE), beside) as page:
            expect(page.locator("[data-due]").first).to_have_text(re.compile("1 day left|23 h 59 min left"))
            page.evaluate("at => { Date.now = () => at }", page.evaluate("() => Date.now() + 86400000 + 120000"))
            page.evaluate("() => document.dispatchEvent(new Event('visibilitychange'))")
            expect(page.locator("[data-due]").first).to_have_text(re.compile("Overdue by [23] min"))
            with core.database.transaction() as session:
                session.connection().exec_driver_sql("DELETE FROM sign_in")
            expect(page.locator("#queue-state")).to_have_text("You are signed out. Sign in again to go on.")


def test_without_script_filters_and_views_work_by_plain_forms(core: Core, browser: Browser) -> None:
    with Beside() as beside:
        row = beside.run(a_referral(core, "First"))
        with at_the_queue(core, browser, Seat(name="sam", scripts=False), beside) as page:
            page.locator("summary", has_text="Filters").click()
            page.get_by_label("Red").check()
            page.get_by_role("button", name="Show these").click()
            expect(page.get_by_text("Nothing of this is open.")).to_be_visible()
            page.get_by_label("Keep what is shown now as a view called").fill("Only red")
            page.get_by_role("button", name="Keep it").click()
            expect(page.locator("nav[aria-label=Views] [aria-current]")).to_have_text("Only red")
            page.get_by_role("link", name="Everything").click()
            expect(page.locator(f"#row-{row.reference}")).to_be_visible()
