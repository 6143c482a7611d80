"""Staff sort the pages of a scan with forms alone, and what they sort is never lost."""

from __future__ import annotations

import io

import httpx
import pytest
from PIL import Image
from selectolax.lexbor import LexborHTMLParser
from sqlmodel import select

from gateway.core import Core
from storage import referral
from storage.audit import Audit
from storage.staff import Role
from tests.builders import read_all
from tests.gateway.dividing.sorted_scans import a_scan, lines, referral_of, stands
from tests.gateway.office import Browser, Office, words_of

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


async def press(
    browser: Browser, page: LexborHTMLParser | httpx.Response, scan_id: str, do: str, **typed: str
) -> httpx.Response:
    """A button of the form as the page stands."""
    tree = LexborHTMLParser(page.text) if isinstance(page, httpx.Response) else page
    return await browser.send(tree, f"/post/scans/{scan_id}", do=do, **typed)


def letters(page: LexborHTMLParser | httpx.Response) -> list[list[str]]:
    """The pages of each letter shown, then what is left out."""
    tree = LexborHTMLParser(page.text) if isinstance(page, httpx.Response) else page
    return [
        [str(p.attributes["data-number"]) for p in each.css(".scan-page")] for each in tree.css("form .scan-letter")
    ]


async def test_the_journey_of_a_scan_that_held_two_letters_without_a_script(core: Core) -> None:
    scan_id, office = await a_scan(core, 4), Office(core)
    casey = await office.browser(Role.CALL_TAKER, "casey")
    page = await casey.see(f"/post/scans/{scan_id}")
    reference = referral_of(core, scan_id, 0).reference
    assert letters(page) == [["1", "2", "3", "4"], []] and reference in words_of(page)
    answer = await press(casey, page, scan_id, "begin 3")
    assert letters(answer) == [["1", "2"], ["3", "4"], []]
    assert "Not saved yet" in words_of(answer) and lines(core, scan_id) == "a 1 2 3 4\nout"
    answer = await press(casey, answer, scan_id, "move", move_page="4", move_letter="1", move_place="2")
    answer = await press(casey, answer, scan_id, "right 1")
    answer = await press(casey, answer, scan_id, "out 2")
    assert letters(answer) == [["1", "4"], ["3"], ["2"]]
    saved = await press(casey, answer, scan_id, "save")
    assert saved.status_code == 303
    await read_all(core)
    shown = await casey.see(saved.headers["location"])
    new = referral_of(core, scan_id, 1).reference
    words = words_of(shown)
    assert lines(core, scan_id) == "a 1+90 4\nb 3\nout 2"
    assert f"The pages are saved as they stand here. New: {new}" in words and "Left out by casey" in words
    assert "Sorted by casey" in words
    seen = words_of(await casey.see(f"/referrals/{reference}"))
    assert f"letter 1: pages 2 to 3 of the scan moved, most to {new}" in seen
    assert "As it was before its pages were sorted" in seen


async def test_the_pictures_are_small_for_clerks_large_for_social_workers_and_looks_are_on_record_once(
    core: Core,
) -> None:
    scan_id, office = await a_scan(core, 3), Office(core)
    casey, sam = await office.browser(Role.CALL_TAKER, "casey"), await office.browser(Role.SOCIAL_WORKER, "sam")
    await casey.see(f"/post/scans/{scan_id}")
    sizes = []
    for browser, wide in ((casey, 1000), (sam, 600)):
        for number in (1, 3):
            answer = await browser.client.get(f"/post/scans/{scan_id}/pages/{number}?wide={wide}")
            assert (answer.status_code, answer.headers["cache-control"]) == (200, "no-store")
            sizes.append(Image.open(io.BytesIO(answer.content)).width)
    assert sizes == [220, 220, 600, 600]
    looks = [(who, what) for who, what in office.private_history() if "pages of the scan" in what]
    assert looks == [(name, "Opened the pages of the scan that came as number 1") for name in ("casey", "sam")]
    assert (await casey.client.get(f"/post/scans/{scan_id}/pages/4")).status_code == 404


async def test_a_large_picture_is_on_record_with_the_referral_of_the_letter_it_belongs_to(core: Core) -> None:
    scan_id, office = await a_scan(core, 2), Office(core)
    sam = await office.browser(Role.SOCIAL_WORKER, "sam")
    begun = await press(sam, await sam.see(f"/post/scans/{scan_id}"), scan_id, "begin 2")
    await press(sam, begun, scan_id, "save")
    await read_all(core)
    for _ in range(2):
        assert (await sam.client.get(f"/post/scans/{scan_id}/pages/2?wide=600")).status_code == 200
    with core.database.reading() as session:
        looks = session.exec(select(Audit.what).where(Audit.referral_id == referral_of(core, scan_id, 1).id))
        assert [what for what in looks if "Opened" in what] == ["Opened page 2 of the scan that came as number 1"]


async def test_who_saves_second_is_told_and_keeps_what_they_sorted_in_hand(core: Core) -> None:
    scan_id, office = await a_scan(core, 3), Office(core)
    casey, sam = await office.browser(Role.CALL_TAKER, "casey"), await office.browser(Role.SOCIAL_WORKER, "sam")
    pages = await casey.see(f"/post/scans/{scan_id}"), await sam.see(f"/post/scans/{scan_id}")
    first = await press(casey, await press(casey, pages[0], scan_id, "out 3"), scan_id, "save")
    assert first.status_code == 303
    told = await press(sam, pages[1], scan_id, "right 2")
    assert told.status_code == 409, "told at the first button, before more is done on top of it"
    assert "casey at 10:15am on Monday 23 November" in words_of(told)
    assert letters(told) == [["1", "2", "3"], []] and 'data-turned="90"' in told.text
    late = await press(sam, pages[1], scan_id, "save")
    assert (late.status_code, letters(late)) == (409, [["1", "2", "3"], []])
    assert lines(core, scan_id) == "a 1 2\nout 3"
    assert (await press(sam, told, scan_id, "save")).status_code == 303
    assert lines(core, scan_id) == "a 1 2+90 3\nout"


REFUSED: tuple[tuple[dict[str, str], str], ...] = (
    ({"do": "begin 9"}, "There is no such page"),
    ({"do": "turn"}, "Press one of the buttons"),
    ({"do": "move", "move_page": "9", "move_letter": "1"}, "There is no page 9"),
    ({"do": "move", "move_page": "1", "move_letter": "3"}, "There are 1 letters; 2 is a new one"),
    ({"do": "move", "move_page": "1", "move_letter": ""}, "Say to which letter"),
    ({"do": "save", "arrangement": "new 1"}, "A page is missing or there twice"),
)


async def test_what_cannot_be_is_refused_in_words_and_inspectors_may_not_look(core: Core) -> None:
    scan_id, office = await a_scan(core, 2), Office(core)
    casey = await office.browser(Role.CALL_TAKER)
    page = await casey.see(f"/post/scans/{scan_id}")
    for typed, said in REFUSED:
        answer = await press(casey, page, scan_id, **typed)
        assert answer.status_code == 422 and said in words_of(answer), typed
        assert letters(answer) == [["1", "2"], []]
    assert (await casey.client.get("/post/scans/nothing")).status_code == 404
    looks = await office.browser(Role.READONLY)
    assert (await looks.client.get(f"/post/scans/{scan_id}")).status_code == 403
    assert (await looks.client.get(f"/post/scans/{scan_id}/pages/1")).status_code == 403


async def test_the_day_of_arrival_is_said_for_all_letters_of_a_scan_to_which_each_of_them_leads(core: Core) -> None:
    scan_id = await a_scan(core, 2)
    casey = await Office(core).browser(Role.CALL_TAKER, "casey")
    answer = await press(casey, await casey.see(f"/post/scans/{scan_id}"), scan_id, "begin 2")
    await press(casey, answer, scan_id, "save")
    await read_all(core)
    page, address = await casey.see(f"/post/scans/{scan_id}"), f"/post/scans/{scan_id}/arrived"
    assert (await casey.send(page, address, on="2026-11-24", basis="postmark")).status_code == 422
    assert (await casey.send(page, address, on="2026-11-20", basis="postmark")).status_code == 303
    assert [str(each.arrived_on) for each in stands(core, scan_id).letters] == ["2026-11-20"] * 2
    with core.database.reading() as session:
        due = {row.due_at for row in referral.in_order_of_receipt(session, after=0, limit=9)}
    assert len(due) == 1
    further = stands(core, scan_id).letters[1].id
    answer = await casey.client.get(f"/post/scans/{further}")
    assert (answer.status_code, answer.headers["location"]) == (303, f"/post/scans/{scan_id}")
