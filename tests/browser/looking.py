"""A browser as a member of staff has it: signed in, with a window, a look and perhaps no scripts."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import httpx
from playwright.sync_api import Browser, BrowserContext, Page, Playwright

from gateway.looks import COOKIE as LOOK
from gateway.staff.signed_in import COOKIE
from tests.gateway.office import PASSWORD

PHONE = (320, 640)
DESK = (1280, 900)
ARGUMENTS = ["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu", "--disable-background-networking"]
SLOWEST = 15_000
"""How long a browser may take for anything, in milliseconds, on a machine that does much else."""


@contextmanager
def chromium(playwright: Playwright) -> Iterator[Browser]:
    """Debian's, without a window."""
    browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=ARGUMENTS)
    try:
        yield browser
    finally:
        browser.close()


@dataclass(frozen=True, kw_only=True)
class Seat:
    """Where somebody sits: who they are and what their browser is like. ``look`` are the words of the cookie;
    ``has_own_colours``: the device puts its few colours in the place of ours."""

    name: str = ""
    size: tuple[int, int] = DESK
    look: str = ""
    scripts: bool = True
    has_own_colours: bool = False


@contextmanager
def seated(browser: Browser, address: str, seat: Seat) -> Iterator[Page]:
    """Their page, signed in where they have a name."""
    context = browser.new_context(
        base_url=address, viewport={"width": seat.size[0], "height": seat.size[1]}, java_script_enabled=seat.scripts,
        forced_colors="active" if seat.has_own_colours else "none",
    )  # fmt: skip
    context.set_default_timeout(SLOWEST)
    try:
        if seat.name:
            sign_in(context, address, seat.name)
        if seat.look:
            context.add_cookies([{"name": LOOK, "value": seat.look, "url": address}])
        yield context.new_page()
    finally:
        context.close()


def sign_in(context: BrowserContext, address: str, name: str) -> None:
    """By the form's own address, so that each test needs no page for it."""
    answer = httpx.post(f"{address}/sign-in", data={"name": name, "password": PASSWORD, "next": "/queue"})
    context.add_cookies([{"name": COOKIE, "value": answer.cookies[COOKIE], "url": address}])
