"""Where a clerk says which separator sheets to print."""

from __future__ import annotations

import pytest

from channels.letter.codes import Code, OnPaper
from gateway.separators import SheetFor
from gateway.staff.separators_page import asked_for
from storage.staff import Role
from tests.gateway.office import Office, words_of
from tests.gateway.test_separators import FRIDAY, TODAY, codes_on


def test_a_clerk_may_choose_kind_day_and_number() -> None:
    assert asked_for({}, today=TODAY) == (SheetFor.NEXT, None, 20)
    dated = {"kind": "dated", "arrived_on": "2026-11-20", "copies": "5"}
    assert asked_for(dated, today=TODAY) == (SheetFor.NEXT, FRIDAY, 5)
    assert asked_for({"kind": "returned", "copies": "1"}, today=TODAY) == (SheetFor.RETURNED, None, 1)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_the_page_gives_the_sheets_or_says_what_is_to_be_put_right(office: Office) -> None:
    browser = await office.browser(Role.CALL_TAKER)
    assert (await browser.see("/post/separators")).css_first('form[action="/post/separators.pdf"]')
    answer = await browser.client.get("/post/separators.pdf", params={"kind": "returned", "copies": "2"})
    assert (answer.headers["content-type"], answer.headers["cache-control"]) == ("application/pdf", "no-store")
    assert codes_on(answer.content) == [Code(says=OnPaper.RETURNED)] * 2
    for wrong, words in (
        ({"copies": "0"}, "from 1 to 100"), ({"kind": "dated"}, "Give the day"), ({"kind": "x"}, "Choose"),
    ):  # fmt: skip
        refused = await browser.client.get("/post/separators.pdf", params=wrong)
        assert refused.status_code == 422 and words in words_of(refused)
    assert (await office.stranger().get("/post/separators.pdf")).status_code == 303
