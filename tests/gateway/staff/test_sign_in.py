"""In and out, and what nobody gets past."""

from __future__ import annotations

import pytest

from gateway.core import Core
from gateway.staff import accounts
from storage.staff import Role
from tests.builders import a_referral
from tests.fakes import MovableClock
from tests.gateway.office import PASSWORD, Office, words_of

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
PAGES = (
    "/queue",
    "/tasks",
    "/oversight",
    "/notes/new",
    "/referrals/KMR-4729-HX",
    "/find",
    "/parts/x",
    "/parts/x/words",
)


@pytest.mark.parametrize("path", PAGES)
async def test_nobody_sees_a_page_of_staff_without_signing_in(office: Office, path: str) -> None:
    answer = await office.stranger().get(path)
    assert answer.status_code == 303
    assert answer.headers["location"].startswith("/sign-in?next=%2F")
    assert answer.headers["cache-control"] == "no-store"


async def test_signing_in_leads_on_to_the_page_that_was_wanted(office: Office) -> None:
    client = (await office.browser(name="casey")).client
    answer = await client.post("/sign-in", data={"name": "casey", "password": PASSWORD, "next": "/tasks?page=2"})
    assert (answer.status_code, answer.headers["location"]) == (303, "/tasks?page=2")
    assert "HttpOnly" in answer.headers["set-cookie"] and "SameSite=lax" in answer.headers["set-cookie"]


async def test_a_page_that_is_not_ours_is_never_led_to(office: Office) -> None:
    client = (await office.browser(name="casey")).client
    for elsewhere in ("https://example.org", "//example.org", "/\\example.org", "/sign-out", "x", "/a\nb", ""):
        answer = await client.post("/sign-in", data={"name": "casey", "password": PASSWORD, "next": elsewhere})
        assert answer.headers["location"] == "/queue", elsewhere


async def test_a_wrong_name_and_a_wrong_password_are_told_in_the_same_words(office: Office) -> None:
    client = (await office.browser(name="casey")).client
    answers = [
        await client.post("/sign-in", data={"name": name, "password": password})
        for name, password in (("casey", "wrong"), ("nobody", PASSWORD), ("casey", ""))
    ]
    assert {answer.status_code for answer in answers} == {403}
    assert all("The name or the password is not right" in words_of(answer) for answer in answers)
    assert all("set-cookie" not in answer.headers for answer in answers)


async def test_after_too_many_tries_even_the_right_password_has_to_wait(office: Office, clock: MovableClock) -> None:
    client = (await office.browser(name="casey")).client
    for _ in range(5):
        await client.post("/sign-in", data={"name": "casey", "password": "wrong"})
    right = {"name": "casey", "password": PASSWORD}
    assert (await client.post("/sign-in", data=right)).status_code == 429
    clock.move(minutes=16)
    assert (await client.post("/sign-in", data=right)).status_code == 303


async def test_signing_out_ends_it_on_the_server(office: Office) -> None:
    browser = await office.browser()
    cookie = dict(browser.client.cookies)
    answer = await browser.send(await browser.see("/queue"), "/sign-out")
    assert answer.headers["location"] == "/sign-in"
    again = office.stranger()
    again.cookies.update(cookie)
    assert (await again.get("/queue")).status_code == 303


async def test_a_disabled_account_is_out_at_once(core: Core, office: Office) -> None:
    browser = await office.browser(name="casey")
    with core.database.transaction() as session:
        accounts.disable_user(session, "casey", at=core.clock())
    assert (await browser.client.get("/queue")).status_code == 303


async def test_a_sign_in_ends_after_twelve_hours(office: Office, clock: MovableClock) -> None:
    browser = await office.browser()
    clock.move(hours=12)
    assert (await browser.client.get("/queue")).status_code == 303


async def test_a_form_posted_by_another_site_changes_nothing(core: Core, office: Office) -> None:
    row, browser = await a_referral(core), await office.browser()
    page = await browser.see(f"/referrals/{row.reference}")
    field = page.css_first("input[name=mark]")
    assert field
    mark = str(field.attributes["value"])
    address = f"/referrals/{row.reference}/open"
    wrong: tuple[dict[str, str], ...] = ({}, {"mark": "0" * 64}, {"mark": "é" * 64})
    elsewhere = ({"Sec-Fetch-Site": "cross-site"}, {"mark": mark})
    for headers, typed in (*(({}, each) for each in wrong), elsewhere):
        answer = await browser.client.post(address, data=typed, headers=headers)
        assert answer.status_code == 403
    assert "Not looked at yet" in words_of(await browser.see(f"/referrals/{row.reference}"))


async def test_words_typed_while_signed_out_are_shown_and_not_lost(office: Office) -> None:
    answer = await office.stranger().post("/notes/new", data={"text": "She said <he> hits her", "mark": "x"})
    assert answer.status_code == 403
    assert "Nothing was saved" in words_of(answer)
    assert "She said &lt;he&gt; hits her</textarea>" in answer.text


async def test_a_page_that_asks_for_itself_again_goes_to_sign_in_as_a_whole(office: Office) -> None:
    answer = await office.stranger().get("/queue", headers={"HX-Request": "true"})
    assert answer.headers["hx-redirect"] == "/sign-in?next=%2Fqueue"


async def test_every_page_is_drawn_with_headers_that_keep_it_private(office: Office) -> None:
    browser = await office.browser(Role.MANAGER)
    for path in ("/queue", "/tasks", "/oversight", "/notes/new", "/sign-in"):
        answer = await browser.client.get(path)
        assert answer.headers["cache-control"] == "no-store", path
        assert "script-src 'self'" in answer.headers["content-security-policy"], path
        assert "<script>" not in answer.text and "style=" not in answer.text, path


async def test_a_form_larger_than_any_of_ours_is_refused(office: Office) -> None:
    browser = await office.browser()
    answer = await browser.client.post("/notes/new", data={"text": "x" * 1_100_000})
    assert answer.status_code == 413
