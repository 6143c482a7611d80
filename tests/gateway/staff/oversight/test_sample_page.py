"""The pack is taken on a page: the sentence, its table and a file that is the same each time."""

import io
import zipfile

import pytest
from sqlmodel import select

from gateway.core import Core
from storage.audit import Audit
from storage.staff import Role
from tests.builders import a_referral
from tests.fakes import MovableClock
from tests.gateway.office import Office, words_of

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


async def test_the_page_shows_the_sentence_and_hands_out_the_same_file_twice(core: Core, clock: MovableClock) -> None:
    rows = [await a_referral(core) for _ in range(3)]
    clock.move(minutes=5)
    browser = await Office(core).browser(Role.MANAGER, "morgan")
    page = await browser.see("/oversight/sample?n=2&as_at=")
    assert "We reviewed the latest 2 reports in strict order of receipt (nos 2-3)." in words_of(page)
    told = page.css("table")[0].text()
    assert [row.reference in told for row in rows] == [False, True, True]
    address = str(page.css("a[download]")[0].attributes["href"])
    first = await browser.client.get(address)
    clock.move(hours=3)
    await a_referral(core)
    again = await browser.client.get(address)
    assert first.content == again.content and first.headers["content-type"] == "application/zip"
    with zipfile.ZipFile(io.BytesIO(first.content)) as archive:
        assert {"README.txt", "sample.csv", "ledger.csv"} <= set(archive.namelist())
    with core.database.reading() as session:
        takers = [one.who for one in session.exec(select(Audit)) if "inspectors' sample" in one.what]
    assert takers == ["morgan"] * 3


WRONG = {
    "n=0": "Give a number from 1 to 1000",
    "n=many": "Give a number from 1 to 1000",
    "n=5&as_at=soon": "Give a date and a time",
    "n=5&as_at=2027-01-01T09:00": "That time has not come yet",
}


async def test_what_cannot_be_asked_is_said_beside_its_field(core: Core) -> None:
    browser = await Office(core).browser(Role.MANAGER)
    for asked, told in WRONG.items():
        answer = await browser.client.get(f"/oversight/sample?{asked}")
        assert answer.status_code == 422 and told in words_of(answer), asked


async def test_no_other_pack_is_handed_out_than_the_one_that_was_asked_for(office: Office) -> None:
    max_ = await office.browser(Role.MANAGER)
    for wrong in ("n=5000", "n=10&as_at=2099-01-01T00:00", "n=10&as_at=friday"):
        answer = await max_.client.get(f"/oversight/sample.zip?{wrong}")
        assert answer.status_code == 303
        form = await max_.client.get(answer.headers["location"])
        assert form.status_code == 422
