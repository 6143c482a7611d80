"""Draws the pictures of docs/screenshots from the invented day: ``python -m tests.browser.screenshots``."""

from __future__ import annotations

import io
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from fastapi import APIRouter
from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

from gateway.app import build_app
from gateway.wiring import wire_channels
from tests.browser.a_day import Day, a_core_of_its_own, a_day
from tests.browser.beside import Beside, served
from tests.browser.looking import DESK, Seat, chromium, seated
from tests.fakes import MovableClock

INTO = Path(__file__).parent.parent.parent / "docs" / "screenshots"
PHONE = (390, 844)
TALLEST = 1800
LARGEST = 100_000


@dataclass(frozen=True, kw_only=True)
class Picture:
    """One page as somebody sees it; ``press``: what is clicked first, by CSS."""

    name: str
    path: str
    who: str = "sam"
    size: tuple[int, int] = DESK
    look: str = "light.less.on"
    press: str = ""


PICTURES = (
    Picture(name="queue", path="/queue"),
    Picture(name="queue-dark", path="/queue", look="dark.less.on"),
    Picture(name="queue-more-contrast", path="/queue", look="contrast.less.on"),
    Picture(name="queue-phone", path="/queue", size=PHONE),
    Picture(name="referral", path="/referrals/{voicemail}"),
    Picture(name="referral-dark", path="/referrals/{voicemail}", look="dark.less.on"),
    Picture(name="referral-phone", path="/referrals/{red}", size=PHONE),
    Picture(name="letter", path="/parts/{letter_id}/read/1"),
    Picture(name="call", path="/calls/{call_id}", who="casey"),
    Picture(name="oversight", path="/oversight", who="robin"),
    Picture(name="load", path="/oversight/load", who="robin"),
    Picture(name="agree", path="/agreements/{agreement_id}", who="robin"),
    Picture(name="search", path="/search?q=harrow"),
    Picture(name="keys", path="/keys"),
    Picture(name="contact", path="/", who=""),
)


def small(png: bytes) -> bytes:
    """The picture in as few colours as it takes to be under the limit."""
    with Image.open(io.BytesIO(png)) as opened:
        whole = opened.convert("RGB").crop((0, 0, opened.width, min(opened.height, TALLEST)))
    for colours in (128, 64, 32, 16):
        out = io.BytesIO()
        whole.quantize(colours, dither=Image.Dither.NONE).save(out, "PNG", optimize=True)
        if out.tell() < LARGEST:
            return out.getvalue()
    raise ValueError("a picture that cannot be made small")


def draw(browser: Browser, address: str, day: Day, picture: Picture) -> bytes:
    """One of them."""
    with seated(browser, address, Seat(name=picture.who, size=picture.size, look=picture.look)) as page:
        page.goto(picture.path.format(**day.references, **day.ids))
        if picture.press:
            page.click(picture.press)
        _settle(page)
        return small(page.screenshot(full_page=True))


def _settle(page: Page) -> None:
    page.evaluate("() => document.fonts.ready")
    page.wait_for_timeout(300)


def main() -> None:
    """All of them."""
    INTO.mkdir(parents=True, exist_ok=True)
    with ExitStack() as stack:
        clock = MovableClock()
        core = a_core_of_its_own(stack, clock)
        beside = stack.enter_context(Beside())
        day = beside.run(a_day(core, clock))
        channels = wire_channels(core)
        form = channels.receivers["web_form"].door(core.intake.accept)
        assert isinstance(form, APIRouter)
        stack.callback(lambda: beside.run(core.capturing.close()))
        address = stack.enter_context(beside.opened(served(build_app(core, channels, doors=[form]))))
        browser = stack.enter_context(chromium(stack.enter_context(sync_playwright())))
        for picture in PICTURES:
            (INTO / f"{picture.name}.png").write_bytes(draw(browser, address, day, picture))
            print(f"{picture.name}.png")


if __name__ == "__main__":
    main()
