"""Stated values settled by keys in a real browser."""

from __future__ import annotations

import asyncio

import httpx
import pytest
from selenium.webdriver import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.remote.webdriver import WebDriver
from selenium.webdriver.support.ui import WebDriverWait

from gateway.core import Core
from gateway.staff.signed_in import COOKIE
from storage.staff import Role, Staff
from tests.builders import a_message, read_all
from tests.gateway.office import EASY, PASSWORD
from tests.gateway.staff.test_scan_in_a_browser import chromium, served
from tests.missing_parts import needs

WORDS = b"Tom Example is 7 and lives at 3 High Street, Northtown, NT1 2AB. Ring 07700 900123. He goes to Oak School."
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def focused(driver: WebDriver) -> str:
    """The class and id of the row that has the focus."""
    element = driver.switch_to.active_element
    return f"{element.get_attribute('class')} {element.get_attribute('id')}"


def states(driver: WebDriver) -> list[str]:
    return [str(each.get_attribute("class")) for each in driver.find_elements(By.CLASS_NAME, "staff-claim")]


def settle(driver: WebDriver, key: str) -> None:
    """The key, and the page it leads to."""
    before = driver.find_element(By.TAG_NAME, "html")
    ActionChains(driver).send_keys(key).perform()
    WebDriverWait(driver, 20).until(lambda at: at.find_element(By.TAG_NAME, "html") != before)


async def a_referral(core: Core) -> str:
    receipt = await core.intake.accept(a_message(WORDS, channel="email", source_key="words"))
    await read_all(core)
    return receipt.reference


@needs("chromium")
def test_a_key_settles_leads_to_the_next_and_takes_nothing_back(core: Core, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SE_OFFLINE", "true")
    monkeypatch.setenv("SE_AVOID_STATS", "true")
    reference = asyncio.run(a_referral(core))
    with core.database.transaction() as session:
        session.add(Staff(name="sam", role=Role.SOCIAL_WORKER, password_hash=EASY, created_at=core.clock()))
    with served(core) as address, chromium() as driver:
        signed_in = httpx.post(f"{address}/sign-in", data={"name": "sam", "password": PASSWORD, "next": "/queue"})
        driver.get(f"{address}/static/staff.css")
        driver.add_cookie({"name": COOKIE, "value": signed_in.cookies[COOKIE]})
        driver.get(f"{address}/referrals/{reference}")
        driver.execute_script("document.querySelector('.staff-claim').focus()")
        settle(driver, "c")
        assert focused(driver).startswith("staff-claim is-proposed")
        settle(driver, "c")
        assert focused(driver).startswith("staff-claim is-proposed")
        ActionChains(driver).send_keys(Keys.ARROW_DOWN).perform()  # what is settled stands last
        assert focused(driver).startswith("staff-claim is-confirmed")
        was = driver.current_url
        ActionChains(driver).send_keys("r", "c", Keys.ARROW_UP).perform()
        assert focused(driver).startswith("staff-claim is-proposed") and driver.current_url == was
        assert [each for each in states(driver) if "is-rejected" in each] == []
