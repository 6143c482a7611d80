"""The form as the public sees it, from the empty page to the reference."""

from __future__ import annotations

import pytest

from channels.web_form.fields import TEXT_FIELDS
from gateway.core import Core
from tests.channels.keeping import Keeping
from tests.gateway.public.site import PublicSite, words_of

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)  # nothing here asks a database

LARGE = {"files": ("film.mp4", bytes(200_000), "video/mp4")}


async def test_nothing_on_the_form_is_required(core: Core) -> None:
    answer = await PublicSite(core).browser.get("/report")
    assert "required" not in answer.text


async def test_the_form_asks_for_everything_the_channel_reads_and_nothing_else(core: Core) -> None:
    page = await PublicSite(core).get("/report")
    asked = {str(field.attributes["name"]) for field in page.css("main input, main textarea")}
    assert asked == {*TEXT_FIELDS, "files", "token", "website"}


async def test_files_are_asked_for_last_so_that_large_ones_cannot_push_words_out(core: Core) -> None:
    page = await PublicSite(core).get("/report")
    assert page.css("main input, main textarea")[-1].attributes["name"] == "files"


async def test_after_sending_the_page_tells_the_reference_the_code_and_when_it_is_read(core: Core) -> None:
    site = PublicSite(core)
    answer = await site.browser.post("/report", data={"concern": "please check on the kids next door"})
    page = await site.get(answer.headers["location"])
    reference, code = (each.text(strip=True) for each in page.css(".frontdoor-ticket dd"))
    said = words_of(page)
    assert code == core.owing.code(reference)
    assert f"Your reference is {reference}" in said and f"Your code is {code}" in said
    assert "A social worker will read your report by 10:15am on Tuesday 24 November" in said
    assert "You did not give your name. That is fine." in said
    assert "kids" not in said


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"contact_email": "jo@example.org", "safe_email": "yes"}, "contact you by email"),
        ({"contact_phone": "07700 900123", "safe_text": "yes"}, "contact you by text"),
        ({"contact_phone": "07700 900123", "safe_phone": "yes"}, "contact you by phone"),
        ({"contact_address": "2 Example Lane", "safe_post": "yes"}, "contact you by letter"),
    ],
)
async def test_the_page_says_how_we_answer_without_showing_the_address(
    core: Core, typed: dict[str, str], said: str
) -> None:
    site = PublicSite(core)
    answer = await site.browser.post("/report", data={"concern": "words", **typed})
    words = words_of(await site.get(answer.headers["location"]))
    assert said in words
    assert not any(value in words for value in typed.values() if value != "yes")


async def test_an_old_link_says_so_and_shows_no_reference(core: Core) -> None:
    answer = await PublicSite(core).browser.get("/report/received?k=made-up")
    assert answer.status_code == 410
    assert "We still have what you sent" in answer.text


async def test_files_too_large_are_said_beside_the_files_and_every_answer_stays(core: Core) -> None:
    typed = {name: f"my {name} <words>" for name in TEXT_FIELDS}
    answer = await PublicSite(core).browser.post("/report", data=typed, files=LARGE)
    assert answer.status_code == 413
    for name in TEXT_FIELDS:
        assert f"my {name} &lt;words&gt;" in answer.text or name.startswith(("safe_", "same_"))
    for tick in ("safe_email", "safe_text", "safe_phone", "safe_post", "same_home"):
        assert f'name="{tick}" type="checkbox" value="yes" checked' in answer.text
    assert answer.text.count("too large") == 2
    assert 'href="#files"' in answer.text and 'id="files-error"' in answer.text
    assert answer.text.count('<details class="govuk-details" open>') == 2


async def test_typed_words_cannot_change_the_page(core: Core) -> None:
    typed = {"concern": "</textarea><script>1</script>", "name": '"><script>1</script>', "token": '"><script>'}
    answer = await PublicSite(core).browser.post("/report", data=typed, files=LARGE)
    assert "<script>" not in answer.text


async def test_when_nothing_can_be_kept_the_page_says_so_and_whom_to_call(core: Core) -> None:
    keeping = Keeping()
    keeping.failing = True
    answer = await PublicSite(core, accept=keeping).browser.post("/report", data={"concern": "my long words"})
    assert answer.status_code == 503
    assert "We have not received your report yet" in answer.text and "Call us on 01632 960 001" in answer.text
    assert 'href="tel:01632960001"' in answer.text
    assert "my long words" in answer.text
