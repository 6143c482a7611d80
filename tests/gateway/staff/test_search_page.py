"""The page of the search, the way straight to a reference, and what neither gives away."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from gateway.core import Core
from storage.staff import Role
from tests.builders import a_message, a_referral
from tests.gateway.office import Office


@pytest.fixture(params=["sqlite"])
def database_url(request: pytest.FixtureRequest, database_url: str) -> str:
    """What the database finds is told in tests/gateway/searching; here it is drawn."""
    return database_url


@pytest.mark.parametrize("typed", [str.lower, lambda reference: reference.replace("-", "")])
async def test_a_reference_typed_in_any_way_leads_straight_to_it(
    core: Core, office: Office, typed: Callable[[str], str]
) -> None:
    row = await a_referral(core)
    client = (await office.browser()).client
    for path, name in (("/find", "reference"), ("/search", "q")):
        answer = await client.get(path, params={name: typed(row.reference)})
        assert answer.status_code == 303 and answer.headers["location"] == f"/referrals/{row.reference}"


async def test_what_was_typed_into_the_box_leads_nowhere_else(office: Office) -> None:
    client = (await office.browser()).client
    answer = await client.get("/find", params={"reference": "//example.org/"})
    assert answer.headers["location"] == "/search?q=%2F%2Fexample.org%2F"
    assert (await client.get("/find", params={"reference": " "})).headers["location"] == "/queue"


async def test_a_message_that_is_not_read_yet_is_found_by_its_reference(core: Core, office: Office) -> None:
    receipt = await core.intake.accept(a_message())
    answer = await (await office.browser()).client.get("/search", params={"q": receipt.reference})
    assert answer.headers["location"] == f"/referrals/{receipt.reference}"


async def test_results_are_rows_to_walk_with_their_words_marked(core: Core, office: Office) -> None:
    row = await a_referral(core, "Zoë is <b>outside</b> without a coat")
    page = (await (await office.browser()).client.get("/search", params={"q": "zoe outs"})).text
    assert f'href="/referrals/{row.reference}"' in page and "data-row" in page
    assert "<mark>Zoë</mark> is &lt;b&gt;<mark>outside</mark>&lt;/b&gt;" in page


async def test_nothing_found_is_told_with_what_can_be_typed(office: Office) -> None:
    page = (await (await office.browser()).client.get("/search", params={"q": "nobody", "only": "open"})).text
    assert "Nothing was found" in page and "What can be typed" in page and "Only some were looked through" in page


async def test_a_day_that_is_none_is_said_and_left_out(core: Core, office: Office) -> None:
    row = await a_referral(core)
    asked = {"q": "shouting", "since": "yesterday", "only": "all of it", "channel": "pigeon", "after": "x"}
    page = (await (await office.browser()).client.get("/search", params=asked)).text
    assert "That is no day" in page and row.reference in page


async def test_more_leads_to_the_next_page(core: Core, office: Office) -> None:
    rows = [await a_referral(core, f"Shouting at number {n}") for n in range(22)]
    client = (await office.browser()).client
    page = (await client.get("/search", params={"q": "shouting"})).text
    assert rows[1].reference not in page and rows[2].reference in page
    onward = page.partition('rel="next"')[0].rpartition('href="')[2].partition('"')[0].replace("&amp;", "&")
    page = (await client.get(onward)).text
    assert rows[1].reference in page and rows[0].reference in page and rows[2].reference not in page
    assert "From the beginning" in page


async def test_who_told_us_is_not_shown_and_a_look_by_their_number_is_on_record(core: Core, office: Office) -> None:
    row = await a_referral(core, callback="07700 900123", caller_name="Robin Example")
    casey = (await office.browser(Role.CALL_TAKER)).client
    page = (await casey.get("/search", params={"q": "07700 900123"})).text
    assert row.reference not in page and "is for social workers to search" in page
    assert office.private_history() == []
    page = (await (await office.browser()).client.get("/search", params={"q": "+447700900123"})).text
    assert row.reference in page and "Robin" not in page and "on record" in page
    ((_, line),) = office.private_history()
    assert f"ledger numbers {row.ledger_no}" in line and "900123" not in line


async def test_programs_search_as_staff_do(core: Core, office: Office) -> None:
    row = await a_referral(core, "Zoë is outside without a coat")
    asked = {"q": "zoe", "only": "open", "limit": "5"}
    program = office.program()
    answer = await program.get("/api/v1/search", params=asked)
    (found,) = answer.json()["results"]
    assert found["reference"] == row.reference and found["passage"][0] == {"text": "Zoë", "found": True}
    assert answer.json()["after"] is None
    assert (await program.get("/api/v1/search", params={"q": "x", "since": "no"})).status_code == 422


async def test_the_first_that_is_found_has_the_focus_so_that_enter_opens_it(core: Core, office: Office) -> None:
    rows = [await a_referral(core, f"A child at number {number} was out in the cold") for number in (3, 5)]
    page = await (await office.browser()).see("/search?q=cold")
    links = [link for link in page.css(".staff-found a") if "autofocus" in link.attributes]
    assert [link.attributes["href"] for link in links] == [f"/referrals/{rows[-1].reference}"]
    assert not page.css("input[autofocus]")
