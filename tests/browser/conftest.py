"""One browser and one day at the desk for each module: beside a browser no test of its process may wait."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from fastapi import APIRouter
from playwright.sync_api import Browser, expect, sync_playwright

from gateway.app import build_app
from gateway.wiring import wire_channels
from tests.browser.a_day import Day, a_core, a_day
from tests.browser.beside import Beside, served
from tests.browser.looking import SLOWEST, chromium
from tests.fakes import MovableClock
from tests.missing_parts import require


@dataclass(frozen=True, kw_only=True)
class Desk:
    """A day at the desk, at an address."""

    day: Day
    address: str
    beside: Beside


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Debian's Chromium, and as much patience in what is expected of a page as in what is done on it."""
    require("chromium")
    expect.set_options(timeout=SLOWEST)
    with sync_playwright() as playwright, chromium(playwright) as launched:
        yield launched


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path) -> Iterator[Desk]:
    """Monday, a quarter past ten."""
    require("chromium")
    clock = MovableClock()
    core = a_core(tmp_path_factory.mktemp("desk"), sqlite_template, clock)
    with Beside() as beside:
        day = beside.run(a_day(core, clock))
        channels = wire_channels(core)
        form = channels.receivers["web_form"].door(core.intake.accept)
        assert isinstance(form, APIRouter)
        with beside.opened(served(build_app(core, channels, doors=[form]))) as address:
            yield Desk(day=day, address=address, beside=beside)
        beside.run(core.capturing.close())
    core.close()
