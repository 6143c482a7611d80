"""A voicemail from ring to closed by keyboard alone, two people at once, a third agreeing: with scripts and without."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from gateway.demo.twilio_sim import Silent, Speak, read_wav
from storage.staff import Role, Staff
from tests.browser.beside import Beside
from tests.browser.hands import Hands
from tests.browser.looking import Seat, seated
from tests.gateway.office import EASY
from tests.house import House, a_house
from tests.missing_parts import needs

VOICEMAIL = Path(__file__).parent.parent / "samples" / "voicemails" / "vm00.wav"
STAFF = {"sam": Role.SOCIAL_WORKER, "jo": Role.SOCIAL_WORKER, "robin": Role.MANAGER}
BUTTON = "#step-{} button[type=submit]"
pytestmark = [needs("chromium"), pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)]


@pytest.fixture
def beside() -> Iterator[Beside]:
    with Beside() as loop:
        yield loop


@pytest.fixture
def house(tmp_path: Path, database_url: str, beside: Beside) -> Iterator[House]:
    """The whole gateway with its pretend provider, and three people who may sign in."""
    with beside.opened(a_house(tmp_path, database_url)) as opened:
        with opened.core.database.transaction() as session:
            for name, role in STAFF.items():
                session.add(Staff(name=name, role=role, password_hash=EASY, created_at=opened.core.clock()))
        yield opened


def rings(house: House, beside: Beside) -> str:
    """Somebody rings and speaks after the tone; the reference they were told."""
    steps: list[Speak | Silent] = [Speak(read_wav(VOICEMAIL)), Silent(30)]
    beside.run(house.sim.call("/twilio/voice", steps, frm="+447700900124"))
    (referral,) = beside.run(house.settled(lambda found: len(found) == 1))
    return str(referral["reference"])


def state_of(house: House, beside: Beside, reference: str) -> str:
    return str(beside.run(house.api(f"referrals/{reference}"))["state"])


def look(hands: Hands, path: str) -> None:
    """A page asked for by its address, as with a bookmark."""
    hands.page.goto(path)


def on_it(page: Page, name: str) -> None:
    expect(page.locator("body")).to_contain_text(f"{name} is on it")


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_a_voicemail_is_worked_from_ring_to_closed_by_keyboard_alone(
    house: House, beside: Beside, browser: Browser, scripts: bool
) -> None:
    address = house.core.settings.public_url
    with ExitStack() as stack:
        sam, jo, robin = (
            Hands(page=stack.enter_context(seated(browser, address, Seat(name=name, scripts=scripts))), scripts=scripts)
            for name in STAFF
        )
        for hands in (sam, jo):
            look(hands, "/queue")
        reference = rings(house, beside)
        home = f"/referrals/{reference}"
        if not scripts:
            look(jo, "/queue")
        expect(jo.page.locator(f"a[href='{home}']")).to_be_visible()
        sam.go("n", "form[action='/next'] button")
        sam.page.wait_for_url(f"**{home}*")
        if not scripts:
            look(jo, "/queue")
        on_it(jo.page, "sam")
        _is_kept_from(jo, home)
        _open_and_rate(sam)
        _decide(sam)
        _agrees(robin, reference)
        assert state_of(house, beside, reference) == "decided"
        _close(sam, home)
        assert state_of(house, beside, reference) == "closed"
        if not scripts:
            look(jo, "/queue")
        else:
            jo.page.goto("/queue")
        expect(jo.page.locator(f"a[href='{home}']")).to_have_count(0)


def _is_kept_from(hands: Hands, home: str) -> None:
    look(hands, home)
    on_it(hands.page, "sam")
    for step in ("open", "rate", "decide"):
        expect(hands.page.locator(f"form[action='{home}/{step}']")).to_have_count(0)
    look(hands, "/queue")


def _open_and_rate(sam: Hands) -> None:
    sam.open("o", "open")
    sam.send(BUTTON.format("open"))
    expect(sam.page.locator("#step-rate")).to_have_count(1)
    sam.open("r", "rate")
    sam.to("#step-rate [name=severity]")
    sam.press("Space", "ArrowDown")
    sam.to("#step-rate [name=reason]")
    sam.type("Alone at night")
    sam.send(BUTTON.format("rate"))
    expect(sam.page.locator(".staff-identity, .referral-bar").first).to_contain_text(re.compile("amber", re.IGNORECASE))


def _decide(sam: Hands) -> None:
    """A child told us, so no further action needs a manager: the page says so, and asks for one."""
    sam.open("d", "decide")
    sam.to("#decide-code")
    sam.type("No f")
    sam.to("#step-decide [name=level]")
    sam.press("Space")
    sam.to("#step-decide [name=reason]")
    sam.type("Seen at school today and well")
    sam.to("#step-decide details:has([name=child_told_us]) > summary")
    sam.press("Enter")
    sam.to("#step-decide [name=child_told_us]")
    sam.press("Space")
    sam.send(BUTTON.format("decide"))
    sam.send("main form button[formaction$='/agreement']")
    expect(sam.page.locator("body")).to_contain_text("Waits for a manager to agree")


def _agrees(robin: Hands, reference: str) -> None:
    look(robin, "/agreements")
    if robin.scripts:
        robin.press("j")
    robin.to("tr a[href^='/agreements/']")
    expect(robin.page.locator("main")).to_contain_text(reference)
    robin.press("Enter")
    robin.page.wait_for_url("**/agreements/*")
    robin.send("form[action$='/agree'] button")
    expect(robin.page.locator("body")).to_contain_text("agreed")


def _close(sam: Hands, home: str) -> None:
    look(sam, home)
    sam.open("c", "close")
    sam.to("#step-close [name=reason]")
    sam.type("The school has it")
    sam.send(BUTTON.format("close"))
    card = sam.page.locator("main form button.steps-send")
    expect(card.or_(sam.page.locator(".staff-done")).first).to_be_visible()
    if card.count():
        sam.send("main form button.steps-send")
    expect(sam.page.locator("body")).to_contain_text("Closed")
