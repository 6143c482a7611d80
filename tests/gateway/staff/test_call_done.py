"""What is written in the minute after a call reaches the history, however the minute ends."""

from __future__ import annotations

import pytest
from sqlmodel import select

from gateway.core import Core
from storage import audit
from storage.draft import Draft
from storage.referral import Referral
from tests.builders import read_all
from tests.fakes import MovableClock
from tests.gateway.office import Browser, Office, words_of
from tests.gateway.staff.test_call_page import a_call

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
AGREED = "We ring on Friday"


async def finished(browser: Browser) -> str:
    """The address of a call that is over, not read yet."""
    call = await a_call(browser)
    await browser.send(await browser.see(call), call, do="finish", text="Shouting")
    return call


def said_by(core: Core, name: str) -> list[str]:
    with core.database.reading() as session:
        [row] = session.exec(select(Referral))
        return [line.what for line in audit.of_referrals(session, [row.id or 0]) if line.who == name]


async def test_words_that_are_put_off_with_the_minute_are_in_the_history_all_the_same(
    core: Core, office: Office
) -> None:
    casey = await office.browser(name="casey")
    call = await finished(casey)
    await read_all(core)
    parked = await casey.send(await casey.see(f"{call}/done"), f"{call}/done", do="park", agreed=AGREED)
    assert parked.headers["location"] == "/calls"
    assert said_by(core, "casey") == [f"Agreed: {AGREED}"]


@pytest.mark.parametrize("do", ["done", "park"])
async def test_words_for_a_call_that_was_not_read_yet_stay_on_the_page(
    core: Core, office: Office, clock: MovableClock, do: str
) -> None:
    casey = await office.browser(name="casey")
    call = await finished(casey)
    page = await casey.see(f"{call}/done")
    clock.move(minutes=2)
    early = await casey.send(page, f"{call}/done", do=do, agreed=AGREED)
    assert early.status_code == 409 and f"{AGREED}</textarea>" in early.text
    assert "It is not in the queue yet" in words_of(early)
    with core.database.reading() as session:
        row = session.exec(select(Draft)).one()
        assert (row.wrapped_at, row.is_parked) == (None, False)
    await read_all(core)
    assert (await casey.send(page, f"{call}/done", do=do, agreed=AGREED)).status_code == 303
    assert said_by(core, "casey") == [f"Agreed: {AGREED}"]
