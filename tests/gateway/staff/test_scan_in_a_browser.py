"""The pages of a scan sorted in a real browser, by keys and with the mouse, and saved as they then stand."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import httpx
import pytest
import uvicorn
from fastapi import FastAPI
from selenium import webdriver
from selenium.webdriver import ActionChains
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from starlette.staticfiles import StaticFiles

from gateway.core import Core
from gateway.office import office_routes
from gateway.pages import STATIC
from gateway.staff.signed_in import COOKIE
from storage.staff import Role, Staff
from tests.gateway.dividing.sorted_scans import a_scan, lines
from tests.gateway.office import EASY, PASSWORD
from tests.missing_parts import needs

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@contextmanager
def served(core: Core) -> Iterator[str]:
    """The office at an address of this machine."""
    app = FastAPI()
    app.mount("/static", StaticFiles(directory=STATIC))
    office_routes(app, core)
    server = uvicorn.Server(uvicorn.Config(app, host="127.0.0.1", port=0, log_level="error", ws="none"))
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        time.sleep(0.02)
    try:
        yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join()


@contextmanager
def chromium() -> Iterator[webdriver.Chrome]:
    """With a window in which two rows of pages are seen."""
    asked = webdriver.ChromeOptions()
    for argument in (
        "--headless=new", "--no-sandbox", "--disable-dev-shm-usage", "--disable-background-networking",
        "--disable-gpu", "--window-size=1200,1000", "--no-first-run",
    ):  # fmt: skip
        asked.add_argument(argument)
    driver = webdriver.Chrome(options=asked, service=Service("/usr/bin/chromedriver"))
    try:
        yield driver
    finally:
        driver.quit()


def press(driver: webdriver.Chrome, page: int, *keys: str) -> None:
    """Keys on a page that has the focus."""
    driver.execute_script("arguments[0].focus()", driver.find_element(By.ID, f"page-{page}"))
    actions = ActionChains(driver)
    for key in keys:
        actions = actions.key_down(key) if key == Keys.SHIFT else actions.send_keys(key)
    actions.key_up(Keys.SHIFT).perform()


@needs("chromium")
def test_pages_are_sorted_by_keys_and_with_the_mouse(core: Core, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SE_OFFLINE", "true")
    monkeypatch.setenv("SE_AVOID_STATS", "true")
    scan_id = asyncio.run(a_scan(core, 7))
    with core.database.transaction() as session:
        session.add(Staff(name="casey", role=Role.CALL_TAKER, password_hash=EASY, created_at=core.clock()))
    with served(core) as address, chromium() as driver:
        signed_in = httpx.post(f"{address}/sign-in", data={"name": "casey", "password": PASSWORD, "next": "/queue"})
        driver.get(f"{address}/static/scan.css")
        driver.add_cookie({"name": COOKIE, "value": signed_in.cookies[COOKIE]})
        driver.get(f"{address}/post/scans/{scan_id}")
        page = [driver.find_element(By.ID, f"page-{number}") for number in range(1, 8)]
        ActionChains(driver).drag_and_drop(page[3], page[1]).perform()
        press(driver, 3, "b")  # 1 4 2 | 3 5 6 7
        press(driver, 2, "r")
        press(driver, 1, "e")  # 4 2 1 | 3 5 6 7
        press(driver, 7, "x")
        press(driver, 6, Keys.SHIFT, Keys.ARROW_LEFT)  # 4 2 1 | 3 6 5
        press(driver, 5, Keys.ARROW_LEFT, "l")
        page[4].find_element(By.CSS_SELECTOR, "[data-key=b]").click()
        assert "Page 5: begins a letter, letter 3" in driver.find_element(By.CLASS_NAME, "scan-bar__state").text
        driver.find_element(By.CSS_SELECTOR, "button[value=save]").click()
        deadline = time.monotonic() + 20
        while "done=saved" not in driver.current_url and time.monotonic() < deadline:
            time.sleep(0.1)
    assert lines(core, scan_id) == "a 4 2+90 1e\nb 3 6+270\nc 5\nout 7"
