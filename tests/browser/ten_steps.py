"""The ten tasks as they are done at the desk by keyboard alone, each from the page where such a task begins."""

from __future__ import annotations

import re
from collections.abc import Mapping

from playwright.sync_api import expect

from tests.browser.counted import Counted, Seats

References = Mapping[str, str]
PLAYS_FROM_THERE = """() => {
  const word = document.querySelector(".staff-word.is-reached"), sound = document.querySelector("audio");
  return !sound.paused && sound.currentTime >= Number(word.dataset.start);
}"""
SEND = "Control+Enter"


def opens_the_most_urgent(seats: Seats, of: References) -> None:
    """From the queue."""
    sam = seats.at("sam", "/queue")
    sam.press("j")
    sam.leads("Enter")
    expect(sam.page.locator("body")).to_contain_text(of["late"])


def takes_the_next(seats: Seats, of: References) -> None:
    """From the queue: chosen, held for this person and opened."""
    sam = seats.at("sam", "/queue")
    sam.leads("n")
    expect(sam.page.locator("body")).to_contain_text("Give it back")


def listens_from_a_word(seats: Seats, of: References) -> None:
    """From the report: to the third word of the third sentence."""
    sam = seats.at("sam", f"/referrals/{of['heard']}")
    sam.press("h", "ArrowDown", "ArrowDown", "ArrowRight", "ArrowRight")
    expect(sam.page.locator(".staff-word.is-reached")).to_have_text("alone")
    sam.press("Enter")
    sam.page.wait_for_function(PLAYS_FROM_THERE)


def rates(seats: Seats, of: References) -> None:
    """From the report: amber, and why."""
    sam = seats.at("sam", f"/referrals/{of['rated']}")
    sam.press("r", "ArrowDown")
    sam.to("#step-rate [name=reason]")
    sam.type("A second burn this month")
    sam.leads(SEND)
    bar = sam.page.locator(".staff-identity, .referral-bar").first
    expect(bar).to_contain_text(re.compile("amber", re.IGNORECASE))


def asks_the_sender(seats: Seats, of: References) -> None:
    """From the report: the question, what is sent as it will be sent, then sent."""
    sam = seats.at("sam", f"/referrals/{of['asked']}")
    sam.press("u")
    sam.type("Which class is she in?")
    sam.leads(SEND)
    expect(sam.page.locator("h1")).to_have_text("Check what is sent")
    sam.leads("y")
    expect(sam.page.locator(".staff-done")).to_be_visible()


def decides_with_a_second_person(seats: Seats, of: References) -> None:
    """From the report, and the manager from the queue: no further action on what a child told us."""
    sam, robin = seats.at("sam", f"/referrals/{of['decided']}"), seats.at("robin", "/queue")
    sam.press("d", "n")
    sam.to("#step-decide [name=level]")
    sam.press("Space")
    sam.to("#step-decide [name=reason]")
    sam.type("Seen at school today and well")
    sam.leads(SEND)
    expect(sam.page.locator("h1")).to_contain_text("has to agree")
    sam.leads("y")
    _agrees(robin, of["decided"])


def _agrees(robin: Counted, reference: str) -> None:
    robin.leads("g")
    robin.press("j")
    robin.leads("Enter")
    expect(robin.page.locator("main")).to_contain_text(reference)
    expect(robin.page.locator("main")).to_contain_text(re.compile("no further action", re.IGNORECASE))
    robin.leads("y")
    expect(robin.page.locator("main")).to_contain_text("agreed")


def closes(seats: Seats, of: References) -> None:
    """From the report, which is decided."""
    sam = seats.at("sam", f"/referrals/{of['closed']}")
    sam.press("c")
    sam.type("The new council has it")
    sam.leads(SEND)
    if sam.page.locator("main button.steps-send").count():
        sam.leads("y")
    expect(sam.page.locator("body")).to_contain_text("Closed")


def finds_by_a_number(seats: Seats, of: References) -> None:
    """From the queue: a number that stands otherwise in what was said; the report is opened."""
    sam = seats.at("sam", "/queue")
    sam.press("/")
    sam.type("07700 900129")
    sam.leads("Enter")
    expect(sam.page.locator(".staff-found a").first).to_be_focused()
    sam.leads("Enter")
    expect(sam.page.locator("body")).to_contain_text(of["sought"])


def takes_a_call(seats: Seats, of: References) -> None:
    """From the queue: the notes kept, their reference shown to be told, and the call finished."""
    casey = seats.at("casey", "/queue")
    casey.leads("t")
    casey.type("Shouting at number 12 since ten")
    casey.press(SEND)
    reference = casey.page.locator("#reference-told .staff-reference")
    expect(reference).to_be_visible()
    told = reference.inner_text()
    casey.press("Escape")
    casey.leads("f")
    expect(casey.page.locator("main")).to_contain_text(told)


def sees_what_is_late(seats: Seats, of: References) -> None:
    """From the queue, as a manager: each late report, and who of the ladder was told and when."""
    robin = seats.at("robin", "/queue")
    robin.leads("x")
    late = robin.page.locator(".staff-late tr", has_text=of["late"])
    expect(late.locator(".staff-told li").first).not_to_have_text("Nobody yet")
