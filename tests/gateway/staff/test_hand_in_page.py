"""Post handed in by a clerk, with and without script, and the page that shows what came."""

from __future__ import annotations

import json

import httpx
import pytest
from sqlmodel import col, select

from gateway.core import Core
from storage.message import Content, Message
from storage.staff import Role
from tests.builders import read_all
from tests.gateway.api.test_letters import body_of, kept
from tests.gateway.office import Browser, Office, words_of

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
PAGE = "/post/hand-in"
Files = list[tuple[str, tuple[str, bytes]]]


def a_text(number: int) -> bytes:
    return f"Letter {number}: I am worried about the children next door.".encode()


def files_of(*contents: bytes) -> Files:
    return [("files", (f"{number}.txt", content)) for number, content in enumerate(contents, start=1)]


async def hand_in(
    browser: Browser, files: Files, headers: dict[str, str] | None = None, /, **typed: str
) -> httpx.Response:
    """As a browser posts the form: its fields before its files."""
    mark = (await browser.see(PAGE)).css_first("#hand-in input[name=mark]")
    assert mark is not None
    data = {"mark": str(mark.attributes["value"]), "arrived": "today", "are": "batches", **typed}
    return await browser.client.post(PAGE, data=data, files=files, headers=headers)


async def test_each_file_is_kept_and_told_with_its_reference_and_where_its_pages_are(
    core: Core, office: Office
) -> None:
    browser = await office.browser(Role.CALL_TAKER, "casey")
    answer = await hand_in(browser, files_of(a_text(1), a_text(2)), arrived="yesterday")
    rows = kept(core)
    assert answer.status_code == 200 and "Handed in: 2 files" in words_of(answer)
    assert "/static/post.css" in answer.text, "the list is drawn by the style of the post"
    for row, envelope in rows:
        assert row.reference in words_of(answer) and f"/post/scans/{row.id}" in answer.text
        assert envelope["handed_in_by"] == "casey"
        assert row.reference in words_of(await browser.see(f"/post/scans/{row.id}"))
        assert (envelope["arrived"], envelope["arrived_basis"]) == ("2026-11-22", "staff_entered")
    assert [body_of(core, row) for row, _ in rows] == [a_text(1), a_text(2)]


@pytest.mark.parametrize(
    ("typed", "arrived", "split"),
    [
        ({"arrived": "today"}, "2026-11-23", "codes_and_blanks"),
        ({"arrived": "another", "arrived_on": "2026-11-19", "are": "each"}, "2026-11-19", "no"),
        ({"arrived": "unknown"}, None, "codes_and_blanks"),
        ({"arrived": ""}, None, "codes_and_blanks"),
    ],
)
async def test_what_is_said_of_the_files_goes_with_each(
    core: Core, office: Office, typed: dict[str, str], arrived: str | None, split: str
) -> None:
    await hand_in(await office.browser(), files_of(a_text(1)), **typed)
    [(_, envelope)] = kept(core)
    assert (envelope.get("arrived"), envelope["split"]) == (arrived, split)


async def test_photos_of_one_letter_are_one_message_and_one_referral_with_each_photo(
    core: Core, office: Office
) -> None:
    browser = await office.browser()
    answer = await hand_in(browser, files_of(a_text(1), a_text(2), b""), are="together")
    await read_all(core)
    [(row, _)] = kept(core)
    assert "2 of 3 files were kept" not in words_of(answer) and "2 files" in words_of(answer)
    assert "The file is empty" in words_of(answer)
    seen = await office.program().get(f"/api/v1/referrals/{row.reference}")
    assert [part["name"] for part in seen.json()["parts"]] == ["1.txt", "2.txt"]
    assert (seen.json()["channel"], seen.json()["messages"][0]["sha256"]) == ("letter", row.sha256)


async def test_the_same_file_again_leads_to_the_first(core: Core, office: Office) -> None:
    browser = await office.browser()
    await hand_in(browser, files_of(a_text(1)))
    again = words_of(await hand_in(browser, files_of(a_text(1))))
    [(row, _)] = kept(core)
    assert f"Handed in before , as {row.reference}" in again


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"arrived": "another", "arrived_on": "2026-11-24"}, "That day has not come yet"),
        ({"arrived": "another", "arrived_on": ""}, "Give the day it reached the council"),
        ({"arrived": "another", "arrived_on": "2016-11-20"}, "more than 60 days ago"),
    ],
)
async def test_a_day_that_cannot_be_right_is_put_right_before_anything_is_kept(
    core: Core, office: Office, typed: dict[str, str], words: str
) -> None:
    answer = await hand_in(await office.browser(), files_of(a_text(1)), **typed)
    assert answer.status_code == 422 and words in words_of(answer)
    assert kept(core) == []


async def test_nobody_answers_for_the_clerk_when_it_arrived(office: Office) -> None:
    page = await (await office.browser()).see(PAGE)
    assert page.css("input[name=arrived][checked]") == [] and len(page.css("input[name=arrived][required]")) == 4


async def test_a_form_without_a_file_asks_for_one(office: Office) -> None:
    answer = await hand_in(await office.browser(), [("files", ("", b""))])
    assert answer.status_code == 422 and "Choose at least one file" in words_of(answer)


async def test_nothing_is_taken_from_another_site_from_who_may_only_look_or_from_a_stranger(
    core: Core, office: Office
) -> None:
    browser, reader = await office.browser(), await office.browser(Role.READONLY)
    assert (await hand_in(browser, files_of(a_text(1)), mark="forged")).status_code == 403
    assert (await hand_in(browser, files_of(a_text(1)), {"sec-fetch-site": "cross-site"})).status_code == 403
    assert (await reader.client.get(PAGE)).status_code == 403
    assert (await reader.client.post(PAGE, files=files_of(a_text(1)))).status_code == 403
    assert (await office.stranger().post(PAGE, files=files_of(a_text(1)))).status_code == 403
    assert kept(core) == []


async def test_a_script_is_told_of_its_file_alone(core: Core, office: Office) -> None:
    browser, by_script = await office.browser(), {"X-Handed-In-By-Script": "yes"}
    answer = await hand_in(browser, files_of(a_text(1)), by_script)
    [(row, _)] = kept(core)
    assert answer.text.strip().startswith("<li") and row.reference in answer.text and "<main" not in answer.text
    core.settings.scan_largest_mb = 1
    large = await hand_in(browser, files_of(bytes(1_000_001)), by_script)
    assert "too large: 1 MB are the most" in words_of(large)


async def test_the_page_of_the_post_shows_what_came_and_how_and_waits_while_it_is_read(
    core: Core, office: Office
) -> None:
    browser = await office.browser(Role.CALL_TAKER, "casey")
    assert "No post has been scanned yet" in words_of(await browser.see("/post"))
    await hand_in(browser, files_of(a_text(1)))
    await office.program(name="night script").post("/api/v1/letters", content=b"MZ\x90\x00 no letter")
    waiting = await browser.see("/post")
    assert waiting.css_first("#lately[hx-get]") and "Being read" in words_of(waiting)
    await read_all(core)
    page = await browser.see("/post")
    assert page.css_first("#lately[hx-get]") is None
    for row, _ in kept(core):
        assert row.reference in words_of(page) and page.css_first(f'a[href="/post/scans/{row.id}"]')
    assert [each.text() for each in page.css(".staff-file")] == ["scan", "1.txt"]
    for said in ("Handed in by casey", "arrived Mon 23 Nov", "By the program night script", "Could not be read"):
        assert said in words_of(page)
    reader = await (await office.browser(Role.READONLY)).see("/post")
    assert (
        "Handed in by casey" in words_of(reader)
        and reader.css('a[href^="/post/scans/"], a[href="/post/hand-in"]') == []
    )


async def test_letters_of_one_scan_stand_in_one_line(core: Core, office: Office) -> None:
    program, browser = office.program(), await office.browser()
    for number in range(5):
        await program.post("/api/v1/letters", content=a_text(number))
    with core.database.transaction() as session:
        rows = session.exec(select(Message).order_by(col(Message.ledger_no))).all()
        for row in rows:
            row.scan_id, row.read_at = rows[0].id, core.clock()
            session.add(row)
        envelope = session.get_one(Content, rows[0].id).envelope
    assert json.loads(core.seal.open(envelope, f"envelope:{rows[0].id}"))["name"] == "scan"
    page = await browser.see("/post")
    [line] = page.css("#lately tbody tr")
    assert "and 2 more" in words_of(page) and [cell.text() for cell in line.css("td")][2] == "5"
